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

moved {
  from = civo_object_store_credential.backups
  to   = civo_objectstore_credential.backups
}

moved {
  from = civo_object_store.backups
  to   = civo_objectstore.backups
}

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

resource "civo_objectstore" "backups" {
  name          = "acme-backups"
  max_size_gb   = 1000 # the current size
  access_key_id = civo_objectstore_credential.backups.access_key_id
}

# In this provider, the secret access key is sensitive.
output "secret_access_key" {
  value     = civo_objectstore_credential.backups.secret_access_key
  sensitive = true
}

# This is the value of bucket_url in civo_object_store.
output "host" {
  value = trimprefix(civo_objectstore.backups.endpoint, "https://")
}
