// Descriptions of network errors that quote nothing from the server.

package civo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
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
	switch {
	case errors.Is(ended, context.Canceled), errors.Is(ended, context.DeadlineExceeded):
		return &attemptError{text: ended.Error() + " while the request was in progress", cause: ended, neverSent: isDialError(err)}
	case ended != nil:
		return &attemptError{text: ended.Error()}
	case errors.Is(err, errTooLong):
		return &attemptError{text: errTooLong.Error(), final: true}
	case errors.Is(err, errNotLoopback):
		return &attemptError{text: errNotLoopback.Error(), neverSent: true, final: true}
	}
	if words := certificateProblem(err); words != "" {
		return &attemptError{text: words, neverSent: true, final: true}
	}
	return &attemptError{text: networkProblem(err), neverSent: isDialError(err)}
}

// certificateProblem returns why the server's certificate was rejected; empty if it was not.
func certificateProblem(err error) string {
	const problem = "the TLS certificate of the server was rejected: "
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case is[x509.UnknownAuthorityError](err):
		return problem + "it is signed by an unknown authority"
	case is[x509.HostnameError](err):
		return problem + "it is for another host name"
	case isInvalid && invalid.Reason == x509.Expired:
		return problem + "it has expired or is not valid yet"
	case isInvalid, is[*tls.CertificateVerificationError](err):
		return problem + "it is not valid"
	}
	return ""
}

func networkProblem(err error) string {
	timeout, _ := errors.AsType[net.Error](err)
	switch {
	case isProxyError(err):
		return "the proxy did not connect to the server"
	case is[*net.DNSError](err):
		return "the host name could not be resolved"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "the host could not be reached"
	case is[tls.RecordHeaderError](err):
		return "the server does not support TLS"
	case is[tls.AlertError](err):
		return "the TLS handshake failed"
	case timeout != nil && timeout.Timeout():
		return "the connection timed out"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was closed before the response was complete"
	}
	return "the response was not valid HTTP"
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

// is reports whether an error is of a type, or wraps one that is.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
