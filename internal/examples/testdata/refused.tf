# Where Terraform rejects the ephemeral resource, as the guide "Keep secrets out of state" lists.

output "plain" {
  value = local.s3cfg
}

output "hidden" {
  value     = local.s3cfg
  sensitive = true
}

output "ephemeral" {
  value     = local.s3cfg
  ephemeral = true
}

resource "terraform_data" "input" {
  input = local.s3cfg
}

resource "terraform_data" "again" {
  triggers_replace = local.s3cfg
}
