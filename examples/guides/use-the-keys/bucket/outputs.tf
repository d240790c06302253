# `terraform output -raw NAME` prints the value of an output. `terraform output` hides the values, because they are
# sensitive.
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
