# The moved block applies to all instances. The keys must stay the same.
moved {
  from = civo_object_store_credential.team
  to   = civo_objectstore_credential.team
}

resource "civo_objectstore_credential" "team" {
  for_each = toset(["analytics", "billing"])
  name     = each.key
}
