ephemeral "civo_objectstore_credential" "demo" {
  name = "demo-credential"
}

# A command gets the keys in its environment. Neither the plan nor the state has them.
resource "terraform_data" "s3cfg" {
  provisioner "local-exec" {
    command = "umask 077 && printf '[default]\\naccess_key = %s\\nsecret_key = %s\\n' \"$ACCESS_KEY\" \"$SECRET_KEY\" > s3cfg"
    environment = {
      ACCESS_KEY = ephemeral.civo_objectstore_credential.demo.access_key_id
      SECRET_KEY = ephemeral.civo_objectstore_credential.demo.secret_access_key
    }
  }
}
