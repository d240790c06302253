terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
    }
  }
}

# Everything may come from the environment instead: CIVO_TOKEN, CIVO_REGION and CIVO_API_URL.
provider "civo" {
  region = "LON1"
}

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}
