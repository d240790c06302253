terraform {
  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

variable "token" {
  type      = string
  ephemeral = true
}

resource "civo_objectstore_credential" "source" {
  name            = "source"
  secret_in_state = false
}

ephemeral "civo_objectstore_credential" "source" {
  id = civo_objectstore_credential.source.id
}

resource "civo_objectstore_credential" "copy" {
  name                         = "copy"
  secret_access_key_wo         = ephemeral.civo_objectstore_credential.source.secret_access_key
  secret_access_key_wo_version = 1
}

resource "civo_objectstore_credential" "holder" {
  name                         = "holder-of-the-token"
  secret_access_key_wo         = var.token
  secret_access_key_wo_version = 1
}

ephemeral "civo_objectstore_credential" "holder" {
  id = civo_objectstore_credential.holder.id
}

provider "civo" {
  alias  = "fed"
  token  = ephemeral.civo_objectstore_credential.holder.secret_access_key
  region = "FRA1"
}

resource "civo_objectstore_credential" "fed" {
  provider        = civo.fed
  name            = "fed"
  secret_in_state = false
}
