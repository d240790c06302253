ephemeral "civo_objectstore_credential" "demo" {
  name = "demo-credential"
}

# The command receives the keys in an environment variable. Terraform stores them in neither the plan nor
# the state.
resource "terraform_data" "s3cfg" {
  provisioner "local-exec" {
    command = "umask 077 && printf '%s' \"$S3CFG\" > s3cfg"
    environment = {
      S3CFG = provider::civo::s3cfg(ephemeral.civo_objectstore_credential.demo)
    }
  }
}
