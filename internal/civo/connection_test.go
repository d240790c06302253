package civo

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// exactTransport answers instead of the network. Unlike roundTripper, it sends only what the function says.
type exactTransport func(*http.Request) (*http.Response, error)

func (f exactTransport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// What prevents a response to a write, whether its outcome is then uncertain, and whether it is repeated.
func TestConnection_Causes(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	alert := func(text string) error { return &net.OpError{Op: "remote error", Err: errors.New(text)} }
	const loopback = "http://127.0.0.1:1"
	for name, test := range map[string]struct {
		err      error // nil: no answer until the attempt times out
		sent     bool
		endpoint string
		want     Connection
		sends    int // with one retry
	}{
		"refused":            {err: dial(syscall.ECONNREFUSED), want: ConnectionRefused, sends: 2},
		"refused here":       {err: dial(syscall.ECONNREFUSED), endpoint: loopback, want: ConnectionRefusedLoopback, sends: 2},
		"refused on Windows": {err: dial(errWindowsRefused), want: ConnectionRefused, sends: 2},
		"unknown host":       {err: dial(&net.DNSError{Err: "no such host", IsNotFound: true}), want: ConnectionNoAddress, sends: 2},
		"DNS fails":          {err: dial(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), sends: 2},
		"no TLS":             {err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, want: ConnectionNoTLS, sends: 1},
		"authority":          {err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, want: ConnectionUntrusted, sends: 1},
		"host": {
			err: &tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}}}, want: ConnectionCertificate, sends: 1,
		},
		"proxy refuses":         {err: proxyError(503), want: ConnectionProxy, sends: 2},
		"no proxy":              {err: &net.OpError{Op: "proxyconnect", Err: dial(syscall.ECONNREFUSED)}, want: ConnectionProxy, sends: 2},
		"proxy password":        {err: errProxyPassword, want: ConnectionProxyPassword, sends: 1},
		"not loopback":          {err: dial(errNotLoopback), sends: 1},
		"no connection in time": {sends: 2},
		"no response in time":   {sent: true, sends: 1},
		"connection lost":       {err: io.EOF, sent: true, sends: 1},
		"lost before sending":   {err: io.EOF, sends: 2},
		"cut connection":        {err: &net.OpError{Op: "read", Err: syscall.ECONNRESET}, sent: true, sends: 1},
		"cut response":          {err: io.ErrUnexpectedEOF, sent: true, sends: 1},
		"broken record":         {err: tls.RecordHeaderError{Msg: "received record with version 0"}, sent: true, want: ConnectionNoTLS, sends: 1},
		"alert by the server":   {err: alert("tls: internal error"), sent: true, sends: 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			sends := 0
			client := connect(t, test.endpoint, "token-a", Timing{Retries: 1})
			client.base = exactTransport(func(req *http.Request) (*http.Response, error) {
				sends++
				if test.sent {
					httptrace.ContextClientTrace(req.Context()).WroteHeaders()
				}
				if test.err == nil {
					return hang(req)
				}
				return nil, test.err
			})
			_, err := client.postCredential(t.Context(), sentOne)
			wantError(t, err, KindUnavailable)
			if got := detailsOf(err).Connection; got != test.want || sends != test.sends || IsUncertain(err) != test.sent {
				t.Errorf("%s: connection %q, uncertain is %t after %d attempts: %v", name, got, IsUncertain(err), sends, err)
			}
			if _, err := client.getCredential(t.Context(), "LON1", "i"); IsUncertain(err) {
				t.Errorf("%s: a read is uncertain", name)
			}
		})
	}
}

// A server that rejects the TLS handshake did not carry out the request, although it was sent.
func TestConnection_RejectedHandshake(t *testing.T) {
	t.Parallel()
	for text, rejects := range map[string]bool{
		"tls: bad certificate": true, "tls: certificate required": true, "tls: handshake failure": true, "tls: unrecognized name": true,
		"tls: protocol version not supported": true, "tls: unknown certificate authority": true, "tls: no application protocol": true,
		"tls: internal error": false, "tls: user canceled": false, "tls: bad record MAC": false, "tls: access denied": false,
	} {
		sends := 0
		client := clientOver(t, quick(), func(*http.Request) (*http.Response, error) {
			sends++
			return nil, &net.OpError{Op: "remote error", Err: errors.New(text)}
		})
		_, err := client.postCredential(t.Context(), sentOne)
		if IsUncertain(err) == rejects || sends != 1 {
			t.Errorf("%s: uncertain is %t after %d attempts: %v", text, IsUncertain(err), sends, err)
		}
	}
}

func TestTiming_Defaults(t *testing.T) {
	t.Parallel()
	want := Timing{
		Attempt: 25 * time.Second, Grace: 3 * time.Second, Request: 2 * time.Minute, RegionCheck: 5 * time.Second, Retries: 6,
		RetryMin: 250 * time.Millisecond, RetryMax: 8 * time.Second, BusyMin: time.Second, BusyMax: 10 * time.Second,
		PollFirst: 250 * time.Millisecond, PollMin: 400 * time.Millisecond, PollMax: 3 * time.Second,
		Fresh: 30 * time.Second, Absence: 10 * time.Second, Owner: 2 * time.Minute,
	}
	if got := (Timing{}).withDefaults(); got != want {
		t.Errorf("%+v", got)
	}
	given := Timing{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	if got := given.withDefaults(); got != given {
		t.Errorf("what is given is changed: %+v", got)
	}
}
