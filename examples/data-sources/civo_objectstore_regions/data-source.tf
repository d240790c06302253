data "civo_objectstore_regions" "all" {}

# Create a credential in each region with object storage.
resource "civo_objectstore_credential" "backups" {
  for_each = toset(data.civo_objectstore_regions.all.regions)

  name   = "backups"
  region = each.key
}

output "default_region" {
  value = data.civo_objectstore_regions.all.default_region
}
