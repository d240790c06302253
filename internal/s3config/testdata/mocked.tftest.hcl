# The functions accept what a mock provider generates.
mock_provider "civo" {}

run "mocked" {
  assert {
    condition     = nonsensitive(strcontains(output.results.resource.s3cfg, "host_base = ${civo_objectstore_credential.backups.endpoint}"))
    error_message = "A result does not contain the endpoint."
  }
}
