output "s3cfg" {
  value     = provider::civo::s3cfg(civo_objectstore_credential.backups)
  sensitive = true
}
