terraform {
  required_version = ">= 1.8"

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

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

resource "civo_objectstore" "backups" {
  name          = "acme-backups" # unique across all Civo customers in a region
  access_key_id = civo_objectstore_credential.backups.access_key_id
}
