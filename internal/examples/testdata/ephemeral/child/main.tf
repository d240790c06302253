variable "value" {
  type      = string
  ephemeral = true
}

output "value" {
  value     = var.value
  ephemeral = true
}
