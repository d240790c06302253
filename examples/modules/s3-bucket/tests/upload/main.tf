# Upload an object with the keys of the bucket, and read the usage of the bucket. A destroy deletes the object.
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
  # Use triggers_replace instead of input: terraform_data copies input to an output attribute that is not sensitive, so
  # Terraform would print the keys.
  triggers_replace = {
    url         = "s3://${var.bucket}/hello.txt"
    environment = var.environment
  }

  provisioner "local-exec" {
    command     = "echo hello | aws s3 cp - ${self.triggers_replace.url}"
    environment = self.triggers_replace.environment
  }

  provisioner "local-exec" {
    when        = destroy
    command     = "aws s3 rm ${self.triggers_replace.url}"
    environment = self.triggers_replace.environment
  }
}

data "civo_objectstore" "bucket" {
  name       = var.bucket
  depends_on = [terraform_data.object]
}
