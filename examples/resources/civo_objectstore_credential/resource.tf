resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

output "backups_access_key_id" {
  value = civo_objectstore_credential.backups.access_key_id
}

# Terraform asks for sensitive = true here, and prints the value only when it is asked for by name.
output "backups_secret_access_key" {
  value     = civo_objectstore_credential.backups.secret_access_key
  sensitive = true
}
