// Timeouts and log lines as events, so that tests do not depend on the speed of the machine.

package acctest

import (
	"bytes"
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

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

// OnLog returns a context with which the provider calls a function whenever it logs a line that contains the text. The provider logs each
// attempt at a request before it decides what to do next.
func OnLog(ctx context.Context, text string, do func()) context.Context {
	return tflogtest.RootLogger(ctx, lineWriter(func(line []byte) {
		if bytes.Contains(line, []byte(text)) {
			do()
		}
	}))
}

type lineWriter func(line []byte)

// Write implements io.Writer.
func (w lineWriter) Write(line []byte) (int, error) {
	w(line)
	return len(line), nil
}
