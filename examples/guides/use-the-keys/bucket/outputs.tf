# The outputs are sensitive: `terraform output` prints them only with -raw or -json.
output "environment" {
  value     = provider::civo::s3_environment(civo_objectstore_credential.backups)
  sensitive = true
}

output "s3cfg" {
  value     = provider::civo::s3cfg(civo_objectstore_credential.backups)
  sensitive = true
}

output "rclone_config" {
  value     = provider::civo::rclone_config(civo_objectstore_credential.backups)
  sensitive = true
}
