# Terraform stores an ephemeral variable in neither the plan nor the state. Set TF_VAR_secret_access_key for
# both terraform plan and terraform apply.
variable "secret_access_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "civo_objectstore_credential" "media" {
  name                 = "media"
  secret_access_key_wo = var.secret_access_key

  # Terraform cannot detect that a write-only value changed. Change this number to send the secret again.
  secret_access_key_wo_version = 1
}
