# Comes from outside: TF_VAR_media_secret_access_key in the environment, for example. While it is
# null, a secret access key is generated.
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
