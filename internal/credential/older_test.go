package credential_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestWriteOnly_OlderTerraform(t *testing.T) {
	t.Parallel()
	p := acctest.Simulated(t, civosim.Options{}).Driver(t)
	for _, c := range allowedCombinations {
		t.Run(string(c), func(t *testing.T) {
			t.Parallel()
			diags := p.ValidateBefore111(t.Context(), c.config(1))
			if diags.Failed() != c.has("w") {
				t.Fatalf("it is refused: %v: %s", diags.Failed(), diags)
			}
			if !c.has("w") {
				return
			}
			for _, words := range []string{"WriteOnly Attribute Not Allowed", "secret_access_key_wo", "Terraform 1.11"} {
				if !strings.Contains(diags.String(), words) {
					t.Errorf("the message does not say %q: %s", words, diags)
				}
			}
			if strings.Contains(diags.String(), "write-only-1") {
				t.Errorf("the secret is in the message: %s", diags)
			}
		})
	}
}

// A user of the example module can test their own configuration with a mock provider, without an account.
func TestModule_MockProvider(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, "")
	ws.Version(tfversion.Version1_8_0)
	module := os.DirFS(filepath.Join("..", "..", "examples", "modules", "s3-bucket"))
	if err := os.Remove(filepath.Join(ws.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(ws.Dir, module); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(ws.Dir, "tests")); err != nil {
		t.Fatal(err)
	}
	ws.Setenv("CIVO_TOKEN", "")
	ws.Write("mocked.tftest.hcl", `
mock_provider "civo" {
  mock_resource "civo_objectstore_credential" {
    defaults = {
      secret_access_key = "made-up-secret"
      endpoint          = "https://objectstore.example"
    }
  }
}

variables {
  name = "made-up"
}

run "made_up" {
  command = apply

  assert {
    condition     = output.environment.AWS_SECRET_ACCESS_KEY == "made-up-secret"
    error_message = "The secret is not the one that was made up."
  }

  assert {
    condition     = output.environment.AWS_ENDPOINT_URL_S3 == "https://objectstore.example"
    error_message = "The endpoint is not the one that was made up."
  }

  assert {
    condition     = output.access_key_id != "" && civo_objectstore_credential.this.region != ""
    error_message = "What was not made up is empty."
  }
}

run "planned" {
  command = plan

  variables {
    region = "FRA1"
  }

  assert {
    condition     = civo_objectstore_credential.this.region == "FRA1"
    error_message = "The region is not the module's."
  }
}
`)
	if output := ws.MustRun("test", "-no-color"); !strings.Contains(output, "Success! 2 passed, 0 failed.") {
		t.Errorf("the module's test did not run:\n%s", output)
	}
	if n := w.Count(); n > 0 {
		t.Errorf("%d requests were made", n)
	}
}
