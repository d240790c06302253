# `terraform test` creates a credential, checks the outputs and deletes the credential.
variables {
  name = "s3-credential-test"
}

run "outputs" {
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
