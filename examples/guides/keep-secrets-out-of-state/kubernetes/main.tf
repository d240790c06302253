terraform {
  required_version = ">= 1.11"

  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = ">= 2.36"
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

resource "kubernetes_secret_v1" "backups" {
  metadata {
    name = "backups"
  }

  # A change to var.generation also changes the revision, so Terraform sends the new keys to Kubernetes.
  data_wo          = provider::civo::s3_variables(ephemeral.civo_objectstore_credential.backups)
  data_wo_revision = var.generation
}
