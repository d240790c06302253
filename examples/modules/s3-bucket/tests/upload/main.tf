# Upload an object with the keys of the bucket, and read the usage of the bucket.
terraform {
  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = "~> 0.1"
    }
  }
}

variable "bucket" {
  type = string
}

variable "environment" {
  type      = map(string)
  sensitive = true
}

resource "terraform_data" "object" {
  provisioner "local-exec" {
    command     = "echo hello | aws s3 cp - s3://${var.bucket}/hello.txt"
    environment = var.environment
  }
}

data "civo_objectstore" "bucket" {
  name       = var.bucket
  depends_on = [terraform_data.object]
}
