# The moved block applies to all instances. The indexes must stay the same.
moved {
  from = civo_object_store_credential.worker
  to   = civo_objectstore_credential.worker
}

resource "civo_objectstore_credential" "worker" {
  count = 2
  name  = "worker-${count.index}"
}
