// Tests of what the pages show: sample output, messages, and tests with a mock provider.

package examples_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

var (
	textBlock = regexp.MustCompile("(?ms)^```text\n(.*?\n)```$")
	generated = regexp.MustCompile(`access_key_id( +)= "[A-Z0-9]{20}"`)
)

// samples returns a test that the sample output in a page is what Terraform prints, except for generated keys and IDs. Without a file
// generated.tf, that is the output of the command alone.
func samples(page string, blocks int, command ...string) func(*testing.T, *acctest.Env, *acctest.Workspace) {
	return func(t *testing.T, w *acctest.Env, ws *acctest.Workspace) {
		t.Helper()
		printed := ws.MustRun(command...)
		if command[0] == "query" {
			printed += generated.ReplaceAllString(ws.Read("generated.tf"), `access_key_id$1= "EXAMPLEACCESSKEY0001"`)
		}
		for _, c := range w.Credentials("") {
			words := []string{c.AccessKeyID, "EXAMPLEACCESSKEY0001", c.SecretAccessKey, "example-secret-access-key"}
			if c.ID != demo.ID {
				words = append(words, c.ID, "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f")
			}
			printed = strings.NewReplacer(words...).Replace(printed)
		}
		shown := textBlock.FindAllStringSubmatch(read(t, "templates/"+page+".md.tmpl"), -1)
		if len(shown) != blocks {
			t.Errorf("the page contains %d samples, not %d", len(shown), blocks)
		}
		for _, block := range shown {
			if !strings.Contains(printed, block[1]) {
				t.Errorf("the output\n%s\ndoes not contain\n%s", printed, block[1])
			}
		}
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

// The modules in the guide pass their tests without a token and without requests. Terraform rejects the ephemeral resource. Without the
// test of the root module, the configuration works.
func TestPages_MockProvider(t *testing.T) {
	t.Parallel()
	if acctest.IsOpenTofu() {
		t.Skip("the guide requires Terraform")
	}
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, "")
	ws.Version(tfversion.Version1_11_0)
	ws.Copy("../../examples/" + mockGuide)
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
		if output := ws.MustRun("-chdir="+module, "test"); !strings.Contains(output, want) {
			t.Errorf("the tests of the module %s end with\n%s", module, output)
		}
	}
	ws.MustRun("get")
	ws.Write("main.tftest.hcl", "mock_provider \"civo\" {}\n\nrun \"all\" {}\n")
	if output, code := ws.Run("test"); code == 0 || !strings.Contains(output, guide[1][1]) {
		t.Errorf("the tests of the root module end with %d:\n%s", code, output)
	}
	if requests := w.Requests(); len(requests) > 0 {
		t.Errorf("the tests sent %+v", requests)
	}
	ws.Setenv("CIVO_TOKEN", w.Token())
	apply(ws)
	if want := named(t, w, "acme-backups").SecretAccessKey; !strings.Contains(ws.Read("s3cfg"), want) {
		t.Error("s3cfg does not contain the secret")
	}
}

// Terraform accepts and rejects the ephemeral resource where the guide "Keep secrets out of state" lists.
func TestSecrets_EphemeralUses(t *testing.T) {
	t.Parallel()
	ws := prepared(t).Workspace(t, "")
	ws.Version(tfversion.Version1_11_0)
	ws.Copy("testdata/ephemeral")
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
