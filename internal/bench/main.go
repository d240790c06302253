//go:build unix

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
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

// work is what is measured: a Terraform command on a number of credentials, each run against a simulator with the same options.
type work struct {
	name    string
	count   int // of credentials
	command string
	options civosim.Options
	others  int  // credentials that are created after each one of ours, so that ours are spread over the list
	listAll bool // the configuration contains the data source of all credentials too
}

func allWork(big int) []work {
	near := civosim.Options{Latency: 20 * time.Millisecond}
	slow := civosim.Options{Latency: 20 * time.Millisecond, ReadyAfter: time.Second}
	return []work{
		{name: "plan 300 unchanged, no latency", count: 300, command: "plan"},
		{name: "plan 1 unchanged", count: 1, command: "plan", options: near},
		{name: "plan 100 unchanged", count: 100, command: "plan", options: near},
		{name: "plan 1,000 unchanged", count: big, command: "plan", options: near},
		{name: "apply 1, ready after 1 s", count: 1, command: "apply -auto-approve", options: slow},
		{name: "apply 100, ready after 1 s", count: 100, command: "apply -auto-approve", options: slow},
		{name: "apply 1,000, ready after 1 s", count: big, command: "apply -auto-approve", options: slow},
		{name: "destroy 100", count: 100, command: "destroy -auto-approve", options: near},
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
	var err error
	if binary := os.Getenv(envProvider); binary != "" {
		err = runProvider(binary, os.Getenv(envUsage))
	} else {
		err = run(ctx, os.Stdout, *baseline, *runs, *big)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, baseline string, runs, big int) error {
	dir, err := os.MkdirTemp("", "civo-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	builds := []string{filepath.Join(dir, "provider")}
	if err := workspace.Build(ctx, builds[0], "-s -w"); err != nil {
		return err
	}
	info, err := os.Stat(builds[0])
	if err != nil {
		return err
	}
	if baseline != "" {
		builds = append(builds, baseline)
	}
	header := fmt.Sprintf("%s, %s/%s, %d cores, medians of %d runs. The binary has %.1f MiB.\n\n", time.Now().Format(time.DateOnly),
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runs, float64(info.Size())/(1<<20))
	header += row("Work", func(f figure) string { return f.name }) + row("---", func(figure) string { return "---" })
	if _, err := io.WriteString(out, header); err != nil {
		return err
	}
	for _, w := range allWork(big) {
		costs := map[string][]cost{}
		for range runs {
			for _, build := range builds {
				one, err := w.measure(ctx, dir, build)
				if err != nil {
					return fmt.Errorf("%s: %w", w.name, err)
				}
				costs[build] = append(costs[build], one)
			}
		}
		if _, err := io.WriteString(out, w.rows(costs[builds[0]], costs[baseline])); err != nil {
			return err
		}
	}
	return nil
}

// rows returns the medians of a build and, if there is a baseline, the ratios to it; counts are those of the baseline.
func (w work) rows(costs, baseline []cost) string {
	text := row(w.name, func(f figure) string { return fmt.Sprintf(f.format, median(costs, f)) })
	if len(baseline) == 0 {
		return text
	}
	return text + row("… compared with the baseline", func(f figure) string {
		if f.format == integer {
			return fmt.Sprintf(integer, median(baseline, f))
		}
		return fmt.Sprintf("%.2f", median(costs, f)/median(baseline, f))
	})
}

// row returns a row of the table.
func row(first string, cell func(figure) string) string {
	cells := []string{first}
	for _, f := range figures {
		cells = append(cells, cell(f))
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

func median(costs []cost, f figure) float64 {
	slices.SortFunc(costs, func(a, b cost) int { return cmp.Compare(a[f.name], b[f.name]) })
	return costs[len(costs)/2][f.name]
}
