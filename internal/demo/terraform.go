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
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
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

// terraform is the workspace of the demo.
type terraform struct {
	*workspace.Workspace

	out     io.Writer
	applied bool // a credential or an object store may exist
}

func newTerraform(dir string, out io.Writer, settings civo.Settings, name string) *terraform {
	w := workspace.New(dir, "terraform", "TF_VAR_name="+name, civo.EnvToken+"="+settings.Token.Reveal(), civo.EnvRegion+"="+settings.Region,
		civo.EnvEndpoint+"="+settings.Endpoint, civo.EnvObjectStoreEndpoint+"="+settings.ObjectStoreEndpoint)
	w.OwnProcessGroup = true
	return &terraform{out: out, Workspace: w}
}

// install builds the provider into a filesystem mirror, finds Terraform, copies the example and installs the provider.
func (t *terraform) install(ctx context.Context, example string) error {
	mirror := filepath.Join(t.Dir, "mirror")
	if err := errors.Join(workspace.BuildMirror(ctx, mirror, provider.Address, version), t.Mirror(mirror)); err != nil {
		return err
	}
	path, err := install.NewInstaller().Ensure(ctx, []src.Source{
		&fs.AnyVersion{Product: &product.Terraform},
		&releases.LatestVersion{
			Product: product.Terraform, InstallDir: t.Dir,
			Constraints: goversion.MustConstraints(goversion.NewConstraint(">= 1.0, < 2.0")),
		},
	})
	if err != nil {
		return fmt.Errorf("terraform is not on the PATH and could not be downloaded (see https://developer.hashicorp.com/terraform/install): %w", err)
	}
	t.Terraform = path
	config, err := os.ReadFile(filepath.Join(example, "main.tf")) //nolint:gosec // the repository's own example
	if err != nil {
		return err
	}
	if err := t.WriteFile("main.tf", string(config)); err != nil {
		return err
	}
	return t.quietly(ctx, "init")
}

// show prints a command, runs it and prints its output.
func (t *terraform) show(ctx context.Context, arguments ...string) error {
	return t.run(ctx, t.out, arguments...)
}

// quietly prints a command and runs it. It does not print the output of the command.
func (t *terraform) quietly(ctx context.Context, arguments ...string) error {
	return t.run(ctx, io.Discard, arguments...)
}

func (t *terraform) run(ctx context.Context, out io.Writer, arguments ...string) error {
	if _, err := fmt.Fprintln(t.out, "$ terraform", strings.Join(arguments, " ")); err != nil {
		return err
	}
	t.applied = t.applied || arguments[0] == "apply"
	return t.Run(ctx, out, arguments...)
}

// refused runs a command that must fail, and prints its error. It returns an error if the command succeeds or if the command's error does
// not contain a text.
func (t *terraform) refused(ctx context.Context, want string, arguments ...string) error {
	err := t.quietly(ctx, arguments...)
	if err == nil {
		return fmt.Errorf("terraform %s succeeded, but must fail with the error %q", arguments[0], want)
	}
	if !strings.Contains(err.Error(), want) {
		return err
	}
	_, shown, _ := strings.Cut(err.Error(), "\n")
	_, err = fmt.Fprintln(t.out, strings.TrimSpace(shown))
	return err
}

// bucket returns the bucket and the keys in the outputs of the configuration.
func (t *terraform) bucket(ctx context.Context) (bucket, error) {
	var printed bytes.Buffer
	if err := t.Run(ctx, &printed, "output", "-json"); err != nil {
		return bucket{}, err
	}
	var outputs map[string]struct {
		Value string `json:"value"`
	}
	if err := json.Unmarshal(printed.Bytes(), &outputs); err != nil {
		return bucket{}, fmt.Errorf("reading the outputs: %w", err)
	}
	value := func(name string) string { return outputs[name].Value }
	return bucket{
		url: value("bucket_url"), region: value("region"),
		keys: aws.Credentials{AccessKeyID: value("access_key_id"), SecretAccessKey: value("secret_access_key")},
	}, nil
}
