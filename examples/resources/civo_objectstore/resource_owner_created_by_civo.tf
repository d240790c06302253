# Without access_key_id, Civo creates a credential that owns the object store.
resource "civo_objectstore" "uploads" {
  name = "acme-uploads"
}

# This data source reads the keys of that credential. Terraform stores the secret access key in the state.
data "civo_objectstore_credential" "uploads" {
  access_key_id = civo_objectstore.uploads.access_key_id
}
