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

module "bucket" {
  source = "./bucket"
  name   = "acme-backups"
}

ephemeral "civo_objectstore_credential" "backups" {
  id = module.bucket.credential_id
}

module "client" {
  source     = "./client"
  credential = ephemeral.civo_objectstore_credential.backups
}
