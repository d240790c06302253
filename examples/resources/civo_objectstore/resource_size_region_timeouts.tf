resource "civo_objectstore_credential" "archive" {
  name   = "archive"
  region = "FRA1"
}

resource "civo_objectstore" "archive" {
  name          = "acme-archive"
  region        = "FRA1"
  access_key_id = civo_objectstore_credential.archive.access_key_id
  max_size_gb   = 2000

  timeouts {
    create = "10m"
    delete = "1h"
  }
}
