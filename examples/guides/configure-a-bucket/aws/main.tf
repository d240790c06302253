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
ephemeral "civo_objectstore_credential" "website" {
  name = "website"
}

provider "aws" {
  access_key = ephemeral.civo_objectstore_credential.website.access_key_id
  secret_key = ephemeral.civo_objectstore_credential.website.secret_access_key
  region     = ephemeral.civo_objectstore_credential.website.region

  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true

  endpoints {
    s3 = ephemeral.civo_objectstore_credential.website.endpoint
  }
}

resource "aws_s3_bucket_cors_configuration" "website" {
  bucket = "acme-website"

  cors_rule {
    allowed_origins = ["https://www.example.com"]
    allowed_methods = ["GET", "HEAD"]
    allowed_headers = ["*"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "website" {
  bucket = "acme-website"

  rule {
    id     = "temporary-files"
    status = "Enabled"

    filter {
      prefix = "tmp/"
    }

    expiration {
      days = 7
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_versioning" "website" {
  bucket = "acme-website"

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_object" "index" {
  bucket       = "acme-website"
  key          = "index.html"
  content      = "<h1>Hello</h1>"
  content_type = "text/html"
  acl          = "public-read"
}
