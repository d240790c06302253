locals {
  # Entries of the output not_in_state that belong to this configuration.
  not_in_state = {
    demo-credential = "00000000-0000-4000-8000-000000000001"
  }
}

import {
  for_each = local.not_in_state
  to       = civo_objectstore_credential.team[each.key]
  id       = each.value
}

resource "civo_objectstore_credential" "team" {
  for_each = toset(["demo-credential", "reports"])
  name     = each.key
}
