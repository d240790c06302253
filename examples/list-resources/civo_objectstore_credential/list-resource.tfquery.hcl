# All credentials of the provider's region.
list "civo_objectstore_credential" "all" {
  provider = civo
}

# The first ten of another region, with all that the resource would have.
list "civo_objectstore_credential" "frankfurt" {
  provider         = civo
  include_resource = true
  limit            = 10

  config {
    region = "FRA1"
  }
}
