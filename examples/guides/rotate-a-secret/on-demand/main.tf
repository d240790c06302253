terraform {
  required_version = ">= 1.14"

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

resource "civo_objectstore_credential" "reports" {
  name = "reports"
}

action "civo_objectstore_credential_rotate" "now" {
  config {
    id = civo_objectstore_credential.reports.id
  }
}

# This resource represents a consumer of the keys. Use triggers_replace instead of input: terraform_data copies input to
# an output attribute that is not sensitive, so plans would print the secret.
resource "terraform_data" "consumer" {
  triggers_replace = civo_objectstore_credential.reports.secret_access_key
}
