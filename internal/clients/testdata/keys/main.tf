# Two credentials, each with a store that has its name, and the configurations of the clients.
terraform {
  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

variable "generation" {
  type = number
}

resource "civo_objectstore_credential" "all" {
  for_each            = toset(["acme-backups", "media"])
  name                = each.key
  rotate_when_changed = { generation = var.generation }
}

resource "civo_objectstore" "all" {
  for_each      = civo_objectstore_credential.all
  name          = each.key
  access_key_id = each.value.access_key_id
}

output "credentials" {
  value = {
    for name, credential in civo_objectstore_credential.all : name => {
      s3_environment = provider::civo::s3_environment(credential)
      s3cfg          = provider::civo::s3cfg(credential)
      rclone_config  = provider::civo::rclone_config(credential)
    }
  }
  sensitive = true
}
