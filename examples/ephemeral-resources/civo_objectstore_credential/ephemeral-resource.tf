ephemeral "civo_objectstore_credential" "demo" {
  name = "demo-credential"
}

# The command receives the keys in environment variables. Terraform stores them in neither the plan nor
# the state.
resource "terraform_data" "s3cfg" {
  provisioner "local-exec" {
    command = "umask 077 && printf '[default]\\naccess_key = %s\\nsecret_key = %s\\n' \"$ACCESS_KEY\" \"$SECRET_KEY\" > s3cfg"
    environment = {
      ACCESS_KEY = ephemeral.civo_objectstore_credential.demo.access_key_id
      SECRET_KEY = ephemeral.civo_objectstore_credential.demo.secret_access_key
    }
  }
}
