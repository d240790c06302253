import {
  to = civo_objectstore.imported
  id = "LON1/demo-store"
}

resource "civo_objectstore" "imported" {
  name        = "demo-store"
  region      = "LON1"
  max_size_gb = 1000
}
