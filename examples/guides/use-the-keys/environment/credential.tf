resource "civo_objectstore_credential" "backups" {
  name = "backups"
}
