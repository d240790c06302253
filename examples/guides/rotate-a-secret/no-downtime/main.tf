variable "generation" {
  description = "Another number makes another credential."
  type        = number
  default     = 1
}

resource "civo_objectstore_credential" "reports" {
  # A name is unique in its region, and for a while there are two of them.
  name = "reports-${var.generation}"

  lifecycle {
    create_before_destroy = true
  }
}

# Stands for what uses the keys. It gets the new ones before the old credential is deleted.
resource "terraform_data" "user" {
  input = civo_objectstore_credential.reports.access_key_id
}
