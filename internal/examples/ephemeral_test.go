// Where Terraform accepts the ephemeral resource, as the guide Keep secrets out of state lists.

package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// ephemeralHead reads the demo credential. The uses refer to the local value.
const ephemeralHead = `
terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
    }
  }
}

ephemeral "civo_objectstore_credential" "demo" {
  name = "demo-credential"
}

locals {
  s3cfg = provider::civo::s3cfg(ephemeral.civo_objectstore_credential.demo)
}
`

// ephemeralChild is a module that passes an ephemeral value through.
const ephemeralChild = `
variable "value" {
  type      = string
  ephemeral = true
}

output "value" {
  value     = var.value
  ephemeral = true
}
`

func TestSecrets_EphemeralUses(t *testing.T) {
	t.Parallel()
	ws := prepared(t).Workspace(t, ephemeralHead+`
resource "terraform_data" "provisioner" {
  provisioner "local-exec" {
    command     = "true"
    environment = { S3CFG = local.s3cfg }
  }
}

resource "terraform_data" "connection" {
  connection {
    host     = "localhost"
    password = local.s3cfg
  }
}

resource "civo_objectstore_credential" "write_only_argument" {
  name                         = "t"
  secret_access_key_wo         = sha256(local.s3cfg)
  secret_access_key_wo_version = 1
}

provider "civo" {
  alias                = "provider"
  objectstore_endpoint = ephemeral.civo_objectstore_credential.demo.endpoint
}

data "civo_objectstore_credentials" "provider" {
  provider = civo.provider
}

ephemeral "civo_objectstore_credential" "ephemeral_resource" {
  access_key_id = ephemeral.civo_objectstore_credential.demo.access_key_id
}

module "child" {
  source = "./child"
  value  = local.s3cfg
}

locals {
  passed = module.child.value
}
`)
	ws.Version(tfversion.Version1_11_0)
	if err := os.Mkdir(filepath.Join(ws.Dir, "child"), 0o700); err != nil {
		t.Fatal(err)
	}
	ws.Write(filepath.Join("child", "main.tf"), ephemeralChild)
	ws.MustRun("get")
	ws.MustRun("plan")
	refused := map[string]string{
		`output "plain"`:                    "value = local.s3cfg",
		`output "hidden"`:                   "value = local.s3cfg\n sensitive = true",
		`output "ephemeral"`:                "value = local.s3cfg\n ephemeral = true",
		`resource "terraform_data" "input"`: "input = local.s3cfg",
		`resource "terraform_data" "again"`: "triggers_replace = local.s3cfg",
	}
	var blocks strings.Builder
	for block, argument := range refused {
		blocks.WriteString(block + " {\n " + argument + "\n}\n")
	}
	ws.Write("refused.tf", blocks.String())
	output, code := ws.Run("plan")
	output = strings.ReplaceAll(output, "│", " ")
	for block := range refused {
		reports := regexp.MustCompile(`(?i)error: .*ephemeral.*\s+(?:with .*\s+)?on refused.tf line \d+(?:, in |:\s+\d+: )` + regexp.QuoteMeta(block))
		if code == 0 || !reports.MatchString(output) {
			t.Errorf("the plan ends with %d, without an error about %s:\n%s", code, block, output)
		}
	}
}
