# A configuration with a backend and a module.
terraform {
  backend "local" {
    path = "other.tfstate"
  }
}

module "store" {
  source = "./store"
}
