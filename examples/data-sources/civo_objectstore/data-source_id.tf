data "civo_objectstore" "by_id" {
  id     = "00000000-0000-4000-8000-000000000002"
  region = "LON1"
}

output "object_count" {
  value = data.civo_objectstore.by_id.object_count
}
