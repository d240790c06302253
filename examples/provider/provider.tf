terraform {
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

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

resource "civo_objectstore" "backups" {
  name          = "acme-backups"
  access_key_id = civo_objectstore_credential.backups.access_key_id
}
