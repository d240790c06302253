# `make demo` applies this configuration. It creates a credential, reads it through both data sources and
# outputs the values that an S3 client needs.
terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
    }
  }
}

variable "name" {
  description = "Name of the credential."
  type        = string
  default     = "terraform-demo"
}

resource "civo_objectstore_credential" "demo" {
  name = var.name
}

data "civo_objectstore_credential" "demo" {
  access_key_id = civo_objectstore_credential.demo.access_key_id
}

data "civo_objectstore_credentials" "all" {
  depends_on = [civo_objectstore_credential.demo]
}

output "access_key_id" {
  value = civo_objectstore_credential.demo.access_key_id
}

output "secret_access_key" {
  value     = civo_objectstore_credential.demo.secret_access_key
  sensitive = true
}

output "endpoint" {
  value = civo_objectstore_credential.demo.endpoint
}

output "found_by_access_key_id" {
  value = data.civo_objectstore_credential.demo.name
}

output "in_list" {
  value = contains(data.civo_objectstore_credentials.all.credentials[*].id, civo_objectstore_credential.demo.id)
}
