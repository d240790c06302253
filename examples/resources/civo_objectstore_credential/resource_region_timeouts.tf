resource "civo_objectstore_credential" "archive" {
  name   = "archive"
  region = "FRA1"

  timeouts {
    create = "5m"
    delete = "30m"
  }
}
