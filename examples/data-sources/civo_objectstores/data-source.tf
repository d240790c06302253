data "civo_objectstores" "london" {
  region = "LON1"
}

output "names" {
  value = [for store in data.civo_objectstores.london.objectstores : store.name]
}

output "total_size_gb" {
  value = sum(concat([0], [for store in data.civo_objectstores.london.objectstores : store.max_size_gb]))
}
