resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

output "environment" {
  value     = provider::civo::s3_variables(civo_objectstore_credential.backups)
  sensitive = true
}
