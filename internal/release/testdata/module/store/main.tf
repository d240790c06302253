terraform {
  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

resource "civo_objectstore_credential" "this" {
  name = "installed"
}
