# An ephemeral variable is in neither plan nor state. Set TF_VAR_secret_access_key for plan and for apply.
variable "secret_access_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "civo_objectstore_credential" "media" {
  name                 = "media"
  secret_access_key_wo = var.secret_access_key

  # Terraform cannot see that the secret changed. Another number here sends it again.
  secret_access_key_wo_version = 1
}
