mock_provider "civo" {}

variables {
  credential = {
    region            = "LON1"
    access_key_id     = "MOCKACCESSKEY"
    secret_access_key = "mock-secret"
    endpoint          = "https://objectstore.lon1.civo.com"
  }
}

run "plan" {
  command = plan

  assert {
    condition     = strcontains(local.s3cfg, "access_key = MOCKACCESSKEY")
    error_message = "The configuration of s3cmd does not contain the access key ID."
  }
}
