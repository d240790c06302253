# Where Terraform accepts the ephemeral resource, as the guide "Keep secrets out of state" lists.

terraform {
  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

ephemeral "civo_objectstore_credential" "demo" {
  name = "demo-credential"
}

locals {
  s3cfg = provider::civo::s3cfg(ephemeral.civo_objectstore_credential.demo)
}

resource "terraform_data" "provisioner" {
  provisioner "local-exec" {
    command     = "true"
    environment = { S3CFG = local.s3cfg }
  }
}

resource "terraform_data" "connection" {
  connection {
    host     = "localhost"
    password = local.s3cfg
  }
}

resource "civo_objectstore_credential" "write_only_argument" {
  name                         = "t"
  secret_access_key_wo         = sha256(local.s3cfg)
  secret_access_key_wo_version = 1
}

provider "civo" {
  alias                = "provider"
  objectstore_endpoint = ephemeral.civo_objectstore_credential.demo.endpoint
}

data "civo_objectstore_credentials" "provider" {
  provider = civo.provider
}

ephemeral "civo_objectstore_credential" "ephemeral_resource" {
  access_key_id = ephemeral.civo_objectstore_credential.demo.access_key_id
}

module "child" {
  source = "./child"
  value  = local.s3cfg
}

locals {
  passed = module.child.value
}
