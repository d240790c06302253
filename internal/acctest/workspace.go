// Directories in which the real Terraform runs the built provider.

package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// Workspace is a directory in which the real Terraform runs the built provider, as a user's does.
type Workspace struct {
	Dir string
	t   *testing.T
	bin string
	env []string
}

// build makes the provider's binary once for all tests of a package, and gives the directory that it is in.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "terraform-provider-civo-")
	if err != nil {
		return "", err
	}
	built.Store(&dir)
	command := exec.Command("go", "build", "-o", filepath.Join(dir, "terraform-provider-civo"), ".") //nolint:gosec // it ends by itself, and the directory is the test's own
	if command.Dir, err = moduleRoot(); err != nil {
		return "", err
	}
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w: %s", err, output)
	}
	return dir, nil
})

// built is the directory that build made, if it did.
var built atomic.Pointer[string]

// Tests wraps the tests of a package, so that what they share is removed in the end.
type Tests struct{ *testing.M }

// Run runs the tests and cleans up.
func (m Tests) Run() int {
	// terraform-plugin-testing serves the provider by these, as the configurations name it.
	parts := strings.Split(Address(), "/")
	for name, value := range map[string]string{"TF_ACC_PROVIDER_HOST": parts[0], "TF_ACC_PROVIDER_NAMESPACE": parts[1]} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	code := m.M.Run()
	if dir := built.Load(); dir != nil {
		_ = os.RemoveAll(*dir)
	}
	return code
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, statErr := os.Stat(filepath.Join(dir, "go.mod")); statErr == nil {
			return dir, nil
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
		} else {
			err = errors.New("no go.mod above the working directory")
		}
	}
	return "", err
}

// Workspace makes a workspace with a configuration, whose provider is configured by the environment.
func (w *Env) Workspace(t *testing.T, config string) *Workspace {
	t.Helper()
	terraform(t)
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	ws := &Workspace{Dir: t.TempDir(), t: t, bin: bin}
	ws.env = append(os.Environ(), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
		"CIVO_TOKEN="+w.Token(), "CIVO_API_URL="+w.URL(), "CIVO_REGION=LON1")
	ws.Serve(Address())
	ws.Write("main.tf", config)
	return ws
}

// Serve makes the built provider stand for these addresses, and for no others.
func (ws *Workspace) Serve(addresses ...string) {
	ws.t.Helper()
	var overrides strings.Builder
	for _, address := range addresses {
		fmt.Fprintf(&overrides, "    %q = %q\n", address, ws.bin)
	}
	settings := filepath.Join(ws.t.TempDir(), "terraformrc")
	content := "provider_installation {\n  dev_overrides {\n" + overrides.String() + "  }\n  direct {}\n}\n"
	if err := os.WriteFile(settings, []byte(content), 0o600); err != nil {
		ws.t.Fatal(err)
	}
	ws.Setenv("TF_CLI_CONFIG_FILE", settings)
}

// Version is that of the Terraform that runs in the workspace. The test is skipped if it is older than the least.
func (ws *Workspace) Version(least *version.Version) *version.Version {
	ws.t.Helper()
	var reported struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(ws.MustRun("version", "-json")), &reported); err != nil {
		ws.t.Fatal(err)
	}
	running, err := version.NewVersion(reported.Version)
	if err != nil {
		ws.t.Fatal(err)
	}
	if running.Core().LessThan(least) {
		ws.t.Skipf("needs Terraform %s, and %s is there", least, running)
	}
	return running
}

// IsOpenTofu reports whether the tests run OpenTofu.
func IsOpenTofu() bool {
	return strings.HasPrefix(filepath.Base(os.Getenv("TF_ACC_TERRAFORM_PATH")), "tofu")
}

// Address is where the configurations of the tests find the provider: OpenTofu has a registry of its own.
func Address() string {
	if IsOpenTofu() {
		return strings.Replace(provider.Address, "registry.terraform.io", "registry.opentofu.org", 1)
	}
	return provider.Address
}

// Terraform is the program that the tests run: TF_ACC_TERRAFORM_PATH, or what PATH has.
func terraform(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	path, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("there is no terraform on PATH")
	}
	return path
}

// Write puts a file into the workspace.
func (ws *Workspace) Write(name, content string) {
	ws.t.Helper()
	if err := os.WriteFile(filepath.Join(ws.Dir, name), []byte(content), 0o600); err != nil {
		ws.t.Fatal(err)
	}
}

// Setenv sets a variable for what is run from now on.
func (ws *Workspace) Setenv(name, value string) { ws.env = append(ws.env, name+"="+value) }

// Command makes a command that runs Terraform in the workspace.
func (ws *Workspace) Command(ctx context.Context, arguments ...string) *exec.Cmd {
	ws.t.Helper()
	command := exec.CommandContext(ctx, terraform(ws.t), arguments...) //nolint:gosec // the test's own arguments
	command.Dir, command.Env = ws.Dir, ws.env
	return command
}

// Run runs Terraform and gives what it printed, and its exit code.
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

// MustRun runs Terraform, which has to succeed, and gives what it printed.
func (ws *Workspace) MustRun(arguments ...string) string {
	ws.t.Helper()
	output, code := ws.Run(arguments...)
	if code != 0 {
		ws.t.Fatalf("terraform %s ended with %d:\n%s", strings.Join(arguments, " "), code, output)
	}
	return output
}

// Read gives a file of the workspace.
func (ws *Workspace) Read(name string) string {
	ws.t.Helper()
	data, err := os.ReadFile(filepath.Join(ws.Dir, name)) //nolint:gosec // the test's own file
	if err != nil {
		ws.t.Fatal(err)
	}
	return string(data)
}
