terraform {
  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

resource "civo_objectstore_credential" "counted" {
  count = 2
  name  = "counted-${count.index}"
}

moved {
  from = civo_object_store_credential.counted
  to   = civo_objectstore_credential.counted
}

resource "civo_objectstore_credential" "first" {
  name = "separated-0"
}

resource "civo_objectstore_credential" "second" {
  name = "separated-1"
}

moved {
  from = civo_object_store_credential.separated["a"]
  to   = civo_objectstore_credential.first
}

moved {
  from = civo_object_store_credential.separated["b"]
  to   = civo_objectstore_credential.second
}
