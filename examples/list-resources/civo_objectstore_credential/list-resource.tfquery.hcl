# List the credentials in the provider's region, at most 100 by default.
list "civo_objectstore_credential" "all" {
  provider = civo
}

# List the first ten credentials in another region, with all attributes of the resource.
list "civo_objectstore_credential" "frankfurt" {
  provider         = civo
  include_resource = true
  limit            = 10

  config {
    region = "FRA1"
  }
}
