# The secret access key is generated and sent to Civo. It is in no plan and not in the state.
resource "civo_objectstore_credential" "backups" {
  name            = "backups"
  secret_in_state = false
}

# Reads it from Civo when a run needs it, and leaves nothing behind.
ephemeral "civo_objectstore_credential" "backups" {
  id = civo_objectstore_credential.backups.id
}
