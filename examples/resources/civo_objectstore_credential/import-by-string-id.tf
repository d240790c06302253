# The credential exists already. Its name is known, and the data source finds the rest.
data "civo_objectstore_credential" "existing" {
  name = "demo-credential"
}

import {
  to = civo_objectstore_credential.imported
  id = "${data.civo_objectstore_credential.existing.region}/${data.civo_objectstore_credential.existing.id}"
}

resource "civo_objectstore_credential" "imported" {
  name = "demo-credential"
}
