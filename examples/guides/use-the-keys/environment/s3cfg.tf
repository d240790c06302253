output "s3cfg" {
  sensitive = true
  value     = <<-EOT
    [default]
    access_key = ${civo_objectstore_credential.backups.access_key_id}
    secret_key = ${civo_objectstore_credential.backups.secret_access_key}
    bucket_location = ${civo_objectstore_credential.backups.region}
    host_base = ${trimprefix(civo_objectstore_credential.backups.endpoint, "https://")}
    host_bucket = ${trimprefix(civo_objectstore_credential.backups.endpoint, "https://")}
    signature_v2 = True
  EOT
}
