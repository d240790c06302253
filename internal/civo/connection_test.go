package civo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestConnection_Causes(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for name, test := range map[string]struct {
		err        error
		isLoopback bool
		want       Connection
	}{
		"refused":         {dial(syscall.ECONNREFUSED), false, ConnectionRefused},
		"refused here":    {dial(syscall.ECONNREFUSED), true, ConnectionRefusedLoopback},
		"on Windows":      {dial(errWindowsRefused), false, ConnectionRefused},
		"unknown host":    {dial(&net.DNSError{Err: "no such host", IsNotFound: true}), false, ConnectionNoAddress},
		"DNS fails":       {dial(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), false, ConnectionUnknown},
		"no TLS":          {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, false, ConnectionNoTLS},
		"authority":       {&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, false, ConnectionUntrusted},
		"host":            {&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}}}, false, ConnectionCertificate},
		"proxy refuses":   {proxyError(503), false, ConnectionProxy},
		"no proxy":        {&net.OpError{Op: "proxyconnect", Err: dial(syscall.ECONNREFUSED)}, false, ConnectionProxy},
		"proxy password":  {errProxyPassword, false, ConnectionProxyPassword},
		"connection lost": {io.EOF, false, ConnectionUnknown},
	} {
		failed := apiCall{isLoopback: test.isLoopback}.newAttemptError(nil, test.err, false)
		if failed.connection != test.want {
			t.Errorf("%s: %q, want %q", name, failed.connection, test.want)
		}
	}
}

// An address at which nothing was ever reached fails within seconds: once with a few attempts, and then with one.
func TestConnection_Unreachable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err    error
		sends  int
		within time.Duration
		later  int // requests of a call after a response
	}{
		"refused":        {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, 4, 2 * time.Second, 7},
		"no host":        {&net.DNSError{IsNotFound: true}, 4, 2 * time.Second, 7},
		"proxy password": {errProxyPassword, 1, 0, 1},
		"no handshake":   {&net.OpError{Op: "dial", Err: context.DeadlineExceeded}, 2, time.Second, 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sends, failure := 0, test.err
				client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
					sends++
					return respond(200, readyOne), failure
				})
				read := func(what string, wantSends int) time.Duration {
					began := time.Now()
					sends = 0
					_, err := client.getCredential(t.Context(), "LON1", "i")
					if sends != wantSends || (err != nil) != (failure != nil) {
						t.Errorf("%s: %d requests, want %d: %v", what, sends, wantSends, err)
					}
					return time.Since(began)
				}
				if took := read("the first call", test.sends); took > test.within {
					t.Errorf("the first call takes %v", took)
				}
				read("the next call", 1)
				failure = nil
				read("after a repair", 1)
				failure = test.err
				read("after a response", test.later)
			})
		})
	}
}

// A server that takes connections and never responds ends a read within a minute.
func TestConnection_Silent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		began := time.Now()
		_, err := client.Credentials("LON1").Get(ctx, "i")
		if took := time.Since(began); !errors.Is(err, errAttemptTimeout) && !Is(err, KindUnavailable) || took > 55*time.Second {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

// A request that meets another operation is repeated with growing waits until the deadline, and shows what Civo says.
func TestBusy(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"409": 409, "500": 500, "429": 429, "200": 200} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var sent []time.Time
				client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
					sent = append(sent, time.Now())
					return respond(status, `{"code":"objectstore_resize_in_progress","result":"failed","reason":"A resize is in progress"}`), nil
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				began := time.Now()
				err := client.DeleteCredential(ctx, Credential{ID: "i", Region: "LON1"})
				if !Is(err, KindBusy) || !IsTimeout(err) || IsUncertain(err) || time.Since(began) != time.Minute || detailsOf(err).Reason != "A resize is in progress" {
					t.Errorf("after %v: %v", time.Since(began), err)
				}
				for i, longest := 1, time.Second; i < len(sent); i, longest = i+1, min(2*longest, 10*time.Second) {
					if wait := sent[i].Sub(sent[i-1]); wait > longest || wait < longest*3/4 {
						t.Errorf("%v before request %d, want about %v", wait, i+1, longest)
					}
				}
			})
		})
	}
}
