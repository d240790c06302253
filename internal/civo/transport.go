// Attempts at a request: timeout, size limit, grace period and repetition after a 429.

package civo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxAnswer is the maximum size of a response, in bytes. A page of 100 credentials is about 30 kB.
const maxAnswer = 8 << 20

var (
	errAttemptTimeout = errors.New("timed out waiting for the response")
	errTooLong        = fmt.Errorf("the response is longer than %d bytes", maxAnswer)
)

// response is a complete response.
type response struct {
	status     int
	body       []byte
	retryAfter time.Duration // the wait that it requests
}

// exchange sends a request and returns the response. It repeats a request that is answered with 429, which is never carried out, until
// the context ends.
func (c *Client) exchange(ctx context.Context, req *http.Request) (response, *attemptError) {
	for count := 0; ; count++ {
		held := c.throttle.wait(ctx)
		if err := ctx.Err(); err != nil {
			return response{}, &attemptError{
				text: err.Error() + " before the request was sent", cause: err, neverSent: true, rateLimited: held,
			}
		}
		start := time.Now()
		resp, failed := c.attempt(ctx, req)
		if c.config.Trace != nil {
			attempt := Attempt{
				Method: req.Method, Path: req.URL.Path, Query: req.URL.RawQuery, Status: resp.status, Duration: time.Since(start),
			}
			if failed != nil {
				attempt.Err = failed
			}
			c.config.Trace(ctx, attempt)
		}
		if failed != nil || resp.status != http.StatusTooManyRequests {
			return resp, failed
		}
		c.throttle.pause(resp.retryAfter, count)
	}
}

// attempt sends a request once. It reads the whole response, so that a truncated response counts as none. When the caller cancels, a
// write gets some more time for its response, since its outcome would otherwise be unknown.
func (c *Client) attempt(ctx context.Context, req *http.Request) (response, *attemptError) {
	if req.Method != http.MethodGet {
		var cancel context.CancelFunc
		ctx, cancel = c.withGrace(ctx)
		defer cancel()
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.timing.Attempt, errAttemptTimeout)
	defer cancel()
	again := req.Clone(ctx)
	again.Body, _ = req.GetBody() // never fails for a body in memory
	resp, err := c.base.RoundTrip(again)
	if err != nil {
		return response{}, newAttemptError(context.Cause(ctx), err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if len(body) > maxAnswer {
		err = errTooLong
	}
	if err != nil {
		return response{}, newAttemptError(context.Cause(ctx), err)
	}
	return response{resp.StatusCode, body, retryAfter(resp)}, nil
}

// withGrace returns a context that ends half a grace period after its parent, with the same cause. The first half is for the response to
// a write. The second half is for determining the outcome of a write without a response.
func (c *Client) withGrace(parent context.Context) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	unwatch := context.AfterFunc(parent, func() {
		time.AfterFunc(c.timing.Grace/2, func() { cancel(context.Cause(parent)) })
	})
	return later, func() {
		unwatch()
		cancel(nil)
	}
}
