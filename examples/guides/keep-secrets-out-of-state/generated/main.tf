terraform {
  required_version = ">= 1.10"

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

variable "generation" {
  description = "Increase this number to rotate the secret access key."
  type        = number
  default     = 1
}

resource "civo_objectstore_credential" "backups" {
  name                = "backups"
  secret_in_state     = false
  rotate_when_changed = { generation = var.generation }
}

resource "civo_objectstore" "backups" {
  name          = "acme-backups" # unique across all Civo customers in a region
  access_key_id = civo_objectstore_credential.backups.access_key_id
}

ephemeral "civo_objectstore_credential" "backups" {
  id = civo_objectstore_credential.backups.id
}
