# `make demo` applies this configuration. It creates a credential and an object store, and outputs the values
# that an S3 client needs.
terraform {
  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

variable "name" {
  description = "Name of the credential and of the object store."
  type        = string
  default     = "terraform-demo"
}

variable "generation" {
  description = "Increase this number to rotate the secret access key."
  type        = number
  default     = 1
}

resource "civo_objectstore_credential" "demo" {
  name                = var.name
  rotate_when_changed = { generation = var.generation }
}

resource "civo_objectstore" "demo" {
  name          = var.name
  access_key_id = civo_objectstore_credential.demo.access_key_id
}

output "bucket_url" {
  value = civo_objectstore.demo.bucket_url
}

output "region" {
  value = civo_objectstore.demo.region
}

output "access_key_id" {
  value = civo_objectstore_credential.demo.access_key_id
}

output "secret_access_key" {
  value     = civo_objectstore_credential.demo.secret_access_key
  sensitive = true
}
