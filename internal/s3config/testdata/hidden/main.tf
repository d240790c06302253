# A command receives a secret that is not in the state from an ephemeral resource.
resource "civo_objectstore_credential" "hidden" {
  name            = "hidden"
  secret_in_state = false
}

ephemeral "civo_objectstore_credential" "hidden" {
  id = civo_objectstore_credential.hidden.id
}

resource "terraform_data" "command" {
  provisioner "local-exec" {
    command     = "env > environment"
    environment = provider::civo::s3_variables(ephemeral.civo_objectstore_credential.hidden)
  }
}
