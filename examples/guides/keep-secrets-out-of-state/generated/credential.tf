variable "generation" {
  description = "Increase this number to rotate the secret access key."
  type        = number
  default     = 1
}

resource "civo_objectstore_credential" "backups" {
  name                = "backups"
  secret_in_state     = false
  rotate_when_changed = { generation = var.generation }
}

ephemeral "civo_objectstore_credential" "backups" {
  id = civo_objectstore_credential.backups.id
}
