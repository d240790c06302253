// Tests of what the pages show: sample output, messages, and tests with a mock provider.

package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

var (
	textBlock  = regexp.MustCompile("(?ms)^```text\n(.*?\n)```$")
	generated  = regexp.MustCompile(`access_key_id( +)= "[A-Z0-9]{20}"`)
	randomUUID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)
)

// The sample output in the pages is what Terraform prints, except for generated keys and IDs.
func TestPages_SampleOutput(t *testing.T) {
	t.Parallel()
	output := func(name string) func(*acctest.Workspace) string {
		return func(ws *acctest.Workspace) string {
			apply(ws)
			return ws.MustRun("output", "-raw", name)
		}
	}
	query := func(ws *acctest.Workspace) string {
		printed := ws.MustRun("query", "-no-color", "-generate-config-out=generated.tf")
		return printed + generated.ReplaceAllString(ws.Read("generated.tf"), `access_key_id$1= "EXAMPLEACCESSKEY0001"`)
	}
	for page, row := range map[string]struct {
		example string
		blocks  int
		run     func(*acctest.Workspace) string
	}{
		"functions/s3_environment":              {"functions/s3_environment", 1, output("environment")},
		"functions/s3cfg":                       {"functions/s3cfg", 1, output("s3cfg")},
		"functions/rclone_config":               {"functions/rclone_config", 1, output("rclone_config")},
		"list-resources/objectstore":            {"list-resources/civo_objectstore", 2, query},
		"list-resources/objectstore_credential": {"list-resources/civo_objectstore_credential", 2, query},
		"actions/objectstore_credential_rotate": {"actions/civo_objectstore_credential_rotate", 1, func(ws *acctest.Workspace) string {
			apply(ws)
			printed := ws.MustRun("apply", "-no-color", "-auto-approve", "-invoke=action.civo_objectstore_credential_rotate.backups")
			return randomUUID.ReplaceAllString(printed, "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f")
		}},
	} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			e := one(t, row.example)
			w := e.preparedFor(t)
			printed := row.run(e.workspace(t, w))
			for _, c := range w.Credentials("") {
				printed = strings.NewReplacer(c.AccessKeyID, "EXAMPLEACCESSKEY0001", c.SecretAccessKey, "example-secret-access-key").Replace(printed)
			}
			blocks := textBlock.FindAllStringSubmatch(read(t, "templates/"+page+".md.tmpl"), -1)
			if len(blocks) != row.blocks {
				t.Errorf("the page contains %d samples, not %d", len(blocks), row.blocks)
			}
			for _, block := range blocks {
				if !strings.Contains(printed, block[1]) {
					t.Errorf("the output\n%s\ndoes not contain\n%s", printed, block[1])
				}
			}
		})
	}
}

var entry = regexp.MustCompile(`(?m)^### (.+)$`)

// Each heading in the guide about troubleshooting is a message that the provider prints.
func TestPages_Troubleshooting(t *testing.T) {
	t.Parallel()
	messages := read(t, "internal/credential/testdata/diagnostics.md") + read(t, "internal/objectstore/testdata/diagnostics.md")
	entries := entry.FindAllStringSubmatch(read(t, "templates/guides/troubleshooting.md.tmpl"), -1)
	if len(entries) < 30 {
		t.Errorf("the guide has only %d entries", len(entries))
	}
	for _, e := range entries {
		if !strings.Contains(messages, ": **"+e[1]+"**\n") {
			t.Errorf("the provider does not print %q", e[1])
		}
	}
}

const mockGuide = "guides/test-with-a-mock-provider"

// mockWorkspace returns a workspace with the files of the guide about mock providers.
func mockWorkspace(t *testing.T) (*acctest.Workspace, *acctest.Env) {
	t.Helper()
	if acctest.IsOpenTofu() {
		t.Skip("the guide requires Terraform")
	}
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, "")
	ws.Version(version.Must(version.NewVersion("1.11")))
	if err := os.Remove(filepath.Join(ws.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(ws.Dir, os.DirFS(filepath.Join("..", "..", "examples", filepath.FromSlash(mockGuide)))); err != nil {
		t.Fatal(err)
	}
	return ws, w
}

// The modules in the guide pass their tests without a token and without requests. Terraform rejects the ephemeral resource.
func TestPages_MockProvider(t *testing.T) {
	t.Parallel()
	ws, w := mockWorkspace(t)
	ws.Setenv("CIVO_TOKEN", "")
	page := read(t, "templates/"+mockGuide+".md.tmpl")
	guide := textBlock.FindAllStringSubmatch(page, -1)
	if len(guide) != 3 || strings.Count(page, "```shell\n") != 2 {
		t.Fatalf("the guide shows %d outputs, or not two blocks of commands", len(guide))
	}
	for module, want := range map[string]string{"bucket": guide[0][1], "client": guide[2][1]} {
		if commands := "\n```shell\nterraform -chdir=" + module + " init\nterraform -chdir=" + module + " test\n```\n"; !strings.Contains(page, commands) {
			t.Errorf("the guide does not contain %q", commands)
		}
		if output := ws.MustRun("-chdir="+module, "test", "-no-color"); !strings.Contains(output, want) {
			t.Errorf("the tests of the module %s end with\n%s", module, output)
		}
	}
	ws.MustRun("get")
	ws.Write("main.tftest.hcl", "mock_provider \"civo\" {}\n\nrun \"all\" {}\n")
	if output, code := ws.Run("test", "-no-color"); code == 0 || !strings.Contains(output, guide[1][1]) {
		t.Errorf("the tests of the root module end with %d:\n%s", code, output)
	}
	if requests := w.Requests(); len(requests) > 0 {
		t.Errorf("the tests sent %+v", requests)
	}
}

// Without the test of the root module, the configuration in the guide works.
func TestPages_MockProviderLive(t *testing.T) {
	t.Parallel()
	ws, w := mockWorkspace(t)
	ws.MustRun("get")
	apply(ws)
	settled(t, ws)
	if want := named(t, w, "acme-backups").SecretAccessKey; !strings.Contains(ws.Read("s3cfg"), want) {
		t.Error("s3cfg does not contain the secret")
	}
	ws.MustRun("destroy", "-no-color", "-auto-approve")
}
