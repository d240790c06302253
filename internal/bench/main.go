//go:build unix

// Command bench measures the cost of provider runs: the installed Terraform runs the built binary against the simulator. With
// -baseline, it runs another build of the provider alternately and compares the two. `make bench` runs it; it prints Markdown.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

var (
	baseline = flag.String("baseline", "", "`path` of another build of the provider to compare with")
	runs     = flag.Int("runs", 3, "how often to measure each build")
	big      = flag.Int("big", 1000, "how many credentials the largest measurements have")
)

// work is what is measured: a Terraform command on a number of credentials.
type work struct {
	name, command string
	count         int // of credentials
	others        int // credentials that are created after each one of ours, so that ours are spread over the list
	options       civosim.Options
}

func allWork() []work {
	near := civosim.Options{Latency: 20 * time.Millisecond}
	slow := civosim.Options{Latency: 20 * time.Millisecond, ReadyAfter: time.Second}
	return []work{
		{"plan 300 unchanged, no latency", "plan", 300, 0, civosim.Options{}},
		{"plan 1 unchanged", "plan", 1, 0, near},
		{"plan 100 unchanged", "plan", 100, 0, near},
		{"plan 1,000 unchanged", "plan", *big, 0, near},
		{"apply 1, ready after 1 s", "apply -auto-approve", 1, 0, slow},
		{"apply 100, ready after 1 s", "apply -auto-approve", 100, 0, slow},
		{"apply 1,000, ready after 1 s", "apply -auto-approve", *big, 0, slow},
		{"destroy 100", "destroy -auto-approve", 100, 0, near},
		{"plan 1 among 10,000, all listed", "plan -var=list=true", 1, 9999, near},
		{"plan 100 spread over 10,000", "plan", 100, 99, near},
	}
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

// cost is the cost of one run of Terraform in the order of the columns: first measurements, then counts. The memory is the largest peak
// of a process.
type cost [8]float64

const measurements = 3

const (
	header = `| Work | Wall time | CPU of the provider | Memory of the provider | POST | DELETE | GET | List | Connections |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
`
	costRow  = "| %s | %.2f s | %.2f s | %.1f MiB | %.0f | %.0f | %.0f | %.0f | %.0f |\n"
	ratioRow = "| %s | %.2f | %.2f | %.2f | %.0f | %.0f | %.0f | %.0f | %.0f |\n"
)

func (c cost) print(format, name string) {
	cells := []any{name}
	for _, value := range c {
		cells = append(cells, value)
	}
	_, _ = fmt.Fprintf(os.Stdout, format, cells...)
}

func medians(costs []cost) (m cost) {
	for i := range m {
		slices.SortFunc(costs, func(a, b cost) int { return cmp.Compare(a[i], b[i]) })
		m[i] = costs[len(costs)/2][i]
	}
	return m
}

func main() {
	flag.Parse()
	start := run
	if os.Getenv(envProvider) != "" {
		start = runProvider
	}
	if err := start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir, err := os.MkdirTemp("", "civo-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	build := filepath.Join(dir, "provider")
	bench, err := os.Executable()
	err = errors.Join(err, os.Symlink(bench, filepath.Join(dir, "terraform-provider-civo")), workspace.Build(ctx, build, "-s -w"))
	if err != nil {
		return err
	}
	info, err := os.Stat(build)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(os.Stdout, "%s, %s/%s, %d cores, medians of %d runs. The binary has %.1f MiB.\n\n%s",
		time.Now().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), *runs, float64(info.Size())/(1<<20), header)
	for _, w := range allWork() {
		if err := w.compare(ctx, dir, build); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return nil
}

// compare measures the work with a build of the provider, alternately with the baseline if there is one, and prints the rows.
func (w work) compare(ctx context.Context, dir, build string) error {
	var costs, baselineCosts []cost
	for range *runs {
		err := w.measure(ctx, dir, build, &costs)
		if err == nil && *baseline != "" {
			err = w.measure(ctx, dir, *baseline, &baselineCosts)
		}
		if err != nil {
			return err
		}
	}
	median := medians(costs)
	median.print(costRow, w.name)
	if *baseline != "" {
		compared := medians(baselineCosts)
		for i := range measurements {
			compared[i] = median[i] / compared[i]
		}
		compared.print(ratioRow, "… compared with the baseline")
	}
	return nil
}

// measure adds the cost of one run of the command with a build of the provider. Before a plan or destroy, it creates the credentials.
func (w work) measure(ctx context.Context, dir, build string, costs *[]cost) error {
	var sim *civosim.Server
	w.options.OnRequest = func(r civosim.Request) {
		if r.Kind == civosim.KindCreateCredential {
			for range w.others {
				sim.AddCredential(civosim.Credential{})
			}
		}
	}
	sim, err := civosim.Start(w.options) //nolint:contextcheck // it serves until it is closed
	if err != nil {
		return err
	}
	defer func() { _ = sim.Close() }()
	ws := workspace.New(dir, "terraform", envProvider+"="+build, "CIVO_TOKEN="+sim.Token(), "CIVO_API_URL="+sim.URL(), "CIVO_REGION=lon1")
	config := fmt.Sprintf(configuration, w.count)
	err = errors.Join(ws.Override(dir, provider.Address), ws.WriteFile("main.tf", config), ws.WriteFile("terraform.tfstate", ""))
	if err == nil && !strings.HasPrefix(w.command, "apply") {
		err = ws.Run(ctx, io.Discard, "apply", "-auto-approve", "-parallelism=50")
	}
	if err := errors.Join(err, ws.WriteFile(usageFile, "")); err != nil {
		return err
	}
	sim.ResetRecord()
	start := time.Now()
	if err := ws.Run(ctx, io.Discard, strings.Fields(w.command)...); err != nil {
		return err
	}
	wall := time.Since(start).Seconds()
	cpu, memory, err := readUsage(filepath.Join(dir, usageFile))
	count := func(kind string) float64 { return float64(sim.Count(kind)) }
	*costs = append(*costs, cost{
		wall, cpu, memory, count(civosim.KindCreateCredential), count(civosim.KindDeleteCredential),
		count(civosim.KindGetCredential), count(civosim.KindListCredentials), float64(sim.Connections()),
	})
	return err
}

// Terraform starts this program in place of the provider, because the system reports the usage of a process only to its parent. The
// variable contains the provider to run. Each run adds a line to the file in the workspace.
const envProvider, usageFile = "BENCH_PROVIDER", "usage"

// runProvider runs the provider and records its CPU time in seconds and the peak of its memory in MiB.
func runProvider() error {
	signal.Ignore(os.Interrupt)                                                  // as the provider does
	command := exec.CommandContext(context.Background(), os.Getenv(envProvider)) //nolint:gosec // a build of the provider
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

// readUsage returns the CPU time of all recorded processes and the largest peak of their memory.
func readUsage(file string) (cpu, memory float64, err error) {
	recorded, err := os.ReadFile(file) //nolint:gosec // the program's own file
	for line := range strings.Lines(string(recorded)) {
		var seconds, peak float64
		if _, err := fmt.Sscan(line, &seconds, &peak); err != nil {
			return 0, 0, err
		}
		cpu += seconds
		memory = max(memory, peak)
	}
	return cpu, memory, err
}
