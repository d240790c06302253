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

// maxAnswer bounds how much of an answer is read, in bytes. A page of 100 credentials is about 30 kB.
const maxAnswer = 8 << 20

var (
	errAttemptTimeout = errors.New("no whole answer in time")
	errTooLong        = fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	// errHeld marks a request that was given up before it was sent.
	errHeld = errors.New("not sent")
)

// transport sends one attempt at a request: it signs it, bounds its time, and reads the whole answer, so that an answer
// that is cut counts as none.
type transport struct {
	base      http.RoundTripper
	token     Secret
	userAgent string
	pace      Pace
	trace     func(context.Context, Exchange)
	hold      hold
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.hold.wait(req.Context()); err != nil {
		return nil, fmt.Errorf("%w: %w", errHeld, err)
	}
	start := time.Now()
	resp, err := t.attempt(req.Context(), req)
	t.report(req, resp, time.Since(start), err)
	switch {
	case err != nil: // says nothing about the limit
	case resp.StatusCode == http.StatusTooManyRequests:
		t.hold.extend(retryAfter(resp))
	default:
		t.hold.served()
	}
	return resp, err
}

func (t *transport) attempt(parent context.Context, req *http.Request) (*http.Response, error) {
	ctx, cancel := t.attemptContext(parent, req.Method)
	defer cancel()
	signed := req.Clone(ctx)
	signed.Header.Set("Authorization", "bearer "+t.token.Reveal())
	signed.Header.Set("User-Agent", t.userAgent)
	signed.Header.Set("Accept", "application/json")
	resp, err := t.base.RoundTrip(signed)
	if err == nil {
		err = readWhole(resp)
	}
	if err != nil {
		return nil, causeOf(ctx, err)
	}
	return resp, nil
}

// attemptContext bounds an attempt. A write is not cut off at once when the caller gives up: nobody would know what
// became of it. It gets a little longer to be answered.
func (t *transport) attemptContext(parent context.Context, method string) (context.Context, context.CancelFunc) {
	if method == http.MethodGet {
		return context.WithTimeoutCause(parent, t.pace.Attempt, errAttemptTimeout)
	}
	return withGrace(parent, t.pace.Attempt, t.pace.Grace)
}

// withGrace makes a context that ends after a time, or a grace after its parent ended, whichever is first.
func withGrace(parent context.Context, timeout, grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancelTimeout := context.WithTimeoutCause(context.WithoutCancel(parent), timeout, errAttemptTimeout)
	ctx, cancel := context.WithCancelCause(ctx)
	unwatch := context.AfterFunc(parent, func() {
		timer := time.AfterFunc(grace, func() { cancel(errAttemptTimeout) })
		context.AfterFunc(ctx, func() { timer.Stop() })
	})
	return ctx, func() {
		unwatch()
		cancel(nil)
		cancelTimeout()
	}
}

// causeOf prefers the reason for which a context ended to the error that its end led to.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func readWhole(resp *http.Response) error {
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
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
	exchange := Exchange{
		Method: req.Method, Path: req.URL.Path, Query: req.URL.RawQuery, Duration: took, Err: err,
	}
	if resp != nil {
		exchange.Status = resp.StatusCode
	}
	t.trace(req.Context(), exchange)
}
