# Set this variable outside the configuration, for example with TF_VAR_secret_access_key.
variable "secret_access_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "civo_objectstore_credential" "media" {
  name                         = "media"
  secret_access_key_wo         = var.secret_access_key
  secret_access_key_wo_version = 1
}
