// Workspaces in which tests run Terraform or OpenTofu.

package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

// Workspace is a directory in which the installed Terraform runs the built provider, as it does for a user. A method that fails also
// fails the test.
type Workspace struct {
	*workspace.Workspace

	t   *testing.T
	bin string // the directory with the provider
}

// build builds the provider once for all tests of a package and returns the directory that contains the binary.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "terraform-provider-civo-")
	if err != nil {
		return "", err
	}
	built = dir
	return dir, workspace.Build(context.Background(), filepath.Join(dir, "terraform-provider-civo"), "")
})

// built is the directory that build created; empty if it was not called.
var built string

// Tests wraps the tests of a package. When they end, it removes the provider that they share.
type Tests struct{ *testing.M }

// Run runs the tests and cleans up.
func (m Tests) Run() int {
	// terraform-plugin-testing serves the provider at the address that these variables set, which the configurations use.
	parts := strings.Split(Address(), "/")
	for name, value := range map[string]string{"TF_ACC_PROVIDER_HOST": parts[0], "TF_ACC_PROVIDER_NAMESPACE": parts[1]} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	// The provider in this process leaves much garbage and little that stays. Collecting it less often halves the time of a fault table.
	debug.SetGCPercent(800)
	code := m.M.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	return code
}

// Workspace creates a workspace with a configuration. Environment variables configure the provider.
func (w *Env) Workspace(t *testing.T, config string) *Workspace {
	t.Helper()
	terraform := terraformPath(t)
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	ws := &Workspace{t: t, bin: bin, Workspace: workspace.New(t.TempDir(), terraform,
		"CIVO_TOKEN="+w.Token(), "CIVO_API_URL="+w.URL(), "CIVO_REGION=LON1")}
	ws.Serve(Address())
	ws.Write("main.tf", config)
	return ws
}

// Serve makes Terraform use the built provider for these provider addresses only.
func (ws *Workspace) Serve(addresses ...string) {
	ws.t.Helper()
	ws.check(ws.Override(ws.bin, addresses...))
}

func (ws *Workspace) check(err error) {
	ws.t.Helper()
	if err != nil {
		ws.t.Fatal(err)
	}
}

// Version returns the version of the Terraform that runs in the workspace. It skips the test if that is older than least.
func (ws *Workspace) Version(least *version.Version) *version.Version {
	ws.t.Helper()
	running := ws.running()
	if running.Core().LessThan(least) {
		ws.t.Skipf("requires Terraform %s or later, not %s", least, running)
	}
	return running
}

// IsAtLeast reports whether the Terraform that runs in the workspace has a version or a later one.
func (ws *Workspace) IsAtLeast(least *version.Version) bool {
	ws.t.Helper()
	return !ws.running().Core().LessThan(least)
}

func (ws *Workspace) running() *version.Version {
	ws.t.Helper()
	var reported struct {
		Version string `json:"terraform_version"`
	}
	ws.check(json.Unmarshal([]byte(ws.MustRun("version", "-json")), &reported))
	running, err := version.NewVersion(reported.Version)
	ws.check(err)
	return running
}

// IsOpenTofu reports whether the tests run OpenTofu.
func IsOpenTofu() bool {
	return strings.HasPrefix(filepath.Base(os.Getenv("TF_ACC_TERRAFORM_PATH")), "tofu")
}

// Address returns the provider address for the configurations of the tests. OpenTofu uses its own registry.
func Address() string {
	if IsOpenTofu() {
		return strings.Replace(provider.Address, "registry.terraform.io", "registry.opentofu.org", 1)
	}
	return provider.Address
}

// SkipIfShort skips a test that runs Terraform or takes minutes, for `make test-quick`.
func SkipIfShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("make test-quick does not run this test")
	}
}

// terraformPath returns the path of the program that the tests run: TF_ACC_TERRAFORM_PATH, or terraform on PATH. It skips the test
// if there is neither, and in make test-quick.
func terraformPath(t *testing.T) string {
	t.Helper()
	SkipIfShort(t)
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	path, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not on PATH")
	}
	return path
}

// Write writes a file in the workspace.
func (ws *Workspace) Write(name, content string) {
	ws.t.Helper()
	ws.check(ws.WriteFile(name, content))
}

// Run runs Terraform and returns its output and exit code.
func (ws *Workspace) Run(arguments ...string) (output string, code int) {
	ws.t.Helper()
	command := ws.Command(ws.t.Context(), arguments...)
	var printed bytes.Buffer
	command.Stdout, command.Stderr = &printed, &printed
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ws.t.Fatal(err)
	}
	return printed.String(), command.ProcessState.ExitCode()
}

// MustRun runs Terraform and returns its output. It fails the test if the exit code is not 0.
func (ws *Workspace) MustRun(arguments ...string) string {
	ws.t.Helper()
	output, code := ws.Run(arguments...)
	if code != 0 {
		ws.t.Fatalf("terraform %s ended with %d:\n%s", strings.Join(arguments, " "), code, output)
	}
	return output
}

// Read returns the content of a file in the workspace.
func (ws *Workspace) Read(name string) string {
	ws.t.Helper()
	data, err := os.ReadFile(filepath.Join(ws.Dir, name)) //nolint:gosec // the test's own file
	ws.check(err)
	return string(data)
}

// Edit replaces text in the configuration, which must contain it.
func (ws *Workspace) Edit(old, replacement string) {
	ws.t.Helper()
	config := ws.Read("main.tf")
	if !strings.Contains(config, old) {
		ws.t.Fatalf("the configuration does not contain %q: %s", old, config)
	}
	ws.Write("main.tf", strings.ReplaceAll(config, old, replacement))
}

// Apply runs terraform apply, which must succeed.
func (ws *Workspace) Apply(arguments ...string) {
	ws.t.Helper()
	ws.MustRun(append([]string{"apply", "-auto-approve"}, arguments...)...)
}

// Refuse runs terraform apply or destroy with arguments, which must fail with a message. It returns the output.
func (ws *Workspace) Refuse(command, message string) string {
	ws.t.Helper()
	output, code := ws.Run(strings.Fields(command + " -auto-approve")...)
	if code == 0 || !strings.Contains(Words(output), message) {
		ws.t.Fatalf("terraform %s does not fail with %q, but ends with %d:\n%s", command, message, code, output)
	}
	return output
}

// Words returns the output of Terraform without the frames of diagnostics and line breaks.
func Words(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}

// Shell runs the command in a message that begins with a prefix, with a shell.
func (ws *Workspace) Shell(message, prefix string) {
	ws.t.Helper()
	line := regexp.MustCompile(`(?m)^│? *(` + prefix + `.*)$`).FindStringSubmatch(message)
	if line == nil {
		ws.t.Fatalf("the message contains no command %q: %s", prefix, message)
	}
	model := ws.Command(ws.t.Context())
	command := exec.CommandContext(ws.t.Context(), "sh", "-c", strings.Replace(line[1], "terraform", model.Path, 1)) //nolint:gosec // our own message
	command.Dir, command.Env = model.Dir, model.Env
	if output, err := command.CombinedOutput(); err != nil {
		ws.t.Fatalf("%s: %v: %s", line[1], err, output)
	}
}
