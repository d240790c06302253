terraform {
  required_version = ">= 1.4"

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

variable "month" {
  description = "Change this value to rotate the secret access key."
  type        = string
  default     = "2026-11"
}

resource "civo_objectstore_credential" "backups" {
  name                = "backups"
  rotate_when_changed = { month = var.month }
}

resource "civo_objectstore" "backups" {
  name          = "acme-backups" # unique across all Civo customers in a region
  access_key_id = civo_objectstore_credential.backups.access_key_id
}

# This resource represents a consumer of the keys. Terraform replaces this resource immediately after each rotation. Use
# triggers_replace instead of input: terraform_data copies input to an output attribute that is not sensitive, so plans
# would print the secret.
resource "terraform_data" "consumer" {
  triggers_replace = civo_objectstore_credential.backups.secret_access_key
}
