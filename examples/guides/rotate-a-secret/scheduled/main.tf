terraform {
  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }
}

provider "civo" {
  region = "LON1"
}

resource "time_rotating" "backups" {
  rotation_days = 30
}

resource "civo_objectstore_credential" "backups" {
  name                = "backups"
  rotate_when_changed = { since = time_rotating.backups.id }
}
