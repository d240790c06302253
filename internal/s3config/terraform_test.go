package s3config_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

const required = `
terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
    }
  }
}
`

// The functions accept the resource and the data source, even before their attributes are known. The results are sensitive.
func TestTerraform_UnknownAndSensitive(t *testing.T) {
	t.Parallel()
	ws := acctest.Simulated(t, civosim.Options{}).Workspace(t, required+`
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

output "same" {
  value = nonsensitive(local.results.resource == local.results.data_source)
}

output "results" {
  value     = local.results
  sensitive = true
}
`)
	ws.Version(tfversion.Version1_8_0)
	plan := ws.MustRun("plan", "-no-color")
	if !strings.Contains(plan, "+ results = (sensitive value)") {
		t.Errorf("the plan is\n%s", plan)
	}
	ws.MustRun("apply", "-no-color", "-auto-approve")
	if same := strings.TrimSpace(ws.MustRun("output", "-no-color", "same")); same != "true" {
		t.Errorf("same is %s", same)
	}
	if output, code := ws.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the second plan ends with %d:\n%s", code, output)
	}
	ws.Write("exposed.tf", "output \"exposed\" {\n  value = provider::civo::s3cfg(civo_objectstore_credential.backups)\n}\n")
	if output, code := ws.Run("plan", "-no-color"); code == 0 || !strings.Contains(output, "Output refers to sensitive values") {
		t.Errorf("a plan with an output that is not sensitive ends with %d:\n%s", code, output)
	}
}

// The names of the variables are known in the first plan, so that a resource can be created for each.
func TestTerraform_ForEachVariable(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, required+`
resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

locals {
  variables = provider::civo::s3_variables(civo_objectstore_credential.backups)
}

resource "terraform_data" "secret" {
  for_each = toset(nonsensitive(keys(local.variables)))
  input    = local.variables[each.key]
}

output "secret" {
  value = nonsensitive(terraform_data.secret["AWS_SECRET_ACCESS_KEY"].output)
}
`)
	ws.Version(tfversion.Version1_8_0)
	ws.MustRun("apply", "-no-color", "-auto-approve")
	if got, want := ws.MustRun("output", "-raw", "secret"), w.Credentials("")[0].SecretAccessKey; got != want {
		t.Errorf("the secret is %q, not %q", got, want)
	}
	ws.MustRun("plan", "-no-color", "-detailed-exitcode")
}

// A command can use the variables of an ephemeral credential. The state does not contain the secret.
func TestTerraform_EphemeralVariables(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("runs a command of a POSIX shell")
	}
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, required+`
resource "civo_objectstore_credential" "backups" {
  name            = "backups"
  secret_in_state = false
}

ephemeral "civo_objectstore_credential" "backups" {
  id = civo_objectstore_credential.backups.id
}

resource "terraform_data" "command" {
  provisioner "local-exec" {
    command     = "env > environment"
    environment = provider::civo::s3_variables(ephemeral.civo_objectstore_credential.backups)
  }
}
`)
	ws.Version(tfversion.Version1_10_0)
	ws.MustRun("apply", "-no-color", "-auto-approve")
	secret := w.Credentials("")[0].SecretAccessKey
	if !strings.Contains(ws.Read("environment"), "\nAWS_SECRET_ACCESS_KEY="+secret+"\n") {
		t.Error("the command does not have the secret in its environment")
	}
	if strings.Contains(ws.Read("terraform.tfstate"), secret) {
		t.Error("the state contains the secret")
	}
}

// A plan fails if the secret is null, even if the access key ID is not known yet.
func TestTerraform_SecretNotInState(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, required+`
resource "civo_objectstore_credential" "backups" {
  name            = "backups"
  secret_in_state = false
}

output "s3cfg" {
  value     = provider::civo::s3cfg(civo_objectstore_credential.backups)
  sensitive = true
}
`)
	ws.Version(tfversion.Version1_8_0)
	output, code := ws.Run("apply", "-no-color", "-auto-approve")
	if code == 0 || !strings.Contains(strings.Join(strings.Fields(output), " "), "the attribute secret_access_key is null or empty.") {
		t.Errorf("the apply ends with %d:\n%s", code, output)
	}
	if created := w.Credentials(""); len(created) > 0 {
		t.Errorf("the apply created %+v", created)
	}
}

// The errors name the parameter and describe what is wrong with the argument.
func TestTerraform_InvalidArgument(t *testing.T) {
	t.Parallel()
	ws := acctest.Simulated(t, civosim.Options{}).Workspace(t, "")
	ws.Version(tfversion.Version1_8_0)
	for argument, want := range map[string]string{
		`"text"`:  "object required",
		`null`:    "argument must not be null",
		`["a"]`:   "object required",
		`{ a=1 }`: `attributes "access_key_id", "endpoint", "region", and "secret_access_key" are required.`,
		`{ access_key_id = "a", secret_access_key = null, region = "LON1", endpoint = "https://e" }`: "pass the ephemeral resource civo_objectstore_credential instead.",
	} {
		ws.Write("main.tf", required+"output \"result\" {\n  value = provider::civo::s3cfg("+argument+")\n}\n")
		output, code := ws.Run("plan", "-no-color")
		words := strings.Join(strings.Fields(output), " ")
		if code != 1 || !strings.Contains(words, `Invalid value for "credential" parameter: `) || !strings.Contains(words, want) {
			t.Errorf("with %s, the plan ends with %d:\n%s", argument, code, output)
		}
	}
}

// The functions accept what a mock provider generates.
func TestTerraform_MockProvider(t *testing.T) {
	t.Parallel()
	ws := acctest.Simulated(t, civosim.Options{}).Workspace(t, required+`
resource "civo_objectstore_credential" "backups" {
  name = "backups"
}

output "results" {
  sensitive = true
  value = [
    provider::civo::s3_environment(civo_objectstore_credential.backups),
    provider::civo::s3cfg(civo_objectstore_credential.backups),
    provider::civo::rclone_config(civo_objectstore_credential.backups),
    provider::civo::s3_variables(civo_objectstore_credential.backups).AWS_HOST,
  ]
}
`)
	ws.Version(tfversion.Version1_8_0)
	ws.Write("mocked.tftest.hcl", `
mock_provider "civo" {}

run "mocked" {
  assert {
    condition     = nonsensitive(strcontains(output.results[1], "host_base = ${civo_objectstore_credential.backups.endpoint}"))
    error_message = "A result does not contain the endpoint."
  }
}
`)
	ws.MustRun("test")
}
