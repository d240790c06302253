// Descriptions of network errors that quote nothing from the server.

package civo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"slices"
	"syscall"
)

// attemptError describes in the client's own words why an attempt received no response. The errors of the HTTP library can quote
// what a server or a proxy sent, including the token. The client therefore neither shows nor keeps them.
type attemptError struct {
	text        string
	cause       error // the error of the context; nil if the context did not end
	neverSent   bool  // Civo cannot have carried out the request
	final       bool  // another attempt would fail as well
	rateLimited bool  // the request was held back after a 429 until the context ended
}

// Error returns the description.
func (e *attemptError) Error() string { return e.text }

// Unwrap returns the error of the context.
func (e *attemptError) Unwrap() error { return e.cause }

// newAttemptError classifies an error of the HTTP library. If the attempt's context has ended, that is the reason.
func newAttemptError(ended, err error) *attemptError {
	unsent := isDialError(err)
	switch {
	case errors.Is(ended, context.Canceled), errors.Is(ended, context.DeadlineExceeded):
		return &attemptError{text: ended.Error() + " while the request was in progress", cause: ended, neverSent: unsent}
	case ended != nil:
		return &attemptError{text: ended.Error()}
	}
	for _, problem := range problems {
		if problem.is(err) {
			return &attemptError{text: problem.text, neverSent: unsent || problem.unsent, final: problem.final}
		}
	}
	return &attemptError{text: "the response was not valid HTTP", neverSent: unsent}
}

const rejected = "the TLS certificate of the server was rejected: "

// problems describes the known errors. The first match applies.
var problems = []struct {
	text          string
	is            func(error) bool
	unsent, final bool
}{
	{errTooLong.Error(), wraps(errTooLong), false, true},
	{errNotLoopback.Error(), wraps(errNotLoopback), true, true},
	{rejected + "it is signed by an unknown authority", is[x509.UnknownAuthorityError], true, true},
	{rejected + "it is for another host name", is[x509.HostnameError], true, true},
	{rejected + "it has expired or is not valid yet", hasExpired, true, true},
	{rejected + "it is not valid", is[*tls.CertificateVerificationError], true, true},
	{"the proxy did not connect to the server", isProxyError, true, false},
	{"the host name could not be resolved", is[*net.DNSError], true, false},
	{"the connection was refused", wraps(syscall.ECONNREFUSED), false, false},
	{"the host could not be reached", wraps(syscall.ENETUNREACH, syscall.EHOSTUNREACH), false, false},
	{"the server does not support TLS", is[tls.RecordHeaderError], false, false},
	{"the TLS handshake failed", is[tls.AlertError], false, false},
	{"the connection timed out", isTimeout, false, false},
	{
		"the connection was closed before the response was complete",
		wraps(io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE), false, false,
	},
}

// wraps returns a function that reports whether an error is or wraps one of the causes.
func wraps(causes ...error) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(causes, func(cause error) bool { return errors.Is(err, cause) })
	}
}

// is reports whether an error is of a type, or wraps one that is.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func hasExpired(err error) bool {
	invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
	return ok && invalid.Reason == x509.Expired
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

func isProxyError(err error) bool {
	return isOperation(err, "proxyconnect") || errors.Is(err, errProxyRefused)
}

// isDialError reports whether no connection was established, so that nothing was sent.
func isDialError(err error) bool {
	return isOperation(err, "dial") || isProxyError(err) || is[*net.DNSError](err)
}

func isOperation(err error, name string) bool {
	operation, ok := errors.AsType[*net.OpError](err)
	return ok && operation.Op == name
}
