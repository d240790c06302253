output "environment" {
  value     = provider::civo::s3_environment(civo_objectstore_credential.website)
  sensitive = true
}
