// Command bench measures what runs of the provider cost: the built binary, run by the real Terraform against the
// simulator. `make bench` runs it; it prints Markdown.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The Civo that is measured against, and Terraform's own number of operations at a time.
const (
	latency     = 20 * time.Millisecond
	readyAfter  = time.Second
	parallelism = 10
)

func main() {
	counts := flag.String("counts", "1,100,1000", "how many credentials to measure apply, plan and destroy with")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, *counts)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, counts string) error {
	dir, err := os.MkdirTemp("", "civo-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b := &bench{dir: dir, out: out}
	for text := range strings.SplitSeq(counts, ",") {
		count, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("reading -counts: %w", err)
		}
		b.counts = append(b.counts, count)
	}
	if err := b.build(ctx); err != nil {
		return err
	}
	b.print("%s, %s/%s, %d cores. Latency %s, ready after %s, %d at a time. The floor is what the same run takes "+
		"with a Civo that takes no time, and what this one makes it wait.\n",
		time.Now().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), latency, readyAfter, parallelism)
	for _, section := range []func(context.Context) error{b.lifecycles, b.bigRegion, b.rateLimit, b.binarySize} {
		if err := section(ctx); err != nil {
			return err
		}
	}
	return nil
}

// lifecycles measures apply, unchanged plan and destroy.
func (b *bench) lifecycles(ctx context.Context) error {
	b.heading("Apply, plan and destroy", "work", "wall", "floor", "ratio", "POST", "DELETE", "GET", "list", "connections", "memory")
	for _, count := range b.counts {
		alone, err := b.alone(ctx, count)
		if err != nil {
			return err
		}
		if err := b.lifecycle(ctx, count, alone); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) lifecycle(ctx context.Context, count int, alone map[string]time.Duration) error {
	w, err := b.world(count, civosim.Options{Latency: latency, ReadyAfter: readyAfter}) //nolint:contextcheck // the simulator runs until it is closed
	if err != nil {
		return err
	}
	defer w.close()
	for _, step := range []struct {
		command []string
		waits   time.Duration // that Civo imposes
	}{
		{[]string{"apply", "-auto-approve"}, inWaves(count, latency+readyAfter)},
		{[]string{"plan"}, latency},
		{[]string{"destroy", "-auto-approve"}, inWaves(count, latency)},
	} {
		cost, err := w.measure(ctx, step.command...)
		if err != nil {
			return err
		}
		floor := alone[step.command[0]] + step.waits
		b.row(fmt.Sprintf("%s %d", step.command[0], count), seconds(cost.wall), seconds(floor), ratio(cost.wall, floor),
			cost.posts, cost.deletes, cost.gets, cost.lists, cost.connections, cost.memory)
	}
	return nil
}

// alone measures what the runs take with a Civo that takes no time.
func (b *bench) alone(ctx context.Context, count int) (map[string]time.Duration, error) {
	w, err := b.world(count, civosim.Options{}) //nolint:contextcheck // the simulator runs until it is closed
	if err != nil {
		return nil, err
	}
	defer w.close()
	took := map[string]time.Duration{}
	for _, command := range [][]string{{"apply", "-auto-approve"}, {"plan"}, {"destroy", "-auto-approve"}} {
		cost, err := w.measure(ctx, command...)
		if err != nil {
			return nil, err
		}
		took[command[0]] = cost.wall
	}
	return took, nil
}

// bigRegion measures reads among 10,000 credentials.
func (b *bench) bigRegion(ctx context.Context) error {
	b.heading(fmt.Sprintf("In a region of %d credentials", inRegion), "work", "wall", "requests", "memory")
	for _, count := range []int{1, 100} {
		if err := b.planAmongMany(ctx, count); err != nil {
			return err
		}
	}
	return nil
}

// inRegion is how many credentials the big region has.
const inRegion = 10_000

// planAmongMany measures a plan of some of the big region's credentials, and one that lists them all besides.
func (b *bench) planAmongMany(ctx context.Context, count int) error {
	w, err := b.world(count, civosim.Options{Latency: latency}) //nolint:contextcheck // the simulator runs until it is closed
	if err != nil {
		return err
	}
	defer w.close()
	if _, err := w.measure(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	for i := range inRegion - count {
		w.sim.AddCredential(civosim.Credential{Name: fmt.Sprintf("other-%d", i), Region: "LON1"})
	}
	for _, work := range []struct{ name, more string }{{"unchanged", ""}, {"unchanged, and a list of all", listAll}} {
		if err := w.write(credentials(count) + work.more); err != nil {
			return err
		}
		cost, err := w.measure(ctx, "plan")
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("plan of %d %s", count, work.name), seconds(cost.wall), cost.requests(), cost.memory)
	}
	return nil
}

// The limit that is measured, in requests a second.
const limit = 20

// rateLimit measures an apply of 100 where Civo takes 20 requests a second.
func (b *bench) rateLimit(ctx context.Context) error {
	b.heading(fmt.Sprintf("With a limit of %d requests a second", limit), "work", "429 comes with", "wall", "imposed by the limit", "ratio", "served", "refused")
	for _, retryAfter := range []bool{false, true} {
		if err := b.applyWithin(ctx, retryAfter); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) applyWithin(ctx context.Context, retryAfter bool) error {
	const count = 100
	w, err := b.world(count, civosim.Options{Latency: latency, ReadyAfter: readyAfter, RateLimit: limit, RetryAfter: retryAfter}) //nolint:contextcheck // the simulator runs until it is closed
	if err != nil {
		return err
	}
	defer w.close()
	cost, err := w.measure(ctx, "apply", "-auto-approve")
	if err != nil {
		return err
	}
	alone, err := b.alone(ctx, count)
	if err != nil {
		return err
	}
	// A burst of a second's worth is free; what is served beyond it has to wait. Nor is it quicker than without a limit.
	served := cost.requests() - cost.refused
	imposed := alone["apply"] + max(time.Duration(served-limit)*time.Second/limit, inWaves(count, latency+readyAfter))
	with := "the status alone"
	if retryAfter {
		with = "Retry-After"
	}
	b.row(fmt.Sprintf("apply %d", count), with, seconds(cost.wall), seconds(imposed), ratio(cost.wall, imposed), served, cost.refused)
	return nil
}

// binarySize measures the binary as it is released.
func (b *bench) binarySize(context.Context) error {
	info, err := os.Stat(b.path())
	if err != nil {
		return err
	}
	b.heading("Binary, release flags", "size")
	b.row(mebibytes(info.Size()))
	return nil
}

// inWaves is how long so many operations take that all take as long, a number of them at a time.
func inWaves(count int, each time.Duration) time.Duration {
	waves := (count + parallelism - 1) / parallelism
	return time.Duration(waves * int(each))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func ratio(wall, floor time.Duration) string {
	return fmt.Sprintf("%.2f", wall.Seconds()/floor.Seconds())
}

func mebibytes(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }
