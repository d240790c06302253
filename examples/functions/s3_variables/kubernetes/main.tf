terraform {
  required_version = ">= 1.8"

  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = "~> 2.20"
    }
  }
}

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

resource "kubernetes_secret_v1" "backups" {
  metadata {
    name = "backups"
  }

  data = provider::civo::s3_variables(civo_objectstore_credential.backups)
}
