terraform {
  required_version = ">= 1.8"

  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

# The provider reads the token from the environment variable CIVO_TOKEN.
provider "civo" {
  region = "LON1"
}

variable "bucket" {
  description = "Name of the bucket. Names are unique across all Civo customers in a region."
  type        = string
  default     = "acme-backups"
}

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

resource "civo_objectstore" "backups" {
  name          = var.bucket
  access_key_id = civo_objectstore_credential.backups.access_key_id
}
