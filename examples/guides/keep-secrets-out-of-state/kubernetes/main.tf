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
  data_wo = {
    AWS_ACCESS_KEY_ID     = ephemeral.civo_objectstore_credential.backups.access_key_id
    AWS_SECRET_ACCESS_KEY = ephemeral.civo_objectstore_credential.backups.secret_access_key
    AWS_REGION            = ephemeral.civo_objectstore_credential.backups.region
    AWS_ENDPOINT_URL_S3   = ephemeral.civo_objectstore_credential.backups.endpoint

    # Disable checksums that Ceph rejects. Civo's object stores probably run Ceph.
    AWS_REQUEST_CHECKSUM_CALCULATION = "when_required"
    AWS_RESPONSE_CHECKSUM_VALIDATION = "when_required"
  }
  data_wo_revision = var.generation
}
