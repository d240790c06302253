//go:build unix

// Package bench measures the cost of provider runs: the installed Terraform runs a build of the provider against the simulator.
// `make bench` runs the benchmarks, and benchstat prints the results.
package bench_test

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
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

// work is what is measured: a Terraform command on a number of credentials.
type work struct {
	name, command string
	count         int // of credentials
	others        int // credentials that are created after each one of ours, so that ours are spread over the list
	options       civosim.Options
}

const configuration = `terraform {
  required_providers { civo = { source = "seed-0e51fd2b/civo" } }
}
resource "civo_objectstore_credential" "test" {
  count = %d
  name  = "bench-${count.index}"
}
variable "list" { default = false }
data "civo_objectstore_credentials" "all" { count = var.list ? 1 : 0 }
`

// BenchmarkTerraform measures each work with this build of the provider and with BENCH_BASELINE, which is another build.
func BenchmarkTerraform(b *testing.B) {
	build := filepath.Join(b.TempDir(), "provider")
	if err := workspace.Build(b.Context(), build, "-s -w"); err != nil {
		b.Fatal(err)
	}
	near := civosim.Options{Latency: 20 * time.Millisecond}
	slow := civosim.Options{Latency: 20 * time.Millisecond, ReadyAfter: time.Second}
	for _, w := range []work{
		{"plan300NoLatency", "plan", 300, 0, civosim.Options{}},
		{"plan1", "plan", 1, 0, near},
		{"plan100", "plan", 100, 0, near},
		{"plan1000", "plan", 1000, 0, near},
		{"apply1", "apply -auto-approve", 1, 0, slow},
		{"apply100", "apply -auto-approve", 100, 0, slow},
		{"apply1000", "apply -auto-approve", 1000, 0, slow},
		{"destroy100", "destroy -auto-approve", 100, 0, near},
		{"plan1Among10000Listed", "plan -var=list=true", 1, 9999, near},
		{"plan100Among10000", "plan", 100, 99, near},
	} {
		if baseline := os.Getenv("BENCH_BASELINE"); baseline != "" {
			b.Run("work="+w.name+"/build=baseline", func(b *testing.B) { w.measure(b, baseline) })
		}
		b.Run("work="+w.name+"/build=this", func(b *testing.B) { w.measure(b, build) })
	}
}

// measure runs the command with a build of the provider. Before a plan or destroy, it creates the credentials.
func (w work) measure(b *testing.B, build string) {
	b.Helper()
	var sim *civosim.Server
	w.options.OnRequest = func(r civosim.Request) {
		if r.Kind == civosim.KindCreateCredential {
			for range w.others {
				sim.AddCredential(civosim.Credential{})
			}
		}
	}
	sim = simtest.Start(b, w.options)
	ws := workspace.New(b.TempDir(), "terraform",
		envProvider+"="+build, "CIVO_TOKEN="+sim.Token(), "CIVO_API_URL="+sim.URL(), "CIVO_REGION=lon1")
	bench, err := os.Executable()
	err = errors.Join(err, os.Symlink(bench, filepath.Join(ws.Dir, "terraform-provider-civo")), ws.Override(ws.Dir, provider.Address),
		ws.WriteFile("main.tf", fmt.Sprintf(configuration, w.count)))
	if err == nil && !strings.HasPrefix(w.command, "apply") {
		err = ws.Run(b.Context(), io.Discard, "apply", "-auto-approve", "-parallelism=50")
	}
	if err := errors.Join(err, ws.WriteFile(usageFile, "")); err != nil {
		b.Fatal(err)
	}
	sim.ResetRecord()
	for b.Loop() {
		err = ws.Run(b.Context(), io.Discard, strings.Fields(w.command)...)
	}
	recorded, readErr := os.ReadFile(filepath.Join(ws.Dir, usageFile)) //nolint:gosec // this program wrote the file
	if err := errors.Join(err, readErr); err != nil {
		b.Fatal(err)
	}
	if b.N > 1 {
		b.Fatal("run with -benchtime=1x")
	}
	var cpu, memory float64
	for line := range strings.Lines(string(recorded)) {
		var seconds, peak float64
		if _, err := fmt.Sscan(line, &seconds, &peak); err != nil {
			b.Fatal(err)
		}
		cpu, memory = cpu+seconds, max(memory, peak)
	}
	b.ReportMetric(cpu, "cpu-s")
	b.ReportMetric(memory, "peak-MiB")
	b.ReportMetric(float64(sim.Count(civosim.KindCreateCredential)), "POST")
	b.ReportMetric(float64(sim.Count(civosim.KindDeleteCredential)), "DELETE")
	b.ReportMetric(float64(sim.Count(civosim.KindGetCredential)), "GET")
	b.ReportMetric(float64(sim.Count(civosim.KindListCredentials)), "list")
	b.ReportMetric(float64(sim.Connections()), "connections")
}

// Terraform starts this program in place of the provider, because the system reports the usage of a process only to its parent. The
// variable contains the provider to run. Each run adds a line to the file in the workspace.
const envProvider, usageFile = "BENCH_PROVIDER", "usage"

func TestMain(m *testing.M) {
	if build := os.Getenv(envProvider); build == "" {
		m.Run()
	} else if err := runProvider(build); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runProvider runs a build of the provider and records its CPU time in seconds and the peak of its memory in MiB.
func runProvider(build string) error {
	signal.Ignore(os.Interrupt)                                 // as the provider does
	command := exec.CommandContext(context.Background(), build) //nolint:gosec // a build of the provider
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return err
	}
	ended := command.ProcessState
	peak := float64(ended.SysUsage().(*syscall.Rusage).Maxrss) / (1 << 10) //nolint:forcetypeassert // so it is on Unix
	if runtime.GOOS == "darwin" {
		peak /= 1 << 10 // bytes instead of KiB
	}
	file, err := os.OpenFile(usageFile, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, (ended.UserTime() + ended.SystemTime()).Seconds(), peak)
	return errors.Join(err, file.Close())
}
