output "access_key_id" {
  description = "Access key ID. An object store refers to its owner by this ID."
  value       = civo_objectstore_credential.this.access_key_id
}

output "environment" {
  description = "Environment variables for an S3 client, as a map from name to value."
  value       = local.environment
  sensitive   = true
}

output "exports" {
  description = "The same variables as export commands for a POSIX shell."
  value       = provider::civo::s3_environment(civo_objectstore_credential.this)
  sensitive   = true
}
