# Terraform replaces this resource, and writes the file again, when the access key ID or the generation changes.
resource "terraform_data" "s3cfg" {
  triggers_replace = [civo_objectstore_credential.backups.access_key_id, var.generation]

  provisioner "local-exec" {
    command = "umask 077 && printf '%s' \"$S3CFG\" > s3cfg"
    environment = {
      S3CFG = provider::civo::s3cfg(ephemeral.civo_objectstore_credential.backups)
    }
  }
}
