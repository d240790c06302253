import {
  to = civo_objectstore.imported
  identity = {
    id     = "00000000-0000-4000-8000-000000000002"
    region = "LON1"
  }
}

resource "civo_objectstore" "imported" {
  name        = "demo-store"
  region      = "LON1"
  max_size_gb = 1000
}
