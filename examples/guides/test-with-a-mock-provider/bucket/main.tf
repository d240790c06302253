terraform {
  required_version = ">= 1.11"

  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

variable "name" {
  type = string
}

resource "civo_objectstore_credential" "this" {
  name = var.name
}

resource "civo_objectstore" "this" {
  name          = var.name
  access_key_id = civo_objectstore_credential.this.access_key_id
}

output "credential_id" {
  value = civo_objectstore_credential.this.id
}

output "bucket_url" {
  value = civo_objectstore.this.bucket_url
}

output "environment" {
  value     = provider::civo::s3_environment(civo_objectstore_credential.this)
  sensitive = true
}
