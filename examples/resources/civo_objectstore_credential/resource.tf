resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

output "backups_access_key_id" {
  value = civo_objectstore_credential.backups.access_key_id
}

# `terraform output backups_secret_access_key` prints the value. `terraform output` hides it.
output "backups_secret_access_key" {
  value     = civo_objectstore_credential.backups.secret_access_key
  sensitive = true
}
