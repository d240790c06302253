// Tests of what the pages show: sample output, messages, and tests of modules, with a mock provider and with the simulator.

package examples_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

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

// Each heading in the guide about troubleshooting is a message that the provider prints.
func TestPages_Troubleshooting(t *testing.T) {
	t.Parallel()
	messages := read(t, "internal/credential/testdata/diagnostics.md") + read(t, "internal/objectstore/testdata/diagnostics.md")
	entries := regexp.MustCompile(`(?m)^### (.+)$`).FindAllStringSubmatch(read(t, "templates/guides/troubleshooting.md.tmpl"), -1)
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
	ws := one(t, mockGuide).prepared(t).Workspace(t, "")
	ws.Version(tfversion.Version1_11_0)
	ws.Copy("testdata/ephemeral")
	ws.MustRun("get")
	ws.MustRun("plan")
	refused := read(t, "internal/examples/testdata/refused.tf")
	ws.Write("refused.tf", refused)
	output, code := ws.Run("plan")
	for _, block := range regexp.MustCompile(`(?m)^(?:output|resource) .*"`).FindAllString(refused, -1) {
		if code == 0 || !strings.Contains(output, block) { // Terraform shows each block that has an error
			t.Errorf("the plan ends with %d, without an error about %s:\n%s", code, block, output)
		}
	}
}

const simulatorReadme = "internal/civosim/README.md"

// The blocks of Terraform in the description of the simulator are files of the module.
func TestSimulator_ReadmeShowsFiles(t *testing.T) {
	t.Parallel()
	blocks := regexp.MustCompile("(?s)`(tests/[a-z./]+)`[^`]*\n```terraform\n(.*?)```\n").FindAllStringSubmatch(read(t, simulatorReadme), -1)
	if all := strings.Count(read(t, simulatorReadme), "```terraform"); len(blocks) != all || all != 2 {
		t.Fatalf("%d of %d blocks follow the name of a file", len(blocks), all)
	}
	for _, block := range blocks {
		if want := read(t, "examples/modules/s3-bucket/"+block[1]); block[2] != want {
			t.Errorf("the block of %s is\n%s\nnot\n%s", block[1], block[2], want)
		}
	}
}

// workflowStep is a step of the workflow that runs a script, or else Terraform.
var workflowStep = regexp.MustCompile(`(?m)^ {8}run: \|\n((?: {10}.*\n)+)|^ {6}- run: terraform (\w+)$`)

// The steps of the workflow start the simulator, and run the tests of the module against it. The tests leave nothing.
func TestSimulator_ReadmeWorkflow(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("needs a POSIX system with bash")
	}
	ws := one(t, "modules/s3-bucket").prepared(t).Workspace(t, "")
	ws.Version(tfversion.Version1_8_0)
	ws.Copy("../../examples/modules/s3-bucket")
	ws.Install(map[string]string{acctest.Address(): "0.1.0"})
	steps := workflowStep.FindAllStringSubmatch(read(t, simulatorReadme), -1)
	if len(steps) != 3 || steps[1][2] != "init" || steps[2][2] != "test" {
		t.Fatalf("the workflow has other steps with commands: %q", steps)
	}
	test, summary := "test", "5 passed, 0 failed"
	if reason := clientMissing(t, "aws"); reason != "" {
		t.Logf("without tests/upload.tftest.hcl: %s", reason)
		test, summary = "test -filter=tests/bucket.tftest.hcl", "3 passed, 0 failed"
	}
	dir := t.TempDir()
	shell := exec.CommandContext(t.Context(), "bash", "testdata/workflow.sh")
	shell.WaitDelay = time.Minute
	shell.Env = slices.Concat(ws.Command(t.Context()).Env, []string{
		"MODULE=" + ws.Dir, "TERRAFORM=" + ws.Terraform, "RUNNER_TEMP=" + dir, "GITHUB_ENV=" + filepath.Join(dir, "env"),
		"START=" + steps[0][1], "NEXT=terraform init\nterraform " + test,
	})
	output, err := shell.CombinedOutput()
	if text := string(output); err != nil || !strings.Contains(text, summary) || strings.Contains(text, "Object store contains objects") {
		t.Errorf("the workflow ends with %v:\n%s", err, text)
	}
}
