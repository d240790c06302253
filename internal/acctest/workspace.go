// Directories in which the installed Terraform runs the built provider.

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

// Workspace is a directory in which the installed Terraform runs the built provider, as it does for a user.
type Workspace struct {
	Dir string
	t   *testing.T
	bin string
	env []string
}

// build builds the provider once for all tests of a package and returns the directory that contains the binary.
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

// built is the directory that build created; nil if it was not called.
var built atomic.Pointer[string]

// Tests wraps the tests of a package and removes what they share when they end.
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

// Workspace creates a workspace with a configuration. Environment variables configure the provider.
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

// Serve uses the built provider for these provider addresses and no others.
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

// Version returns the version of the Terraform that runs in the workspace. It skips the test if that is older than least.
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

// Address returns the provider address for the configurations of the tests. OpenTofu uses its own registry.
func Address() string {
	if IsOpenTofu() {
		return strings.Replace(provider.Address, "registry.terraform.io", "registry.opentofu.org", 1)
	}
	return provider.Address
}

// terraform returns the path of the program that the tests run: TF_ACC_TERRAFORM_PATH, or terraform on PATH. It skips the test if
// there is neither.
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

// Write writes a file in the workspace.
func (ws *Workspace) Write(name, content string) {
	ws.t.Helper()
	if err := os.WriteFile(filepath.Join(ws.Dir, name), []byte(content), 0o600); err != nil {
		ws.t.Fatal(err)
	}
}

// Setenv sets an environment variable for all later commands.
func (ws *Workspace) Setenv(name, value string) { ws.env = append(ws.env, name+"="+value) }

// Command returns a command that runs Terraform in the workspace.
func (ws *Workspace) Command(ctx context.Context, arguments ...string) *exec.Cmd {
	ws.t.Helper()
	command := exec.CommandContext(ctx, terraform(ws.t), arguments...) //nolint:gosec // the test's own arguments
	command.Dir, command.Env = ws.Dir, ws.env
	return command
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
	if err != nil {
		ws.t.Fatal(err)
	}
	return string(data)
}
