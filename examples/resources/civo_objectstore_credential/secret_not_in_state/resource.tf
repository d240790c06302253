# The provider generates the secret access key and sends it to Civo. Terraform stores it in neither the plan
# nor the state.
resource "civo_objectstore_credential" "backups" {
  name            = "backups"
  secret_in_state = false
}

# The ephemeral resource reads the secret from Civo when a run needs it. Terraform does not store the result.
ephemeral "civo_objectstore_credential" "backups" {
  id = civo_objectstore_credential.backups.id
}
