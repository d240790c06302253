# `terraform destroy` deletes this object store together with all of its objects.
resource "civo_objectstore" "scratch" {
  name          = "acme-scratch"
  access_key_id = civo_objectstore_credential.backups.access_key_id
  force_destroy = true
}
