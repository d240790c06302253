// Recording the simulator, in simulated time.

package record

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Defaults returns the options of the simulator that `make sim` starts.
func Defaults() civosim.Options { return civosim.Options{ReadyAfter: 2 * time.Second} }

// simulatedClock is a clock that only Sleep advances.
type simulatedClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *simulatedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *simulatedClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// Simulate records a simulator with these options. Waits take no time, because the recorder and the simulator share a simulated clock.
func Simulate(ctx context.Context, options civosim.Options, region string, out io.Writer) (Recording, error) {
	clock := &simulatedClock{now: time.Now()}
	options.Now = clock.Now
	server, err := civosim.Start(options) //nolint:contextcheck // it serves until it is closed
	if err != nil {
		return Recording{}, err
	}
	s := NewSession(Config{
		Token: server.Token(), Region: simulated(options, region), Endpoint: server.URL(), ObjectStoreEndpoint: server.S3URL(), Out: out,
		Clock: Clock{clock.Now, clock.Sleep},
	})
	if _, err := s.Prepare(ctx); err != nil {
		return Recording{}, errors.Join(err, server.Close())
	}
	recording, err := s.Run(ctx, context.WithoutCancel(ctx))
	return recording, errors.Join(err, server.Close())
}

// simulated returns the region if the simulator has it, and the simulator's default region otherwise.
func simulated(options civosim.Options, region string) string {
	codes := options.Regions
	if len(codes) == 0 {
		codes = []string{"lon1", "fra1", "nyc1", "mum1"}
	}
	if slices.ContainsFunc(codes, func(code string) bool { return strings.EqualFold(code, region) }) {
		return region
	}
	return codes[0]
}
