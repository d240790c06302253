// Attempts at a request: timeout, size limit, grace period, retry rules, the pause after a 429, and network errors.

package civo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"slices"
	"strings"
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
	status int
	body   []byte
	limit  limitHeaders
	err    *Error // nil if the response is a success
}

func (r response) is(kind Kind) bool { return r.err != nil && r.err.Kind == kind }

// exchange sends a request until the context ends or the response is neither a 429 nor about another operation that is in progress, which
// mean that Civo did not carry out the request.
func (c *Client) exchange(ctx context.Context, req apiCall) (response, *attemptError) {
	var busy *Error
	for limited, blocked := 0, 0; ; {
		window, held := c.throttle.begin(ctx)
		if err := ctx.Err(); err != nil {
			c.throttle.end(window, limitHeaders{}, 0)
			text := err.Error() + " before the request was sent"
			return response{}, &attemptError{text: text, cause: err, neverSent: true, rateLimited: held || limited > 0, busy: busy}
		}
		start := time.Now()
		resp, failed := c.attempt(ctx, req)
		c.throttle.end(window, resp.limit, resp.status)
		c.trace(ctx, req, time.Since(start), resp, failed)
		switch {
		case failed != nil:
			return resp, failed
		case resp.is(KindRateLimited):
			c.throttle.pause(resp.limit, limited)
			limited, busy = limited+1, nil
		case resp.is(KindBusy):
			busy = resp.err
			_ = sleep(ctx, max(resp.limit.retryAfter, exponential(c.timing.BusyMin, c.timing.BusyMax, blocked)))
			blocked++
		default:
			return resp, nil
		}
	}
}

func (c *Client) trace(ctx context.Context, req apiCall, took time.Duration, resp response, failed *attemptError) {
	if c.config.Trace == nil {
		return
	}
	fields := map[string]any{
		"method": req.method, "path": req.redact(req.path), "query": req.redact(req.query.Encode()), "milliseconds": took.Milliseconds(),
	}
	if failed != nil {
		fields["error"] = failed.text
	} else {
		fields["status"] = resp.status
	}
	c.config.Trace(ctx, fields)
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
	if resp.StatusCode == http.StatusProxyAuthRequired {
		return response{}, req.newAttemptError(nil, errProxyPassword, false)
	}
	c.reached.Store(true)
	received := response{status: resp.StatusCode, body: body}
	received.err = responseError(req, received)
	received.limit = readLimit(resp, received.is(KindRateLimited))
	return received, nil
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

// retriesOf returns how often to send a call again: never if its context ended, and a write only if Civo cannot have carried it out. An
// address at which Civo was never reached is probably wrong, so that few attempts are enough, and one for the calls that follow.
func (c *Client) retriesOf(req apiCall, resp response, failed *attemptError) int {
	switch {
	case failed == nil && !req.isWrite() && (resp.is(KindUnavailable) || resp.is(KindServerError)):
		return c.timing.Retries
	case failed == nil, failed.final, failed.cause != nil, !failed.neverSent && req.isWrite():
		return 0
	case c.reached.Load():
		return c.timing.Retries
	case c.unreachable.Load():
		return 0
	case failed.timedOut:
		return min(1, c.timing.Retries)
	}
	return min(3, c.timing.Retries)
}

// exponential returns a wait that doubles with each attempt, counted from 0, reduced by a random amount of up to a quarter.
func exponential(shortest, longest time.Duration, attempt int) time.Duration {
	wait := min(longest, shortest<<min(attempt, 20))          // which does not overflow
	return wait - time.Duration(rand.Int64N(int64(wait)/4+1)) //nolint:gosec // jitter needs no secrecy
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

// Connection is what prevented a response.
type Connection string

// What prevented a response.
const (
	ConnectionUnknown         Connection = ""                  // something else, such as a timeout
	ConnectionRefused         Connection = "refused"           // nothing listens at the address
	ConnectionRefusedLoopback Connection = "refused, loopback" // nothing listens at an address of this machine
	ConnectionNoAddress       Connection = "no address"        // the host name has no address
	ConnectionNoTLS           Connection = "no TLS"            // the server does not speak TLS
	ConnectionUntrusted       Connection = "untrusted"         // this machine does not trust the authority of the server's certificate
	ConnectionCertificate     Connection = "certificate"       // the certificate is for another host, or has expired
	ConnectionProxy           Connection = "proxy"             // the proxy cannot be reached, or did not connect to the server
	ConnectionProxyPassword   Connection = "proxy password"    // the proxy requires a user name and a password
)

// attemptError describes why an attempt received no response. It contains the redacted text of the HTTP library's error, not the error.
type attemptError struct {
	text        string
	cause       error // the error of the context; nil if the context did not end
	connection  Connection
	neverSent   bool   // Civo cannot have carried out the request
	timedOut    bool   // the attempt, not the operation
	final       bool   // another attempt would fail as well
	rateLimited bool   // the rate limit held the request back, or rejected it, until the context ended
	busy        *Error // the latest response, about another operation that is in progress; nil if there was none
}

func (e *attemptError) Error() string { return e.text }

func (e *attemptError) Unwrap() error { return e.cause }

// newAttemptError classifies an error of the HTTP library. If the attempt's context has ended, that is the reason.
func (r apiCall) newAttemptError(ended, err error, sent bool) *attemptError {
	rejectedTLS := isTLSRejection(err, sent)
	e := &attemptError{neverSent: !sent || rejectedTLS, connection: r.connectionOf(err)}
	var network net.Error
	e.timedOut = ended != nil || errors.As(err, &network) && network.Timeout()
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
	e.final = rejectedTLS || isAny(err, errTooLong, errNotLoopback, errProxyPassword)
	if isAny(err, io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE) {
		e.text = "the connection was closed before the response was complete"
	} else {
		e.text += r.redact(quotation.ReplaceAllString(strings.TrimPrefix(err.Error(), "readLoopPeekFailLocked: "), `"…"`))
	}
	return e
}

const errWindowsRefused syscall.Errno = 10061 // WSAECONNREFUSED, which is not syscall.ECONNREFUSED

// connectionOf returns what prevented a response, as far as the error of the HTTP library shows it.
func (r apiCall) connectionOf(err error) Connection {
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	_, untrusted := errors.AsType[x509.UnknownAuthorityError](err)
	_, badCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	operation, _ := errors.AsType[*net.OpError](err)
	name, isName := errors.AsType[*net.DNSError](err)
	_, noConnect := errors.AsType[proxyError](err)
	switch {
	case errors.Is(err, errProxyPassword):
		return ConnectionProxyPassword
	case noConnect, operation != nil && operation.Op == "proxyconnect":
		return ConnectionProxy
	case noTLS:
		return ConnectionNoTLS
	case untrusted:
		return ConnectionUntrusted
	case badCertificate:
		return ConnectionCertificate
	case isName && name.IsNotFound:
		return ConnectionNoAddress
	case !isAny(err, syscall.ECONNREFUSED, errWindowsRefused):
		return ConnectionUnknown
	case r.isLoopback:
		return ConnectionRefusedLoopback
	}
	return ConnectionRefused
}

var errProxyPassword = errors.New("the proxy requires a valid user name and password (407 Proxy Authentication Required)")

// proxyError is the status with which a proxy declines to connect to the server.
type proxyError int

// Error describes the status. The status line of the proxy could contain anything.
func (e proxyError) Error() string {
	return fmt.Sprintf("the proxy did not connect to the server: %d %s", int(e), http.StatusText(int(e)))
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
