resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

action "civo_objectstore_credential_rotate" "now" {
  config {
    id = civo_objectstore_credential.backups.id
  }
}
