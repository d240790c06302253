variable "name" {
  description = "Name of the credential."
  type        = string
  default     = "s3-credential"
}

variable "region" {
  description = "Region of the credential and its object stores. Default: the provider's region."
  type        = string
  default     = null
}
