resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

# Names are unique across all Civo customers in a region, so use a prefix of your own.
resource "civo_objectstore" "backups" {
  name          = "acme-backups"
  access_key_id = civo_objectstore_credential.backups.access_key_id
}

output "backups_bucket_url" {
  value = civo_objectstore.backups.bucket_url
}
