variable "name" {
  description = "Name of the credential."
  type        = string
  default     = "s3-credential"
}

variable "region" {
  description = "Region of the credential and of the object stores it is for. Null means the provider's region."
  type        = string
  default     = null
}
