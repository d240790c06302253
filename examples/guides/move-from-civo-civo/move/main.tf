moved {
  from = civo_object_store_credential.backups
  to   = civo_objectstore_credential.backups
}

moved {
  from = civo_object_store.backups
  to   = civo_objectstore.backups
}

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

resource "civo_objectstore" "backups" {
  name          = "acme-backups"
  max_size_gb   = 1000
  access_key_id = civo_objectstore_credential.backups.access_key_id
}

# This is the value of bucket_url in civo_object_store.
output "host" {
  value = trimprefix(civo_objectstore.backups.endpoint, "https://")
}
