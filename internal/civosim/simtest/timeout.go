// Timeouts as events, so that tests do not depend on the speed of the machine.

package simtest

import (
	"context"
	"sync"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// ExpiringAt returns a context that times out when the nth request of a kind arrives at a simulator, counted from now.
func ExpiringAt(parent context.Context, server *civosim.Server, kind string, nth int) context.Context {
	ctx, expire := Expiring(parent)
	server.OnArrival(kind, nth, expire)
	return ctx
}

// Expiring returns a context that times out when expire is called, as if its deadline had passed. It does not end with its parent.
func Expiring(parent context.Context) (ctx context.Context, expire func()) {
	c := &expiring{Context: parent, done: make(chan struct{})}
	return c, sync.OnceFunc(func() { close(c.done) })
}

type expiring struct {
	context.Context //nolint:containedctx // this is a context

	done chan struct{}
}

// Deadline returns no deadline.
func (c *expiring) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Done returns a channel that is closed when the context times out.
func (c *expiring) Done() <-chan struct{} { return c.done }

// Err returns context.DeadlineExceeded after the context has timed out.
func (c *expiring) Err() error {
	select {
	case <-c.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}
