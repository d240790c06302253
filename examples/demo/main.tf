# `make demo` applies this configuration. It creates a credential and an object store, reads both through
# data sources and outputs the values that an S3 client needs.
terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
    }
  }
}

variable "name" {
  description = "Name of the credential and of the object store."
  type        = string
  default     = "terraform-demo"
}

resource "civo_objectstore_credential" "demo" {
  name = var.name
}

resource "civo_objectstore" "demo" {
  name          = var.name
  access_key_id = civo_objectstore_credential.demo.access_key_id
}

data "civo_objectstore_credential" "demo" {
  access_key_id = civo_objectstore.demo.access_key_id
}

data "civo_objectstore" "demo" {
  id = civo_objectstore.demo.id
}

output "bucket_url" {
  value = civo_objectstore.demo.bucket_url
}

output "access_key_id" {
  value = civo_objectstore_credential.demo.access_key_id
}

output "secret_access_key" {
  value     = civo_objectstore_credential.demo.secret_access_key
  sensitive = true
}

output "owner" {
  value = data.civo_objectstore_credential.demo.name
}

output "object_count" {
  value = data.civo_objectstore.demo.object_count
}
