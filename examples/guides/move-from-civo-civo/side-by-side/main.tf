terraform {
  required_version = ">= 1.8"

  required_providers {
    civo = {
      source = "civo/civo"
    }
    credentials = {
      source = "seed-0e51fd2b/civo"
    }
  }
}

provider "civo" {
  region = "LON1"
}

provider "credentials" {
  region = "LON1"
}

moved {
  from = civo_object_store_credential.backups
  to   = civo_objectstore_credential.backups
}

resource "civo_objectstore_credential" "backups" {
  provider = credentials
  name     = "backups"
}

resource "civo_object_store" "backups" {
  name          = "backups"
  region        = "LON1"
  max_size_gb   = 500
  access_key_id = civo_objectstore_credential.backups.access_key_id
}
