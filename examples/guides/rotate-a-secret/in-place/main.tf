variable "month" {
  description = "Change this value to rotate the secret access key."
  type        = string
  default     = "2026-11"
}

resource "civo_objectstore_credential" "backups" {
  name                = "backups"
  rotate_when_changed = { month = var.month }
}
