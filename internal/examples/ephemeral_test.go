// Where Terraform accepts the ephemeral resource, as the guide Keep secrets out of state lists.

package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
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
	for name, row := range map[string]struct {
		use     string
		refused bool
	}{
		"provisioner": {use: `resource "terraform_data" "t" {
			provisioner "local-exec" {
				command     = "true"
				environment = { S3CFG = local.s3cfg }
			}
		}`},
		"connection": {use: `resource "terraform_data" "t" {
			connection {
				host     = "localhost"
				password = local.s3cfg
			}
		}`},
		"write-only argument": {use: `resource "civo_objectstore_credential" "t" {
			name                         = "t"
			secret_access_key_wo         = sha256(local.s3cfg)
			secret_access_key_wo_version = 1
		}`},
		"provider": {use: `provider "civo" {
			alias                = "t"
			objectstore_endpoint = ephemeral.civo_objectstore_credential.demo.endpoint
		}
		data "civo_objectstore_credentials" "t" {
			provider = civo.t
		}`},
		"ephemeral resource": {use: `ephemeral "civo_objectstore_credential" "t" {
			access_key_id = ephemeral.civo_objectstore_credential.demo.access_key_id
		}`},
		"child module": {use: `module "t" {
			source = "./child"
			value  = local.s3cfg
		}
		locals {
			passed = module.t.value
		}`},
		"output":           {`output "t" { value = local.s3cfg }`, true},
		"sensitive output": {"output \"t\" {\n value = local.s3cfg\n sensitive = true\n}", true},
		"ephemeral output": {"output \"t\" {\n value = local.s3cfg\n ephemeral = true\n}", true},
		"argument":         {`resource "terraform_data" "t" { input = local.s3cfg }`, true},
		"triggers":         {`resource "terraform_data" "t" { triggers_replace = local.s3cfg }`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws := prepared(t).Workspace(t, ephemeralHead+row.use+"\n")
			ws.Version(version.Must(version.NewVersion("1.11")))
			if err := os.Mkdir(filepath.Join(ws.Dir, "child"), 0o700); err != nil {
				t.Fatal(err)
			}
			ws.Write(filepath.Join("child", "main.tf"), ephemeralChild)
			if strings.Contains(row.use, "module ") {
				ws.MustRun("get")
			}
			output, code := ws.Run("plan")
			if row.refused != (code != 0) || row.refused && !regexp.MustCompile(`(?is)error: .*ephemeral`).MatchString(output) {
				t.Errorf("the plan ends with %d:\n%s", code, output)
			}
		})
	}
}
