# `terraform test` creates a bucket and its credential, checks them and deletes both.
variables {
  name          = "s3-bucket-test"
  force_destroy = true
}

run "bucket" {
  command = apply

  assert {
    condition     = civo_objectstore.this.access_key_id == output.access_key_id
    error_message = "The credential does not own the bucket."
  }

  assert {
    condition     = civo_objectstore.this.max_size_gb == 500
    error_message = "The bucket does not have the default size."
  }

  assert {
    condition     = output.bucket_url == "${output.endpoint}/s3-bucket-test"
    error_message = "The URL of the bucket does not consist of the endpoint and the name."
  }
}

run "environment" {
  command = apply

  assert {
    condition = output.environment == {
      AWS_ACCESS_KEY_ID     = civo_objectstore_credential.this.access_key_id
      AWS_SECRET_ACCESS_KEY = civo_objectstore_credential.this.secret_access_key
      AWS_DEFAULT_REGION    = civo_objectstore_credential.this.region
      AWS_ENDPOINT_URL_S3   = "https://objectstore.${lower(civo_objectstore_credential.this.region)}.civo.com"
      AWS_HOST              = "https://objectstore.${lower(civo_objectstore_credential.this.region)}.civo.com"
    }
    error_message = "The environment does not match the credential."
  }

  assert {
    condition     = length(regexall("(?m)^export AWS_[A-Z0-9_]+='[^']+'$", output.exports)) == 5
    error_message = "The output exports does not contain one line for each variable."
  }
}

run "resize" {
  command = apply

  variables {
    max_size_gb = 1000
  }

  assert {
    condition     = civo_objectstore.this.max_size_gb == 1000
    error_message = "The bucket does not have the new size."
  }
}
