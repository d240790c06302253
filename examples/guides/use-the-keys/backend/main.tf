terraform {
  required_version = ">= 1.10"

  backend "s3" {
    bucket       = "acme-backups"
    key          = "network/terraform.tfstate"
    region       = "LON1"
    use_lockfile = true

    use_path_style = true

    # Disable features that are specific to Amazon S3.
    skip_credentials_validation = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
  }
}

# Replace this resource with your own resources.
resource "terraform_data" "network" {
  input = "10.0.0.0/16"
}
