# The functions accept the resource and the data source, before their attributes are known. A resource is created for each variable,
# whose names are known.
terraform {
  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

data "civo_objectstore_credential" "backups" {
  id = civo_objectstore_credential.backups.id
}

locals {
  results = {
    for name, credential in {
      resource = civo_objectstore_credential.backups, data_source = data.civo_objectstore_credential.backups
      } : name => {
      s3_environment = provider::civo::s3_environment(credential)
      s3_variables   = provider::civo::s3_variables(credential)
      s3cfg          = provider::civo::s3cfg(credential)
      rclone_config  = provider::civo::rclone_config(credential)
    }
  }
}

resource "terraform_data" "secret" {
  for_each = toset(nonsensitive(keys(local.results.resource.s3_variables)))
  input    = local.results.resource.s3_variables[each.key]
}

output "secret" {
  value = nonsensitive(
    local.results.resource == local.results.data_source ? terraform_data.secret["AWS_SECRET_ACCESS_KEY"].output : "the results differ"
  )
}

output "results" {
  value     = local.results
  sensitive = true
}
