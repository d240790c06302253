// The workspace of the demo.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	goversion "github.com/hashicorp/go-version"
	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/fs"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

// version is the version of the provider that the demo builds. Terraform installs it from a path that contains it.
const version = "0.0.1"

// terraform is the workspace of the demo, and what Terraform printed so far.
type terraform struct {
	*workspace.Workspace

	out      io.Writer
	settings civo.Settings
	name     string

	printed bytes.Buffer
	applied bool // something may exist at Civo
}

func newTerraform(dir string, out io.Writer, settings civo.Settings, name string) *terraform {
	return &terraform{out: out, settings: settings, name: name, Workspace: workspace.New(dir, "terraform", "TF_VAR_name="+name,
		civo.EnvToken+"="+settings.Token.Reveal(), civo.EnvRegion+"="+settings.Region, civo.EnvEndpoint+"="+settings.Endpoint)}
}

// build builds the provider into a filesystem mirror.
func (t *terraform) build(ctx context.Context) error {
	mirror := filepath.Join(t.Dir, "mirror")
	return errors.Join(workspace.BuildMirror(ctx, mirror, provider.Address, version), t.Mirror(mirror))
}

// init finds Terraform, copies the example and installs the provider.
func (t *terraform) init(ctx context.Context, example string) error {
	path, err := install.NewInstaller().Ensure(ctx, []src.Source{
		&fs.AnyVersion{Product: &product.Terraform},
		&releases.LatestVersion{
			Product: product.Terraform, InstallDir: t.Dir,
			Constraints: goversion.MustConstraints(goversion.NewConstraint(">= 1.0, < 2.0")),
		},
	})
	if err != nil {
		return fmt.Errorf("terraform is not on PATH and cannot be downloaded; see https://developer.hashicorp.com/terraform/install: %w", err)
	}
	t.Terraform = path
	config, err := os.ReadFile(filepath.Join(example, "main.tf")) //nolint:gosec // the repository's own example
	if err != nil {
		return err
	}
	if err := t.WriteFile("main.tf", string(config)); err != nil {
		return err
	}
	return t.show(ctx, "init")
}

// show runs Terraform and shows what it prints.
func (t *terraform) show(ctx context.Context, arguments ...string) error {
	t.applied = t.applied || arguments[0] == "apply"
	return t.Run(ctx, io.MultiWriter(t.out, &t.printed), arguments...)
}

// checkSecret checks that the state contains the secret access key and that it was never printed.
func (t *terraform) checkSecret(ctx context.Context) error {
	var output bytes.Buffer
	if err := t.Run(ctx, &output, "output", "-json"); err != nil {
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
	if err := t.Run(ctx, io.Discard, "destroy", "-auto-approve", "-refresh=false"); err != nil {
		return fmt.Errorf("destroying the credential and the object store %s in %s, which may have to be deleted by hand: %w", t.name, t.settings.Region, err)
	}
	return nil
}
