data "civo_objectstore" "by_name" {
  name = "demo-store"
}

output "bucket_url" {
  value = data.civo_objectstore.by_name.bucket_url
}

output "used_gb" {
  value = data.civo_objectstore.by_name.used_size_kb / 1000000
}
