terraform {
  required_version = ">= 1.11"

  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

provider "civo" {
  region = "LON1"
}

# Terraform stores an ephemeral variable in neither the plan nor the state. Set TF_VAR_secret_access_key for
# both `terraform plan` and `terraform apply`.
variable "secret_access_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "secret_version" {
  description = "Increase this number when you change the secret access key."
  type        = number
  default     = 1
}

resource "civo_objectstore_credential" "media" {
  name                 = "media"
  secret_access_key_wo = var.secret_access_key

  # Terraform cannot detect that a write-only value changed. A new version sends the secret again.
  secret_access_key_wo_version = var.secret_version
}

resource "civo_objectstore" "media" {
  name          = "acme-media" # unique across all Civo customers in a region
  access_key_id = civo_objectstore_credential.media.access_key_id
}
