// The example of a module, and the simulator's description of how to test a module without an account.

package examples_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
)

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

// goStandIn replaces the go command in the workflow. It installs the simulator of this repository instead of a release.
const goStandIn = `#!/bin/sh
case "$1" in
install) exec "$REAL_GO" build -o "$STAND_IN_GOPATH/bin/simulator" ./cmd/civosim ;;
env) echo "$STAND_IN_GOPATH" ;;
*) exit 2 ;;
esac
`

// simulatorStandIn runs the simulator on free ports and stores its process ID, so that the test can stop it.
const simulatorStandIn = `#!/bin/sh
echo $$ > "$STAND_IN_GOPATH/pid"
exec "$STAND_IN_GOPATH/bin/simulator" -addr 127.0.0.1:0 -s3-addr 127.0.0.1:0 -cli-config "$STAND_IN_GOPATH/civo.json" "$@"
`

// workflowStep is a step of the workflow that runs a script, or else Terraform.
var workflowStep = regexp.MustCompile(`(?m)^ {8}run: \|\n((?: {10}.*\n)+)|^ {6}- run: terraform (\w+)$`)

// The steps of the workflow start the simulator, and run the tests of the module against it. The tests leave nothing.
func TestSimulator_ReadmeWorkflow(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("needs a POSIX system with bash")
	}
	ws := copied(t, prepared(t), "modules/s3-bucket")
	ws.Version(tfversion.Version1_8_0)
	ws.Install(map[string]string{acctest.Address(): "0.1.0"})
	steps := workflowStep.FindAllStringSubmatch(read(t, simulatorReadme), -1)
	if len(steps) != 3 || steps[1][2] != "init" || steps[2][2] != "test" {
		t.Fatalf("the workflow has other steps with commands: %q", steps)
	}
	for name, value := range startWorkflow(t, steps[0][1]) {
		ws.Setenv(name, value)
	}
	ws.MustRun("init")
	test, passed := []string{"test"}, "5 passed, 0 failed"
	if reason := clientMissing(t, "aws"); reason != "" {
		t.Logf("without tests/upload.tftest.hcl: %s", reason)
		test, passed = []string{"test", "-filter=tests/bucket.tftest.hcl"}, "3 passed, 0 failed"
	}
	if output := ws.MustRun(test...); !strings.Contains(output, passed) || strings.Contains(output, "Object store contains objects") {
		t.Errorf("terraform test prints\n%s", output)
	}
}

// startWorkflow runs the step of the workflow that starts the simulator, and returns the variables that it sets.
func startWorkflow(t *testing.T, script string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	realGo, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"path/go": goStandIn, "bin/civosim": simulatorStandIn} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	log, err := os.Create(filepath.Join(dir, "log")) //nolint:gosec // in the test's directory
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // a log
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	step := exec.CommandContext(ctx, "bash", "-e", "-c", script) //nolint:gosec // the step of the workflow
	step.Dir, step.Stdout, step.Stderr = filepath.Join("..", "civosim"), log, log
	step.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "path")+string(os.PathListSeparator)+os.Getenv("PATH"),
		"REAL_GO="+realGo, "STAND_IN_GOPATH="+dir, "RUNNER_TEMP="+t.TempDir(), "GITHUB_ENV="+filepath.Join(dir, "env"))
	err = step.Run()
	t.Cleanup(func() { stopSimulator(t, filepath.Join(dir, "pid")) })
	if err != nil {
		t.Fatalf("the step: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "env")) //nolint:gosec // in the test's directory
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		variables[name] = value
	}
	return variables
}

// stopSimulator ends the process whose ID a file contains.
func stopSimulator(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file) //nolint:gosec // in the test's directory
	if err != nil {
		t.Fatal(err)
	}
	id, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	simulator, err := os.FindProcess(id)
	if err == nil {
		err = simulator.Kill()
	}
	if err != nil {
		t.Error(err)
	}
}
