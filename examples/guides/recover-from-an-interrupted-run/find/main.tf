variable "managed" {
  description = "IDs of the credentials in the state."
  type        = set(string)
  default     = []
}

data "civo_objectstore_credentials" "all" {}

output "not_in_state" {
  description = "IDs of the credentials that exist at Civo but not in the state, by name."
  value = {
    for credential in data.civo_objectstore_credentials.all.credentials :
    credential.name => credential.id if !contains(var.managed, credential.id)
  }
}
