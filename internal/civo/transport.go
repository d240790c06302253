// Attempts at a request: headers, timeout, size limit and grace period.

package civo

import (
	"bytes"
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

// transport sends requests. It adds the headers, limits the duration, and reads the whole response, so that a truncated response
// counts as none. It repeats a request that is answered with 429, which is never carried out, until the context ends.
type transport struct {
	base      http.RoundTripper
	token     Secret
	userAgent string
	timing    Timing
	trace     func(context.Context, Attempt)
	throttle  throttle
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	for count := 0; ; count++ {
		if err := t.throttle.wait(req.Context()); err != nil {
			return nil, &attemptError{words: "before the request was sent", cause: err, neverSent: true, rateLimited: true}
		}
		if err := req.Context().Err(); err != nil {
			return nil, &attemptError{words: "before the request was sent", cause: err, neverSent: true}
		}
		start := time.Now()
		resp, err := t.attempt(req)
		t.report(req, resp, time.Since(start), err)
		if err != nil || resp.StatusCode != http.StatusTooManyRequests {
			return resp, err
		}
		t.throttle.pause(resp, count)
	}
}

func (t *transport) attempt(req *http.Request) (*http.Response, error) {
	ctx, cancel := t.attemptContext(req.Context(), req.Method)
	defer cancel()
	signed := req.Clone(ctx)
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		signed.Body = body
	}
	signed.Header.Set("Authorization", "bearer "+t.token.Reveal())
	signed.Header.Set("User-Agent", t.userAgent)
	signed.Header.Set("Accept", "application/json")
	resp, err := t.base.RoundTrip(signed)
	if err == nil {
		err = readWhole(resp)
	}
	if err != nil {
		return nil, newAttemptError(context.Cause(ctx), err)
	}
	resp.Header.Del("Location") // net/http would quote a value that it cannot parse
	return resp, nil
}

// attemptContext returns the context of one attempt, with its timeout. When the caller cancels, a write gets some more time for
// its response, since its outcome would otherwise be unknown.
func (t *transport) attemptContext(parent context.Context, method string) (context.Context, context.CancelFunc) {
	if extended, ok := parent.Value(graceKey{}).(grace); ok && method != http.MethodGet {
		parent = extended.write
	}
	return context.WithTimeoutCause(parent, t.timing.Attempt, errAttemptTimeout)
}

// grace contains the contexts of an operation that writes. They end some time after the caller cancels: write after the first
// half of the grace period, so that the second half is left to determine the outcome of a write without a response.
type grace struct{ write, operation context.Context } //nolint:containedctx // it is carried by a context

type graceKey struct{}

// withGrace returns a context for an operation that writes. It ends with its parent, but carries the contexts that end later (see
// graceOf).
func withGrace(parent context.Context, length time.Duration) (context.Context, context.CancelFunc) {
	write, cancelWrite := extend(parent, length/2)
	operation, cancelOperation := extend(parent, length)
	return context.WithValue(parent, graceKey{}, grace{write, operation}), func() {
		cancelWrite()
		cancelOperation()
	}
}

// extend returns a context that ends some time after its parent, with the same cause.
func extend(parent context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	unwatch := context.AfterFunc(parent, func() {
		time.AfterFunc(by, func() { cancel(context.Cause(parent)) })
	})
	return later, func() {
		unwatch()
		cancel(nil)
	}
}

// graceOf returns the context that ends one grace period after ctx, or ctx itself if it has none.
func graceOf(ctx context.Context) context.Context {
	if extended, ok := ctx.Value(graceKey{}).(grace); ok {
		return extended.operation
	}
	return ctx
}

func readWhole(resp *http.Response) error {
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return err
	}
	if len(body) > maxAnswer {
		return errTooLong
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

func (t *transport) report(req *http.Request, resp *http.Response, took time.Duration, err error) {
	if t.trace == nil {
		return
	}
	attempt := Attempt{Method: req.Method, Path: req.URL.Path, Query: req.URL.RawQuery, Duration: took, Err: err}
	if resp != nil {
		attempt.Status = resp.StatusCode
	}
	t.trace(req.Context(), attempt)
}
