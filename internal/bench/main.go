// Command bench measures what runs of the provider cost: the built binary, run by the real Terraform against the
// simulator. `make bench` runs it; it prints Markdown.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		stop()
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer) error {
	dir, err := os.MkdirTemp("", "civo-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b := &bench{dir: dir, out: out}
	if err := b.build(ctx); err != nil {
		return err
	}
	if b.empty, err = b.emptyRun(ctx); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, %s/%s, %d cores. Latency %s, ready after %s, %d at a time. An empty run of Terraform takes %s.\n",
		time.Now().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), latency, readyAfter, parallelism, seconds(b.empty))
	for _, section := range []func(context.Context) error{b.lifecycles, b.bigRegion, b.rateLimit, b.binarySize} {
		if err := section(ctx); err != nil {
			return err
		}
	}
	return nil
}

// lifecycles measures apply, unchanged plan and destroy of 1, 100 and 1,000 credentials, with reads batched and not.
func (b *bench) lifecycles(ctx context.Context) error {
	b.heading("Apply, plan and destroy", "work", "reads", "wall", "floor", "ratio", "POST", "DELETE", "GET", "list", "connections", "memory")
	for _, count := range []int{1, 100, 1000} {
		for _, binary := range []binary{batched, unbatched} {
			if err := b.lifecycle(ctx, binary, count); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) lifecycle(ctx context.Context, binary binary, count int) error {
	w, err := b.world(binary, count, civosim.Options{Latency: latency, ReadyAfter: readyAfter})
	if err != nil {
		return err
	}
	defer w.close()
	waves := time.Duration((count + parallelism - 1) / parallelism)
	for _, step := range []struct {
		command []string
		floor   time.Duration
	}{
		{[]string{"apply", "-auto-approve"}, b.empty + waves*(latency+readyAfter)},
		{[]string{"plan"}, b.empty + latency},
		{[]string{"destroy", "-auto-approve"}, b.empty + waves*latency},
	} {
		cost, err := w.measure(ctx, step.command...)
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("%s %d", step.command[0], count), string(binary), seconds(cost.wall), seconds(step.floor),
			fmt.Sprintf("%.2f", cost.wall.Seconds()/step.floor.Seconds()),
			cost.posts, cost.deletes, cost.gets, cost.lists, cost.connections, cost.memory)
	}
	return nil
}

// bigRegion measures reads among 10,000 credentials.
func (b *bench) bigRegion(ctx context.Context) error {
	const others = 10_000
	b.heading(fmt.Sprintf("In a region of %d credentials", others), "work", "wall", "requests", "memory")
	for _, count := range []int{1, 100} {
		w, err := b.world(batched, count, civosim.Options{Latency: latency})
		if err != nil {
			return err
		}
		defer w.close()
		if _, err := w.measure(ctx, "apply", "-auto-approve"); err != nil {
			return err
		}
		for i := range others - count {
			w.sim.AddCredential(civosim.Credential{Name: fmt.Sprintf("other-%d", i), Region: "LON1"})
		}
		cost, err := w.measure(ctx, "plan")
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("plan of %d unchanged", count), seconds(cost.wall), cost.requests(), cost.memory)
		if count > 1 {
			continue
		}
		if err := w.write(listConfig); err != nil {
			return err
		}
		cost, err = w.measure(ctx, "plan")
		if err != nil {
			return err
		}
		b.row("plan that lists all", seconds(cost.wall), cost.requests(), cost.memory)
	}
	return nil
}

// rateLimit measures an apply of 100 where Civo takes 20 requests a second.
func (b *bench) rateLimit(ctx context.Context) error {
	const count, limit = 100, 20.0
	b.heading("With a limit of 20 requests a second", "work", "429 told in", "wall", "imposed by the limit", "ratio", "served", "refused")
	for _, retryAfter := range []bool{false, true} {
		w, err := b.world(batched, count, civosim.Options{Latency: latency, ReadyAfter: readyAfter, RateLimit: limit, RetryAfter: retryAfter})
		if err != nil {
			return err
		}
		defer w.close()
		cost, err := w.measure(ctx, "apply", "-auto-approve")
		if err != nil {
			return err
		}
		// What is served in bursts of as many as a second allows has to wait for the rest.
		imposed := b.empty + time.Duration(float64(cost.requests()-cost.refused-int(limit))/limit*float64(time.Second))
		waves := b.empty + count/parallelism*(latency+readyAfter)
		told := "status alone"
		if retryAfter {
			told = "Retry-After"
		}
		imposed = max(imposed, waves)
		b.row(fmt.Sprintf("apply %d", count), told, seconds(cost.wall), seconds(imposed),
			fmt.Sprintf("%.2f", cost.wall.Seconds()/imposed.Seconds()), cost.requests()-cost.refused, cost.refused)
	}
	return nil
}

// binarySize measures the binary as it is released.
func (b *bench) binarySize(context.Context) error {
	info, err := os.Stat(b.path(batched))
	if err != nil {
		return err
	}
	b.heading("Binary, release flags", "size")
	b.row(mebibytes(info.Size()))
	return nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func mebibytes(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }
