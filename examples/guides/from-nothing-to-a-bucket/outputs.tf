# `terraform output -raw environment` prints the value. `terraform output` hides it.
output "environment" {
  value     = provider::civo::s3_environment(civo_objectstore_credential.backups)
  sensitive = true
}
