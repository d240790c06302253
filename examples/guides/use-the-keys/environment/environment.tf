output "environment" {
  sensitive = true
  value     = <<-EOT
    export AWS_ACCESS_KEY_ID=${civo_objectstore_credential.backups.access_key_id}
    export AWS_SECRET_ACCESS_KEY=${civo_objectstore_credential.backups.secret_access_key}
    export AWS_DEFAULT_REGION=${civo_objectstore_credential.backups.region}
    export AWS_HOST=${civo_objectstore_credential.backups.endpoint}
  EOT
}
