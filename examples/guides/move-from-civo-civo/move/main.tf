moved {
  from = civo_object_store_credential.backups
  to   = civo_objectstore_credential.backups
}

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}
