# `terraform test` creates a bucket and its credential, checks them, and deletes both.
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
    condition = output.environment == tomap({
      AWS_ACCESS_KEY_ID                = civo_objectstore_credential.this.access_key_id
      AWS_SECRET_ACCESS_KEY            = civo_objectstore_credential.this.secret_access_key
      AWS_DEFAULT_REGION               = civo_objectstore_credential.this.region
      AWS_REGION                       = civo_objectstore_credential.this.region
      AWS_HOST                         = output.endpoint
      AWS_ENDPOINT_URL_S3              = output.endpoint
      AWS_REQUEST_CHECKSUM_CALCULATION = "when_required"
      AWS_RESPONSE_CHECKSUM_VALIDATION = "when_required"
    })
    error_message = "The environment does not match the credential."
  }

  assert {
    condition = sort(split("\n", trimspace(output.exports))) == sort([
      for name, value in output.environment : "export ${name}='${value}'"
    ])
    error_message = "The output exports does not contain the same variables as the output environment."
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
