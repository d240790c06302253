resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

action "civo_objectstore_credential_rotate" "backups" {
  config {
    id     = civo_objectstore_credential.backups.id
    region = civo_objectstore_credential.backups.region
  }
}
