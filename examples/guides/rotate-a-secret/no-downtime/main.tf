variable "generation" {
  description = "Increase this number to replace the credential."
  type        = number
  default     = 1
}

resource "civo_objectstore_credential" "reports" {
  # Names are unique in a region, and both credentials exist at the same time.
  name = "reports-${var.generation}"

  lifecycle {
    create_before_destroy = true
  }
}

# This resource represents a consumer of the keys. Terraform updates it before it deletes the old credential.
resource "terraform_data" "consumer" {
  input = civo_objectstore_credential.reports.access_key_id
}
