terraform {
  required_version = ">= 1.11"

  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

variable "credential" {
  type = object({
    region            = string
    access_key_id     = string
    secret_access_key = string
    endpoint          = string
  })
  ephemeral = true
}

locals {
  s3cfg = provider::civo::s3cfg(var.credential)
}

resource "terraform_data" "s3cfg" {
  provisioner "local-exec" {
    command     = "umask 077 && printf %s \"$S3CFG\" > s3cfg"
    environment = { S3CFG = local.s3cfg }
  }
}
