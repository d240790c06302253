terraform {
  required_version = ">= 1.8"

  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
    github = {
      source  = "integrations/github"
      version = "~> 6.0"
    }
  }
}

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

locals {
  variables = provider::civo::s3_variables(civo_objectstore_credential.backups)
}

resource "github_actions_secret" "backups" {
  for_each = toset(nonsensitive(keys(local.variables)))

  repository      = "acme-backups"
  secret_name     = each.key
  plaintext_value = local.variables[each.key]
}
