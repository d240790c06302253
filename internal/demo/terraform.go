package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"strings"

	goversion "github.com/hashicorp/go-version"
	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/fs"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"
	"github.com/hashicorp/terraform-exec/tfexec"
)

// terraform is one Terraform in two voices: what the loud one prints is shown, and the quiet one is for looking.
type terraform struct {
	loud, quiet *tfexec.Terraform
}

// findTerraform gives the path of the terraform on PATH, or of one that it fetches into dir.
func findTerraform(ctx context.Context, dir string) (string, error) {
	path, err := install.NewInstaller().Ensure(ctx, []src.Source{
		&fs.AnyVersion{Product: &product.Terraform},
		&releases.LatestVersion{
			Product: product.Terraform, InstallDir: dir,
			Constraints: goversion.MustConstraints(goversion.NewConstraint(">= 1.0, < 2.0")),
		},
	})
	if err != nil {
		return "", fmt.Errorf("terraform is not on PATH and cannot be fetched; "+
			"see https://developer.hashicorp.com/terraform/install: %w", err)
	}
	return path, nil
}

// newTerraform runs the terraform at path in the directory dir. The loud one's standard output goes to out; what either
// writes to standard error is in the errors of its commands.
func newTerraform(ctx context.Context, path, dir string, env map[string]string, out io.Writer) (terraform, error) {
	loud, err := tfexec.NewTerraform(dir, path)
	if err != nil {
		return terraform{}, err
	}
	quiet, err := tfexec.NewTerraform(dir, path)
	if err != nil {
		return terraform{}, err
	}
	for _, tf := range []*tfexec.Terraform{loud, quiet} {
		if err := tf.SetEnv(env); err != nil {
			return terraform{}, err
		}
	}
	// Asked now, the version is known, and is not asked for in front of everyone.
	if _, _, err := loud.Version(ctx, false); err != nil {
		return terraform{}, err
	}
	loud.SetStdout(out)
	return terraform{loud, quiet}, nil
}

// terraformEnv is the environment that Terraform runs in: the user's, without the variables that would change what
// Terraform or the provider does, and with those that the demo sets.
func terraformEnv(environ []string, settings ...map[string]string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		if !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "CIVO_") {
			env[name] = value
		}
	}
	for _, set := range settings {
		maps.Copy(env, set)
	}
	return env
}
