// Building and running Terraform and the provider.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	goversion "github.com/hashicorp/go-version"
	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/fs"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// version is the version of the provider that the demo builds. Terraform installs it from a path that contains it.
const version = "0.0.1"

// terraform is a directory in which Terraform runs with the provider, and what it printed so far.
type terraform struct {
	dir      string
	out      io.Writer
	settings civo.Settings
	name     string

	path    string // of the program
	printed bytes.Buffer
	applied bool // something may exist at Civo
}

// build builds the provider into a filesystem mirror.
func (t *terraform) build(ctx context.Context) error {
	binary := filepath.Join(t.dir, "mirror", filepath.FromSlash(provider.Address), version, runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-civo_v"+version)
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-X main.version="+version, "-o", binary, //nolint:gosec // the demo's own arguments
		"github.com/seed-0e51fd2b/terraform-provider-civo")
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	return nil
}

// init finds Terraform, copies the example and installs the provider.
func (t *terraform) init(ctx context.Context, example string) error {
	path, err := install.NewInstaller().Ensure(ctx, []src.Source{
		&fs.AnyVersion{Product: &product.Terraform},
		&releases.LatestVersion{
			Product: product.Terraform, InstallDir: t.dir,
			Constraints: goversion.MustConstraints(goversion.NewConstraint(">= 1.0, < 2.0")),
		},
	})
	if err != nil {
		return fmt.Errorf("terraform is not on PATH and cannot be downloaded; see https://developer.hashicorp.com/terraform/install: %w", err)
	}
	t.path = path
	config, err := os.ReadFile(filepath.Join(example, "main.tf")) //nolint:gosec // the repository's own example
	if err != nil {
		return err
	}
	mirror := filepath.ToSlash(filepath.Join(t.dir, "mirror"))
	for name, content := range map[string]string{
		"main.tf":        string(config),
		"terraform.tfrc": fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path    = %q\n    include = [%q]\n  }\n}\n", mirror, provider.Address),
	} {
		if err := os.WriteFile(filepath.Join(t.dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return t.show(ctx, "init")
}

// show runs Terraform and shows what it prints.
func (t *terraform) show(ctx context.Context, arguments ...string) error {
	t.applied = t.applied || arguments[0] == "apply"
	return t.run(ctx, io.MultiWriter(t.out, &t.printed), arguments...)
}

func (t *terraform) run(ctx context.Context, out io.Writer, arguments ...string) error {
	command := exec.CommandContext(ctx, t.path, append(arguments, "-no-color")...) //nolint:gosec // the demo's own arguments
	command.Dir, command.Env = t.dir, t.environment()
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) } // Terraform saves its state
	command.WaitDelay = time.Minute
	var problems bytes.Buffer
	command.Stdout, command.Stderr = out, &problems
	if err := command.Run(); err != nil {
		return fmt.Errorf("terraform %s: %w\n%s", arguments[0], err, &problems)
	}
	return nil
}

// environment returns the user's environment without the variables that change what Terraform or the provider does.
func (t *terraform) environment() []string {
	env := []string{
		"TF_CLI_CONFIG_FILE=" + filepath.Join(t.dir, "terraform.tfrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_VAR_name=" + t.name,
		civo.EnvToken + "=" + t.settings.Token.Reveal(), civo.EnvRegion + "=" + t.settings.Region, civo.EnvEndpoint + "=" + t.settings.Endpoint,
	}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "CIVO_") {
			env = append(env, variable)
		}
	}
	return env
}

// checkSecret checks that the state contains the secret access key and that it was never printed.
func (t *terraform) checkSecret(ctx context.Context) error {
	var output bytes.Buffer
	if err := t.run(ctx, &output, "output", "-json"); err != nil {
		return err
	}
	var values map[string]struct {
		Value any `json:"value"`
	}
	if err := json.Unmarshal(output.Bytes(), &values); err != nil {
		return err
	}
	secret, _ := values["secret_access_key"].Value.(string)
	if secret == "" {
		return errors.New("the output secret_access_key is empty")
	}
	if bytes.Contains(t.printed.Bytes(), []byte(secret)) || bytes.Contains(t.printed.Bytes(), []byte(t.settings.Token.Reveal())) {
		return errors.New("a secret was printed")
	}
	_, err := fmt.Fprintf(t.out, "terraform output -json returns it: %d characters.\n", len(secret))
	return err
}

// cleanUp destroys what a demo that ended early created.
func (t *terraform) cleanUp(ctx context.Context) error {
	if !t.applied {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
	defer cancel()
	// Without a refresh, since a data source may be what failed.
	if err := t.run(ctx, io.Discard, "destroy", "-auto-approve", "-refresh=false"); err != nil {
		return fmt.Errorf("destroying the credential and the object store %s in %s, which may have to be deleted by hand: %w", t.name, t.settings.Region, err)
	}
	return nil
}
