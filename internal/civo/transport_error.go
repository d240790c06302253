// Errors of the network.

package civo

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"regexp"
	"slices"
	"syscall"
)

// attemptError describes why an attempt received no response. It contains the redacted text of the HTTP library's error, not the error.
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
		e.text += r.redact(quotation.ReplaceAllString(err.Error(), `"…"`))
	}
	return e
}

// quotation matches what an error of net/http quotes from the server, which can be a secret that no request contained: Civo returns secrets.
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
