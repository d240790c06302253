# `terraform output -raw environment` prints the value. `terraform output` does not.
output "environment" {
  value     = provider::civo::s3_environment(civo_objectstore_credential.backups)
  sensitive = true
}
