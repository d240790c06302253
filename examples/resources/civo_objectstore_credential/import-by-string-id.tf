import {
  to = civo_objectstore_credential.imported
  id = "LON1/demo-credential"
}

resource "civo_objectstore_credential" "imported" {
  name   = "demo-credential"
  region = "LON1"
}
