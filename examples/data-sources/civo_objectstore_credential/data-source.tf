data "civo_objectstore_credential" "by_name" {
  name = "demo-credential"
}

output "endpoint" {
  value = data.civo_objectstore_credential.by_name.endpoint
}

output "secret_access_key" {
  value     = data.civo_objectstore_credential.by_name.secret_access_key
  sensitive = true
}
