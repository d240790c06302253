terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
    }
    time = {
      source = "hashicorp/time"
    }
  }
}

resource "time_rotating" "backups" {
  rotation_days = 30
}

resource "civo_objectstore_credential" "backups" {
  name                = "backups"
  rotate_when_changed = { since = time_rotating.backups.id }
}
