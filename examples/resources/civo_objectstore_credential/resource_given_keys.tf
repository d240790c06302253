# Set this variable outside the configuration, for example with TF_VAR_media_secret_access_key. If it is
# null, the provider generates the secret access key.
variable "media_secret_access_key" {
  type      = string
  default   = null
  sensitive = true
}

resource "civo_objectstore_credential" "media" {
  name              = "media"
  access_key_id     = "media-access-key"
  secret_access_key = var.media_secret_access_key
}
