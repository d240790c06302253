// One measurement: a simulator, a state and a run of Terraform.

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// cost is the cost of one run of Terraform.
type cost struct {
	wall, cpu                   time.Duration // cpu: of the provider's processes
	memory                      int64         // the provider's peak, in bytes
	posts, deletes, gets, lists int
	connections                 int
}

const configuration = `terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
    }
  }
}

resource "civo_objectstore_credential" "test" {
  count = %d
  name  = "bench-${count.index}"
}
`

// measure prepares a simulator and a state, and measures one run of the command.
func (w work) measure(ctx context.Context, binary string) (cost, error) {
	dir, err := os.MkdirTemp("", "civo-bench-run-")
	if err != nil {
		return cost{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var sim *civosim.Server
	options := w.options
	options.OnRequest = func(r civosim.Request) {
		if r.Kind == civosim.KindCreateCredential {
			for range w.others {
				sim.AddCredential(civosim.Credential{})
			}
		}
	}
	if sim, err = civosim.Start(options); err != nil { //nolint:contextcheck // it serves until it is closed
		return cost{}, err
	}
	defer func() { _ = sim.Close() }()
	run := func(arguments ...string) (cost, error) { return runTerraform(ctx, dir, binary, sim, arguments...) }

	if err := writeConfiguration(dir, binary, fmt.Sprintf(configuration, w.count)); err != nil {
		return cost{}, err
	}
	if w.command != "apply" {
		if _, err := run("apply", "-auto-approve", "-parallelism=50"); err != nil {
			return cost{}, err
		}
	}
	if w.listAll {
		all := "data \"civo_objectstore_credentials\" \"all\" {}\n"
		if err := writeConfiguration(dir, binary, fmt.Sprintf(configuration, w.count)+all); err != nil {
			return cost{}, err
		}
	}
	if w.command == "plan" {
		return run("plan")
	}
	return run(w.command, "-auto-approve")
}

func writeConfiguration(dir, binary, config string) error {
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n", provider.Address, filepath.Dir(binary))
	if err := os.WriteFile(filepath.Join(dir, "terraform.tfrc"), []byte(overrides), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600)
}

// runTerraform runs Terraform, which must succeed, and returns the cost.
func runTerraform(ctx context.Context, dir, binary string, sim *civosim.Server, arguments ...string) (cost, error) {
	sim.ResetRecord()
	command := exec.CommandContext(ctx, "terraform", append(arguments, "-no-color", "-input=false")...) //nolint:gosec // the program's own arguments
	command.Dir = dir
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "terraform.tfrc"), "CHECKPOINT_DISABLE=1",
		"CIVO_TOKEN="+sim.Token(), "CIVO_API_URL="+sim.URL(), "CIVO_REGION=lon1")
	watch := watchProcesses(binary)
	start := time.Now()
	output, err := command.CombinedOutput()
	c := cost{
		wall: time.Since(start), connections: sim.Connections(),
		posts: sim.Count(civosim.KindCreateCredential), deletes: sim.Count(civosim.KindDeleteCredential),
		gets: sim.Count(civosim.KindGetCredential), lists: sim.Count(civosim.KindListCredentials),
	}
	c.cpu, c.memory = watch.stop()
	if err != nil {
		return cost{}, fmt.Errorf("terraform %s: %w\n%s", strings.Join(arguments, " "), err, output)
	}
	return c, nil
}
