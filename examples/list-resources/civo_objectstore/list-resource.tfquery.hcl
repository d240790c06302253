# List the object stores in the provider's region, at most 100 by default.
list "civo_objectstore" "all" {
  provider = civo
}

# List the first ten object stores in another region, with all attributes of the resource.
list "civo_objectstore" "frankfurt" {
  provider         = civo
  include_resource = true
  limit            = 10

  config {
    region = "FRA1"
  }
}
