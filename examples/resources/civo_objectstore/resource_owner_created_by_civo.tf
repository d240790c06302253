# Without access_key_id, Civo creates a credential that owns the object store.
resource "civo_objectstore" "uploads" {
  name = "acme-uploads"
}

# Reads the keys of that credential. The state contains the secret access key.
data "civo_objectstore_credential" "uploads" {
  access_key_id = civo_objectstore.uploads.access_key_id
}
