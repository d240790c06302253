mock_provider "civo" {
  override_during = plan

  mock_resource "civo_objectstore_credential" {
    defaults = {
      id                = "00000000-0000-4000-8000-000000000001"
      region            = "LON1"
      access_key_id     = "MOCKACCESSKEY"
      secret_access_key = "mock-secret"
      endpoint          = "https://objectstore.lon1.civo.com"
      status            = "ready"
      suspended         = false
    }
  }

  mock_resource "civo_objectstore" {
    defaults = {
      id                    = "00000000-0000-4000-8000-000000000002"
      region                = "LON1"
      owner_credential_id   = "00000000-0000-4000-8000-000000000001"
      owner_credential_name = "acme-backups"
      max_size_gb           = 500
      force_destroy         = false
      endpoint              = "https://objectstore.lon1.civo.com"
      bucket_url            = "https://objectstore.lon1.civo.com/acme-backups"
      status                = "ready"
    }
  }
}

variables {
  name = "acme-backups"
}

run "plan" {
  command = plan

  assert {
    condition     = civo_objectstore.this.access_key_id == "MOCKACCESSKEY"
    error_message = "The credential does not own the object store."
  }

  assert {
    condition     = strcontains(output.environment, "export AWS_ACCESS_KEY_ID='MOCKACCESSKEY'")
    error_message = "The environment does not contain the access key ID."
  }
}

run "other_region" {
  command = plan

  override_resource {
    target          = civo_objectstore_credential.this
    override_during = plan

    values = {
      region            = "FRA1"
      access_key_id     = "MOCKACCESSKEY"
      secret_access_key = "mock-secret"
      endpoint          = "https://objectstore.fra1.civo.com"
    }
  }

  assert {
    condition     = strcontains(output.environment, "export AWS_REGION='FRA1'")
    error_message = "The environment does not contain the region of the credential."
  }
}

run "apply" {
  assert {
    condition     = output.bucket_url == "https://objectstore.lon1.civo.com/acme-backups"
    error_message = "The output is not the URL of the bucket."
  }
}
