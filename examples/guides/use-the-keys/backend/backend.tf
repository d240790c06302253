terraform {
  required_version = ">= 1.7"

  backend "s3" {
    bucket = "terraform-state"
    key    = "network/terraform.tfstate"
    region = "LON1"

    endpoints = {
      s3 = "https://objectstore.lon1.civo.com"
    }
    use_path_style = true

    # Disable features that are specific to Amazon S3.
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
  }
}
