data "civo_objectstore_credential" "by_access_key_id" {
  access_key_id = "DEMOACCESSKEY0000001"
  region        = "LON1"
}

output "name" {
  value = data.civo_objectstore_credential.by_access_key_id.name
}
