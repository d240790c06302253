terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
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
