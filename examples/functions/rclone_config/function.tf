resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

output "rclone_config" {
  value     = provider::civo::rclone_config(civo_objectstore_credential.backups)
  sensitive = true
}
