locals {
  # The resource has no value for secret_access_key. This object contains the secret from the variable instead,
  # so the object is ephemeral.
  media = merge(civo_objectstore_credential.media, { secret_access_key = var.secret_access_key })
}

resource "terraform_data" "rclone_config" {
  triggers_replace = [civo_objectstore_credential.media.access_key_id, var.secret_version]

  provisioner "local-exec" {
    command = "umask 077 && printf '%s' \"$CONTENT\" > rclone.conf"
    environment = {
      CONTENT = provider::civo::rclone_config(local.media)
    }
  }
}
