resource "civo_objectstore_credential" "this" {
  name   = coalesce(var.credential_name, var.name)
  region = var.region
}

resource "civo_objectstore" "this" {
  name          = var.name
  region        = civo_objectstore_credential.this.region
  access_key_id = civo_objectstore_credential.this.access_key_id
  max_size_gb   = var.max_size_gb
  force_destroy = var.force_destroy
}

locals {
  environment = {
    AWS_ACCESS_KEY_ID                = civo_objectstore_credential.this.access_key_id
    AWS_SECRET_ACCESS_KEY            = civo_objectstore_credential.this.secret_access_key
    AWS_DEFAULT_REGION               = civo_objectstore_credential.this.region
    AWS_REGION                       = civo_objectstore_credential.this.region
    AWS_HOST                         = civo_objectstore_credential.this.endpoint
    AWS_ENDPOINT_URL_S3              = civo_objectstore_credential.this.endpoint
    AWS_REQUEST_CHECKSUM_CALCULATION = "when_required"
    AWS_RESPONSE_CHECKSUM_VALIDATION = "when_required"
  }
}
