data "civo_objectstore_credentials" "london" {
  region = "LON1"
}

output "names" {
  value = [for credential in data.civo_objectstore_credentials.london.credentials : credential.name]
}

output "not_usable" {
  value = {
    for credential in data.civo_objectstore_credentials.london.credentials :
    credential.id => credential.name if credential.suspended || credential.status != "ready"
  }
}
