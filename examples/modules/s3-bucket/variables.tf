variable "name" {
  description = "Name of the bucket. Names are unique across all Civo customers in a region."
  type        = string
}

variable "credential_name" {
  description = "Name of the credential. Default: the name of the bucket."
  type        = string
  default     = null
}

variable "region" {
  description = "Region of the bucket and its credential. Default: the provider's region."
  type        = string
  default     = null
}

variable "max_size_gb" {
  description = "Maximum size of the bucket in GB, a multiple of 500."
  type        = number
  default     = 500
}

variable "force_destroy" {
  description = "Whether Terraform can delete the bucket while it contains objects."
  type        = bool
  default     = false
}
