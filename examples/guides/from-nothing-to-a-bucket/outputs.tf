output "bucket" {
  value = civo_objectstore.backups.name
}

output "region" {
  value = civo_objectstore.backups.region
}

output "endpoint" {
  value = civo_objectstore.backups.endpoint
}

output "access_key_id" {
  value = civo_objectstore_credential.backups.access_key_id
}

# `terraform output -raw secret_access_key` prints the value. `terraform output` does not.
output "secret_access_key" {
  value     = civo_objectstore_credential.backups.secret_access_key
  sensitive = true
}
