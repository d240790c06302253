// The example of a module, and the simulator's description of how to test a module without an account.

package examples_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

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

// workflowStep is a step of the workflow that runs a script, or else Terraform.
var workflowStep = regexp.MustCompile(`(?m)^ {8}run: \|\n((?: {10}.*\n)+)|^ {6}- run: terraform (\w+)$`)

// The steps of the workflow start the simulator, and run the tests of the module against it. The tests leave nothing.
func TestSimulator_ReadmeWorkflow(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("needs a POSIX system with bash")
	}
	ws := prepared(t).Workspace(t, "")
	ws.Version(tfversion.Version1_8_0)
	ws.Copy("../../examples/modules/s3-bucket")
	ws.Install(map[string]string{acctest.Address(): "0.1.0"})
	steps := workflowStep.FindAllStringSubmatch(read(t, simulatorReadme), -1)
	if len(steps) != 3 || steps[1][2] != "init" || steps[2][2] != "test" {
		t.Fatalf("the workflow has other steps with commands: %q", steps)
	}
	startWorkflow(t, ws, steps[0][1])
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

// before replaces the go command of the workflow. It installs the simulator of this repository, on free ports, instead of a release.
const before = `
go() {
	case "$1" in
	install)
		command go build -o "$STAND_IN/bin/simulator" ./cmd/civosim
		printf '#!/bin/sh\nexec "$STAND_IN/bin/simulator" -addr 127.0.0.1:0 -s3-addr 127.0.0.1:0 -cli-config "$STAND_IN/civo.json" "$@"\n' > "$STAND_IN/bin/civosim"
		chmod +x "$STAND_IN/bin/civosim"
		;;
	env) echo "$STAND_IN" ;;
	*) return 2 ;;
	esac
}
`

// after stops the simulator when the standard input ends.
const after = `
echo started
read -r || kill $!
`

// startWorkflow runs the step of the workflow that starts the simulator, and sets the variables that it sets.
func startWorkflow(t *testing.T, ws *acctest.Workspace, script string) {
	t.Helper()
	dir := t.TempDir()
	var problems bytes.Buffer
	step := exec.CommandContext(context.WithoutCancel(t.Context()), "bash", "-e", "-c", before+script+after) //nolint:gosec // the workflow
	step.Dir, step.Stderr = filepath.Join("..", "civosim"), &problems
	step.Env = append(os.Environ(), "STAND_IN="+dir, "RUNNER_TEMP="+dir, "GITHUB_ENV="+filepath.Join(dir, "env"))
	input, inputErr := step.StdinPipe()
	output, outputErr := step.StdoutPipe()
	if err := errors.Join(inputErr, outputErr, os.Mkdir(filepath.Join(dir, "bin"), 0o700), step.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(input.Close(), step.Wait()); err != nil {
			t.Errorf("the step: %v\n%s", err, problems.String())
		}
	})
	started := bufio.NewScanner(output).Scan()
	text, err := os.ReadFile(filepath.Join(dir, "env")) //nolint:gosec // in the test's directory
	if !started || err != nil {
		t.Fatalf("the simulator started: %t: %v", started, err)
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		ws.Setenv(name, value)
	}
}
