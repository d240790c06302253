output "access_key_id" {
  description = "Access key ID, for naming the credential as the owner of an object store."
  value       = civo_objectstore_credential.this.access_key_id
}

output "environment" {
  description = "Environment variables for an S3 client, by name."
  value       = local.environment
  sensitive   = true
}

output "exports" {
  description = "The same variables as lines for a shell."
  value = join("", [
    for name, value in local.environment : "export ${name}='${replace(value, "'", "'\\''")}'\n"
  ])
  sensitive = true
}
