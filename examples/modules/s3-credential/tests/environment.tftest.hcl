# terraform test makes a credential, looks at the outputs and deletes the credential again.
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
    error_message = "The environment is not that of the credential."
  }

  assert {
    condition     = length(regexall("(?m)^export AWS_[A-Z0-9_]+='[^']+'$", output.exports)) == 5
    error_message = "There is not one export line for each variable."
  }
}
