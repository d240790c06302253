terraform {
  required_version = ">= 1.10"

  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "civo" {
  region = "LON1"
}

# Another configuration manages this credential and its bucket.
ephemeral "civo_objectstore_credential" "backups" {
  name = "backups"
}

provider "aws" {
  access_key = ephemeral.civo_objectstore_credential.backups.access_key_id
  secret_key = ephemeral.civo_objectstore_credential.backups.secret_access_key
  region     = ephemeral.civo_objectstore_credential.backups.region

  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true

  endpoints {
    s3 = ephemeral.civo_objectstore_credential.backups.endpoint
  }
}

resource "aws_s3_object" "readme" {
  bucket  = "acme-backups"
  key     = "README.txt"
  content = "This bucket contains backups."
}
