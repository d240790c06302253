// Command bench measures the cost of provider runs: the installed Terraform runs the built binary against the simulator. With
// -baseline, it runs another build of the provider alternately and compares the two. `make bench` runs it; it prints Markdown.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// work is what is measured: Terraform commands on a number of credentials, each run against a simulator with the same options.
type work struct {
	name    string
	count   int // of credentials
	command string
	options civosim.Options
	others  int  // credentials that are created after each one of ours, so that ours are spread over the list
	listAll bool // the configuration contains the data source of all credentials too
}

// The latency and the time until ready of the simulator, where they are not zero.
const (
	latency    = 20 * time.Millisecond
	readyAfter = time.Second
)

func allWork(big int) []work {
	near, slow := civosim.Options{Latency: latency}, civosim.Options{Latency: latency, ReadyAfter: readyAfter}
	return []work{
		{name: "plan 300 unchanged, no latency", count: 300, command: "plan"},
		{name: "plan 1 unchanged", count: 1, command: "plan", options: near},
		{name: "plan 100 unchanged", count: 100, command: "plan", options: near},
		{name: "plan 1,000 unchanged", count: big, command: "plan", options: near},
		{name: "apply 1, ready after 1 s", count: 1, command: "apply", options: slow},
		{name: "apply 100, ready after 1 s", count: 100, command: "apply", options: slow},
		{name: "apply 1,000, ready after 1 s", count: big, command: "apply", options: slow},
		{name: "destroy 100", count: 100, command: "destroy", options: near},
		{name: "plan 1 among 10,000, all listed", count: 1, command: "plan", options: near, others: 9999, listAll: true},
		{name: "plan 100 spread over 10,000", count: 100, command: "plan", options: near, others: 99},
	}
}

func main() {
	baseline := flag.String("baseline", "", "`path` of another build of the provider to compare with")
	runs := flag.Int("runs", 3, "how often to measure each build")
	big := flag.Int("big", 1000, "how many credentials the largest measurements have")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *baseline, *runs, *big); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // stop only ends the handling of signals
	}
}

func run(ctx context.Context, out io.Writer, baseline string, runs, big int) error {
	dir, err := os.MkdirTemp("", "civo-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary := filepath.Join(dir, "terraform-provider-civo")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".") //nolint:gosec // the program's own arguments
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w: %s", err, output)
	}
	builds := []string{binary}
	if baseline != "" {
		builds = append(builds, baseline)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	write(out, "%s, %s/%s, %d cores, medians of %d runs. The binary has %.1f MiB.\n\n", time.Now().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), runs, mebibytes(info.Size()))
	write(out, "| Work | Wall time | CPU of the provider | Memory of the provider | POST | DELETE | GET | List | Connections |\n"+
		"| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, w := range allWork(big) {
		costs := make([][]cost, len(builds))
		for range runs {
			for i, build := range builds {
				one, err := w.measure(ctx, build)
				if err != nil {
					return fmt.Errorf("%s: %w", w.name, err)
				}
				costs[i] = append(costs[i], one)
			}
		}
		printRow(out, w.name, costs)
	}
	return nil
}

// printRow prints the medians of a build and, if there is a baseline, the ratios to it.
func printRow(out io.Writer, name string, costs [][]cost) {
	row := median(costs[0])
	write(out, "| %s | %.2f s | %.2f s | %.1f MiB | %d | %d | %d | %d | %d |\n", name, row.wall.Seconds(), row.cpu.Seconds(), mebibytes(row.memory),
		row.posts, row.deletes, row.gets, row.lists, row.connections)
	if len(costs) < 2 {
		return
	}
	base := median(costs[1])
	write(out, "| … compared with the baseline | %.2f | %.2f | %.2f | %d | %d | %d | %d | %d |\n", row.wall.Seconds()/base.wall.Seconds(),
		row.cpu.Seconds()/base.cpu.Seconds(), float64(row.memory)/float64(base.memory), base.posts, base.deletes, base.gets, base.lists, base.connections)
}

// write writes to the output and ignores errors: a failed write is no reason to stop measuring.
func write(out io.Writer, format string, arguments ...any) {
	_, _ = fmt.Fprintf(out, format, arguments...)
}

// median returns the median of each figure.
func median(costs []cost) cost {
	return cost{
		wall: middle(costs, func(c cost) time.Duration { return c.wall }), cpu: middle(costs, func(c cost) time.Duration { return c.cpu }),
		memory: middle(costs, func(c cost) int64 { return c.memory }), connections: middle(costs, func(c cost) int { return c.connections }),
		posts: middle(costs, func(c cost) int { return c.posts }), deletes: middle(costs, func(c cost) int { return c.deletes }),
		gets: middle(costs, func(c cost) int { return c.gets }), lists: middle(costs, func(c cost) int { return c.lists }),
	}
}

func middle[T cmp.Ordered](costs []cost, figure func(cost) T) T {
	figures := make([]T, 0, len(costs))
	for _, c := range costs {
		figures = append(figures, figure(c))
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}

func mebibytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }
