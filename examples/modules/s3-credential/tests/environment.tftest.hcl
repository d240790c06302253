# `terraform test` creates a credential, checks the outputs and deletes the credential.
variables {
  name = "s3-credential-test"
}

run "outputs" {
  command = apply

  assert {
    condition = output.environment == {
      AWS_ACCESS_KEY_ID                = civo_objectstore_credential.this.access_key_id
      AWS_SECRET_ACCESS_KEY            = civo_objectstore_credential.this.secret_access_key
      AWS_DEFAULT_REGION               = civo_objectstore_credential.this.region
      AWS_REGION                       = civo_objectstore_credential.this.region
      AWS_HOST                         = civo_objectstore_credential.this.endpoint
      AWS_ENDPOINT_URL_S3              = "https://objectstore.${lower(civo_objectstore_credential.this.region)}.civo.com"
      AWS_REQUEST_CHECKSUM_CALCULATION = "when_required"
      AWS_RESPONSE_CHECKSUM_VALIDATION = "when_required"
    }
    error_message = "The environment does not match the credential."
  }

  assert {
    condition = sort(split("\n", trimspace(output.exports))) == sort([
      for name, value in output.environment : "export ${name}='${value}'"
    ])
    error_message = "The output exports does not contain the same variables as the output environment."
  }
}
