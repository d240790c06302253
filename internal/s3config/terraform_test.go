package s3config_test

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// accepted passes the resource and the data source to the functions, before their attributes are known. A resource is created for each
// variable, whose names are known.
const accepted = `
terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
    }
  }
}

resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

data "civo_objectstore_credential" "backups" {
  id = civo_objectstore_credential.backups.id
}

locals {
  results = {
    for name, credential in {
      resource = civo_objectstore_credential.backups, data_source = data.civo_objectstore_credential.backups
      } : name => {
      s3_environment = provider::civo::s3_environment(credential)
      s3_variables   = provider::civo::s3_variables(credential)
      s3cfg          = provider::civo::s3cfg(credential)
      rclone_config  = provider::civo::rclone_config(credential)
    }
  }
}

resource "terraform_data" "secret" {
  for_each = toset(nonsensitive(keys(local.results.resource.s3_variables)))
  input    = local.results.resource.s3_variables[each.key]
}

output "same" {
  value = nonsensitive(local.results.resource == local.results.data_source)
}

output "secret" {
  value = nonsensitive(terraform_data.secret["AWS_SECRET_ACCESS_KEY"].output)
}

output "results" {
  value     = local.results
  sensitive = true
}
`

// mocked is a test of the same configuration with a mock provider.
const mocked = `
mock_provider "civo" {}

run "mocked" {
  assert {
    condition     = nonsensitive(strcontains(output.results.resource.s3cfg, "host_base = ${civo_objectstore_credential.backups.endpoint}"))
    error_message = "A result does not contain the endpoint."
  }
}
`

// hidden is a credential whose secret is not in the state. A command receives it from an ephemeral resource.
const hidden = `
resource "civo_objectstore_credential" "hidden" {
  name            = "hidden"
  secret_in_state = false
}

ephemeral "civo_objectstore_credential" "hidden" {
  id = civo_objectstore_credential.hidden.id
}

resource "terraform_data" "command" {
  provisioner "local-exec" {
    command     = "env > environment"
    environment = provider::civo::s3_variables(ephemeral.civo_objectstore_credential.hidden)
  }
}
`

// refusals are configurations that make a plan fail, with a part of the message. The first of them already fails to validate.
var refusals = []map[string]string{
	{
		`value = provider::civo::s3cfg("text")`:    `Invalid value for "credential" parameter: object required`,
		`value = provider::civo::s3cfg(["a"])`:     `Invalid value for "credential" parameter: object required`,
		`value = provider::civo::s3cfg(null)`:      `Invalid value for "credential" parameter: argument must not be null`,
		`value = provider::civo::s3cfg({ a = 1 })`: `attributes "access_key_id", "endpoint", "region", and "secret_access_key" are required.`,
		`value = provider::civo::s3cfg({ access_key_id = "a", secret_access_key = null, region = "LON1", endpoint = "https://e" })`: //
		`Invalid value for "credential" parameter: the attribute secret_access_key is null or empty. If the credential has secret_in_state = false or ` +
			`secret_access_key_wo, pass the ephemeral resource civo_objectstore_credential instead.`,
	},
	{
		"value = provider::civo::s3cfg(civo_objectstore_credential.backups)": "Output refers to sensitive values",
		"value = provider::civo::s3cfg(civo_objectstore_credential.new)\n sensitive = true\n}\n" + //
			"resource \"civo_objectstore_credential\" \"new\" {\n name = \"new\"\n secret_in_state = false": "the attribute secret_access_key is null or empty.",
	},
}

// Terraform calls the functions with everything that a configuration can pass to them. The results are sensitive.
func TestTerraform_Calls(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, accepted)
	ws.Version(tfversion.Version1_8_0)
	ws.Write("mocked.tftest.hcl", mocked)
	ws.MustRun("test")
	runsCommand := runtime.GOOS != "windows" && ws.IsAtLeast(tfversion.Version1_10_0)
	if runsCommand {
		ws.Write("hidden.tf", hidden)
	}
	if plan := ws.MustRun("plan"); !strings.Contains(plan, "+ results = (sensitive value)") {
		t.Errorf("the plan is\n%s", plan)
	}
	ws.MustRun("apply", "-auto-approve")
	secrets := map[string]string{}
	for _, c := range w.Credentials("") {
		secrets[c.Name] = c.SecretAccessKey
	}
	var outputs struct {
		Same   struct{ Value bool }
		Secret struct{ Value string }
	}
	if err := json.Unmarshal([]byte(ws.MustRun("output", "-json")), &outputs); err != nil {
		t.Fatal(err)
	}
	if !outputs.Same.Value || outputs.Secret.Value != secrets["backups"] {
		t.Errorf("the outputs are %+v, and the secret is %q", outputs, secrets["backups"])
	}
	if runsCommand && !strings.Contains(ws.Read("environment"), "\nAWS_SECRET_ACCESS_KEY="+secrets["hidden"]+"\n") {
		t.Error("the command does not have the secret in its environment")
	}
	if runsCommand && strings.Contains(ws.Read("terraform.tfstate"), secrets["hidden"]) {
		t.Error("the state contains the secret")
	}
	ws.MustRun("plan", "-detailed-exitcode")
	for _, refused := range refusals {
		var outputs strings.Builder
		for output := range refused {
			outputs.WriteString("output \"" + acctest.Name(t) + "\" {\n" + output + "\n}\n")
		}
		ws.Write("refused.tf", outputs.String())
		printed, code := ws.Run("plan")
		words := strings.Join(strings.Fields(printed), " ")
		for output, want := range refused {
			if code != 1 || !strings.Contains(words, want) {
				t.Errorf("with %s, the plan ends with %d:\n%s", output, code, printed)
			}
		}
	}
}
