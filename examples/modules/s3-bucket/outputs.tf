output "bucket" {
  description = "Name of the bucket."
  value       = civo_objectstore.this.name
}

output "bucket_url" {
  description = "URL of the bucket."
  value       = civo_objectstore.this.bucket_url
}

output "endpoint" {
  description = "URL of the region's S3 API."
  value       = civo_objectstore.this.endpoint
}

output "access_key_id" {
  description = "Access key ID of the credential that owns the bucket."
  value       = civo_objectstore_credential.this.access_key_id
}

output "secret_access_key" {
  description = "Secret access key of the credential that owns the bucket."
  value       = civo_objectstore_credential.this.secret_access_key
  sensitive   = true
}

output "environment" {
  description = "Environment variables for an S3 client, as a map from name to value."
  value       = provider::civo::s3_variables(civo_objectstore_credential.this)
  sensitive   = true
}

output "exports" {
  description = "The same variables as export commands for a POSIX shell."
  value       = provider::civo::s3_environment(civo_objectstore_credential.this)
  sensitive   = true
}
