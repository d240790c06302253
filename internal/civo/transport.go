// Attempts at a request: timeout, size limit, grace period, retry rules, the pause after a 429, and network errors.

package civo

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const maxResponse = 8 << 20 // bytes; a page of 100 credentials is about 30 kB

var (
	errAttemptTimeout = errors.New("timed out waiting for the response")
	errTooLong        = fmt.Errorf("the response is longer than %d bytes", maxResponse)
	errNotLoopback    = errors.New("http is allowed only with a loopback address, and the host name resolves to another address")
)

// response is a complete response.
type response struct {
	status     int
	body       []byte
	retryAfter time.Duration // the wait that the response requests; 0 if it requests none
}

// exchange sends a request until the context ends or the response is not a 429, which means that Civo did not carry out the request.
func (c *Client) exchange(ctx context.Context, req apiCall) (response, *attemptError) {
	for count := 0; ; count++ {
		held := c.throttle.wait(ctx)
		if err := ctx.Err(); err != nil {
			text := err.Error() + " before the request was sent"
			return response{}, &attemptError{text: text, cause: err, neverSent: true, rateLimited: held}
		}
		start := time.Now()
		resp, failed := c.attempt(ctx, req)
		if c.config.Trace != nil {
			fields := map[string]any{
				"method": req.method, "path": req.redact(req.path), "query": req.redact(req.query.Encode()),
				"milliseconds": time.Since(start).Milliseconds(),
			}
			if failed != nil {
				fields["error"] = failed.text
			} else {
				fields["status"] = resp.status
			}
			c.config.Trace(ctx, fields)
		}
		if failed != nil || resp.status != http.StatusTooManyRequests {
			return resp, failed
		}
		c.throttle.pause(resp.retryAfter, count)
	}
}

// attempt sends a request once. A truncated response counts as no response. After the caller cancels, it waits a little longer for the
// response to a write, because the outcome would otherwise be unknown.
func (c *Client) attempt(ctx context.Context, req apiCall) (response, *attemptError) {
	if req.isWrite() {
		var cancel context.CancelFunc
		ctx, cancel = withGrace(ctx, c.timing.Grace/2)
		defer cancel()
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.timing.Attempt, errAttemptTimeout)
	defer cancel()
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}
	httpRequest, err := c.newRequest(httptrace.WithClientTrace(ctx, trace), req)
	if err != nil {
		return response{}, &attemptError{text: req.redact(err.Error()), neverSent: true, final: true}
	}
	resp, err := c.base.RoundTrip(httpRequest)
	if err != nil {
		return response{}, req.newAttemptError(context.Cause(ctx), err, sent.Load())
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	if len(body) > maxResponse {
		err = errTooLong
	}
	if err != nil {
		return response{}, req.newAttemptError(context.Cause(ctx), err, true)
	}
	return response{resp.StatusCode, body, retryAfter(resp)}, nil
}

// withGrace returns a context that ends some time after its parent, with the same cause (see Timing.Grace).
func withGrace(parent context.Context, length time.Duration) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	unwatch := context.AfterFunc(parent, func() {
		time.AfterFunc(length, func() { cancel(context.Cause(parent)) })
	})
	return later, func() {
		unwatch()
		cancel(nil)
	}
}

// shouldRetry reports whether to send a call again: not if its context ended, and a write only if Civo cannot have carried it out.
func (r apiCall) shouldRetry(resp response, failed *attemptError) bool {
	if failed != nil {
		return !failed.final && failed.cause == nil && (failed.neverSent || !r.isWrite())
	}
	return resp.status >= http.StatusInternalServerError && !r.isWrite()
}

// exponential returns a wait that doubles with each attempt, counted from 0, reduced by a random amount of up to a quarter.
func exponential(shortest, longest time.Duration, attempt int) time.Duration {
	wait := min(longest, shortest<<min(attempt, 20))          // which does not overflow
	return wait - time.Duration(rand.Int64N(int64(wait)/4+1)) //nolint:gosec // jitter needs no secrecy
}

const maxRetryAfter = time.Minute // the longest wait that a server can request

// retryAfter returns the wait that the response's Retry-After header requests; 0 if it requests none.
func retryAfter(resp *http.Response) time.Duration {
	value := resp.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds > 0 {
		return time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, time.Until(at)), maxRetryAfter)
	}
	return 0
}

// throttle holds back all requests of a client for a while after a 429, because the rate limit applies to the account.
type throttle struct {
	mu    sync.Mutex
	until time.Time
}

const firstHold, longestHold = 250 * time.Millisecond, 8 * time.Second // if the response does not request a wait

// pause holds requests back for the wait that a 429 requests; by default, for longer after each consecutive 429, counted from 0.
func (h *throttle) pause(wait time.Duration, count int) {
	if wait == 0 {
		wait = exponential(firstHold, longestHold, count)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if until := time.Now().Add(wait); until.After(h.until) {
		h.until = until
	}
}

// wait waits until no hold is in effect or the context ends. It reports whether a hold was in effect.
func (h *throttle) wait(ctx context.Context) (held bool) {
	for {
		h.mu.Lock()
		left := time.Until(h.until)
		h.mu.Unlock()
		if left <= 0 || sleep(ctx, left) != nil {
			return held || left > 0
		}
		held = true
	}
}

// sleep waits for d. If the context ends first, it returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// attemptError describes why an attempt received no response. It contains the redacted text of the HTTP library's error, not the error.
type attemptError struct {
	text        string
	cause       error // the error of the context; nil if the context did not end
	neverSent   bool  // Civo cannot have carried out the request
	final       bool  // another attempt would fail as well
	rateLimited bool  // the request was held back after a 429 until the context ended
}

func (e *attemptError) Error() string { return e.text }

func (e *attemptError) Unwrap() error { return e.cause }

// newAttemptError classifies an error of the HTTP library. If the attempt's context has ended, that is the reason.
func (r apiCall) newAttemptError(ended, err error, sent bool) *attemptError {
	rejectedTLS := isTLSRejection(err, sent)
	e := &attemptError{neverSent: !sent || rejectedTLS}
	switch {
	case errors.Is(ended, context.Canceled), errors.Is(ended, context.DeadlineExceeded):
		e.text, e.cause = ended.Error()+" while the request was in progress", ended
		return e
	case ended != nil:
		e.text = ended.Error()
		return e
	case rejectedTLS:
		e.text = "the TLS handshake failed: "
	}
	e.final = rejectedTLS || isAny(err, errTooLong, errNotLoopback)
	if isAny(err, io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE) {
		e.text = "the connection was closed before the response was complete"
	} else {
		e.text += r.redact(quotation.ReplaceAllString(strings.TrimPrefix(err.Error(), "readLoopPeekFailLocked: "), `"…"`))
	}
	return e
}

// quotation matches what an error of net/http quotes from the server, which can be a secret that no request contained.
var quotation = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// rejection matches the alerts by which a server rejects a handshake. Other alerts can be temporary, or be sent later.
var rejection = regexp.MustCompile(`^tls: (?:(?:bad|unsupported|revoked|expired|unknown) certificate|unknown certificate authority|` +
	`certificate required|handshake failure|protocol version not supported|unrecognized name|no application protocol)$`)

// isTLSRejection reports whether the TLS handshake failed for good. With TLS 1.3, the client can send a request before it learns of the
// rejection. The server then ignores the request.
func isTLSRejection(err error, sent bool) bool {
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	_, badCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	alert, ok := errors.AsType[*net.OpError](err)
	return !sent && (noTLS || badCertificate) || ok && alert.Op == "remote error" && rejection.MatchString(alert.Err.Error())
}

func isAny(err error, causes ...error) bool {
	return slices.ContainsFunc(causes, func(cause error) bool { return errors.Is(err, cause) })
}
