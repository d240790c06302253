// Package workspace runs Terraform with a build of the provider in a separate directory. The user's settings affect neither Terraform nor
// the provider.
package workspace

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Workspace is a directory in which Terraform runs.
type Workspace struct {
	Dir       string
	Terraform string // path of the program, or its name on PATH

	// OwnProcessGroup keeps a Ctrl-C in a terminal from Terraform, which gives up at once if it is interrupted twice: by the
	// terminal and by the end of a context. It has no effect on Windows.
	OwnProcessGroup bool

	env []string
}

// New returns a workspace in an existing directory. Commands inherit the environment of the process, without the variables of Terraform
// and the provider. env adds variables in the form "NAME=value".
func New(dir, terraform string, env ...string) *Workspace {
	w := &Workspace{Dir: dir, Terraform: terraform}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "CIVO_") {
			w.env = append(w.env, variable)
		}
	}
	w.env = append(w.env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_ARGS=-no-color", "TF_CLI_CONFIG_FILE="+w.path(configFile))
	w.env = append(w.env, env...)
	return w
}

// configFile is the CLI configuration file of a workspace.
const configFile = "terraform.tfrc"

func (w *Workspace) path(name string) string { return filepath.Join(w.Dir, name) }

// Setenv sets an environment variable for all later commands.
func (w *Workspace) Setenv(name, value string) { w.env = append(w.env, name+"="+value) }

// WriteFile writes a file in the workspace.
func (w *Workspace) WriteFile(name, content string) error {
	return os.WriteFile(w.path(name), []byte(content), 0o600)
}

// Override makes Terraform use the program terraform-provider-civo in a directory for these provider addresses, without `terraform init`.
func (w *Workspace) Override(dir string, addresses ...string) error {
	var overrides strings.Builder
	for _, address := range addresses {
		fmt.Fprintf(&overrides, "    %q = %q\n", address, filepath.ToSlash(dir))
	}
	return w.WriteFile(configFile, "provider_installation {\n  dev_overrides {\n"+overrides.String()+"  }\n  direct {}\n}\n")
}

// Mirror makes `terraform init` install every provider from a directory in the layout of a filesystem mirror.
func (w *Workspace) Mirror(dir string) error {
	const config = "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n"
	return w.WriteFile(configFile, fmt.Sprintf(config, filepath.ToSlash(dir)))
}

// Command returns a command that runs Terraform. When the context ends, the command interrupts Terraform, which then saves the state.
func (w *Workspace) Command(ctx context.Context, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, w.Terraform, arguments...) //nolint:gosec // the caller chooses what to run
	command.Dir, command.Env = w.Dir, w.env
	interruptAtEnd(command)
	if w.OwnProcessGroup {
		setProcessGroup(command)
	}
	return command
}

// interruptAtEnd makes a command interrupt its process when its context ends, and kill the process a minute later.
func interruptAtEnd(command *exec.Cmd) {
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = time.Minute
}

// Run runs Terraform and writes its standard output to out. The error contains what Terraform writes to standard error.
func (w *Workspace) Run(ctx context.Context, out io.Writer, arguments ...string) error {
	command := w.Command(ctx, arguments...)
	var problems bytes.Buffer
	command.Stdout, command.Stderr = out, &problems
	if err := command.Run(); err != nil {
		return fmt.Errorf("terraform %s: %w\n%s", arguments[0], err, &problems)
	}
	return nil
}

// Build builds the provider with the linker flags. The working directory must be in this module. When the context ends, it
// interrupts Go, which then removes its temporary files.
func Build(ctx context.Context, binary, ldflags string) error {
	arguments := []string{"build", "-trimpath", "-ldflags", ldflags, "-o", binary, "github.com/seed-0e51fd2b/terraform-provider-civo"}
	command := exec.CommandContext(ctx, "go", arguments...) //nolint:gosec // the caller's own arguments
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	interruptAtEnd(command)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	return nil
}

// BuildMirror builds a version of the provider into a directory, which can then be used with Mirror.
func BuildMirror(ctx context.Context, dir, address, version string) error {
	binary := filepath.Join(dir, filepath.FromSlash(address), version, runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-civo_v"+version)
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	return Build(ctx, binary, "-X main.version="+version)
}
