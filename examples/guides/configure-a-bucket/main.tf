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

resource "civo_objectstore_credential" "website" {
  name = "website"
}

resource "civo_objectstore" "website" {
  name          = "acme-website" # unique across all Civo customers in a region
  access_key_id = civo_objectstore_credential.website.access_key_id
}
