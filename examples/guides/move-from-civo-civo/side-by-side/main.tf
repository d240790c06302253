terraform {
  required_version = ">= 1.8"

  required_providers {
    civo = {
      source  = "civo/civo"
      version = "~> 1.1"
    }
    objectstore = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

provider "civo" {
  region = "LON1"
}

provider "objectstore" {
  region = "LON1"
}

resource "civo_network" "backups" {
  label = "backups"
}

moved {
  from = civo_object_store_credential.backups
  to   = civo_objectstore_credential.backups
}

moved {
  from = civo_object_store.backups
  to   = civo_objectstore.backups
}

resource "civo_objectstore_credential" "backups" {
  provider = objectstore
  name     = "backups"
}

resource "civo_objectstore" "backups" {
  provider      = objectstore
  name          = "acme-backups"
  max_size_gb   = 1000 # the current size
  access_key_id = civo_objectstore_credential.backups.access_key_id
}
