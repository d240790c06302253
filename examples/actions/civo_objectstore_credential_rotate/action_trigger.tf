variable "incident" {
  description = "Change this value after an incident to rotate the secret."
  type        = string
  default     = "none"
}

resource "terraform_data" "incident" {
  input = var.incident

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.civo_objectstore_credential_rotate.backups]
    }
  }
}
