# `terraform test` creates a bucket, uploads an object with the keys of the module, and deletes everything. The test runs
# the AWS CLI.
variables {
  name          = "s3-bucket-test-upload"
  force_destroy = true
}

run "bucket" {
  command = apply
}

run "upload" {
  module {
    source = "./tests/upload"
  }

  variables {
    bucket      = run.bucket.bucket
    environment = run.bucket.environment
  }

  assert {
    condition     = data.civo_objectstore.bucket.object_count == 1
    error_message = "The bucket does not contain the object."
  }
}
