resource "civo_objectstore_credential" "this" {
  name   = coalesce(var.credential_name, var.name)
  region = var.region
}

resource "civo_objectstore" "this" {
  name          = var.name
  region        = civo_objectstore_credential.this.region
  access_key_id = civo_objectstore_credential.this.access_key_id
  max_size_gb   = var.max_size_gb
  force_destroy = var.force_destroy
}
