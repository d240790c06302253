//go:build unix

// One measurement: a simulator, a state and a run of Terraform.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

// cost is the cost of one run of Terraform: the values of the figures by their names.
type cost map[string]float64

type figure struct{ name, format, kind string } // kind: of the requests that it counts

const wallTime, cpu, memory, connections, integer = "Wall time", "CPU of the provider", "Memory of the provider", "Connections", "%.0f"

var figures = []figure{
	{wallTime, "%.2f s", ""},
	{cpu, "%.2f s", ""},
	{memory, "%.1f MiB", ""}, // the largest peak of a process
	{"POST", integer, civosim.KindCreateCredential},
	{"DELETE", integer, civosim.KindDeleteCredential},
	{"GET", integer, civosim.KindGetCredential},
	{"List", integer, civosim.KindListCredentials},
	{connections, integer, ""},
}

const configuration = `terraform {
  required_providers { civo = { source = "seed-0e51fd2b/civo" } }
}
resource "civo_objectstore_credential" "test" {
  count = %d
  name  = "bench-${count.index}"
}
`

// measure prepares a simulator and a state below dir, and measures one run of the command.
func (w work) measure(ctx context.Context, dir, build string) (cost, error) {
	var sim *civosim.Server
	options := w.options
	options.OnRequest = func(r civosim.Request) {
		if r.Kind == civosim.KindCreateCredential {
			for range w.others {
				sim.AddCredential(civosim.Credential{})
			}
		}
	}
	sim, err := civosim.Start(options) //nolint:contextcheck // it serves until it is closed
	if err != nil {
		return nil, err
	}
	defer func() { _ = sim.Close() }()
	if dir, err = os.MkdirTemp(dir, "run-"); err != nil {
		return nil, err
	}
	ws := workspace.New(dir, "terraform", envProvider+"="+build, envUsage+"="+os.DevNull,
		"CIVO_TOKEN="+sim.Token(), "CIVO_API_URL="+sim.URL(), "CIVO_REGION=lon1")
	if err := w.prepare(ctx, ws); err != nil {
		return nil, err
	}
	usage := filepath.Join(dir, "usage")
	ws.Setenv(envUsage, usage)
	sim.ResetRecord()
	start := time.Now()
	if err := ws.Run(ctx, io.Discard, strings.Fields(w.command)...); err != nil {
		return nil, err
	}
	c := cost{wallTime: time.Since(start).Seconds(), connections: float64(sim.Connections())}
	for _, f := range figures {
		if f.kind != "" {
			c[f.name] = float64(sim.Count(f.kind))
		}
	}
	return c, c.addUsage(usage)
}

// prepare writes the configuration and, except for an apply, creates its credentials.
func (w work) prepare(ctx context.Context, ws *workspace.Workspace) error {
	bench, err := os.Executable()
	err = errors.Join(err, os.Symlink(bench, filepath.Join(ws.Dir, "terraform-provider-civo")), ws.Override(ws.Dir, provider.Address),
		ws.WriteFile("main.tf", fmt.Sprintf(configuration, w.count)))
	if err != nil || strings.HasPrefix(w.command, "apply") {
		return err
	}
	err = ws.Run(ctx, io.Discard, "apply", "-auto-approve", "-parallelism=50")
	if w.listAll {
		err = errors.Join(err, ws.WriteFile("list.tf", "data \"civo_objectstore_credentials\" \"all\" {}\n"))
	}
	return err
}

// Terraform starts this program in place of the provider, because the system reports the usage of a process only to its parent. These
// variables contain the provider to start and the file to which its usage is appended.
const envProvider, envUsage = "BENCH_PROVIDER", "BENCH_USAGE"

// runProvider runs the provider and appends its CPU time in seconds and the peak of its memory in MiB to a file.
func runProvider(binary, usage string) error {
	signal.Ignore(os.Interrupt)                                                  // as the provider does
	command := exec.CommandContext(context.Background(), binary, os.Args[1:]...) //nolint:gosec // the program's own arguments
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return err
	}
	ended := command.ProcessState
	peak := float64(ended.SysUsage().(*syscall.Rusage).Maxrss) / (1 << 10) //nolint:forcetypeassert // so it is on Unix
	if runtime.GOOS == "darwin" {
		peak /= 1 << 10 // bytes instead of KiB
	}
	file, err := os.OpenFile(usage, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // the program's own file
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, (ended.UserTime() + ended.SystemTime()).Seconds(), peak)
	return errors.Join(err, file.Close())
}

// addUsage adds the CPU time of all processes of the provider and the largest peak of their memory.
func (c cost) addUsage(usage string) error {
	recorded, err := os.ReadFile(usage) //nolint:gosec // the program's own file
	for line := range strings.Lines(string(recorded)) {
		var seconds, peak float64
		if _, err := fmt.Sscan(line, &seconds, &peak); err != nil {
			return err
		}
		c[cpu] += seconds
		c[memory] = max(c[memory], peak)
	}
	return err
}
