import {
  to = civo_objectstore_credential.imported
  identity = {
    id     = "00000000-0000-4000-8000-000000000001"
    region = "LON1"
  }
}

resource "civo_objectstore_credential" "imported" {
  name   = "demo-credential"
  region = "LON1"
}
