package civo

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// postTo sends a POST, with one retry if that is safe, to a server whose certificate the client trusts unless it is nil.
func postTo(t *testing.T, endpoint string, trusted *x509.Certificate) error {
	t.Helper()
	timing := once()
	timing.Request, timing.Retries = time.Minute, 1
	client, err := NewClient(Config{Token: NewSecret(leakToken), Endpoint: endpoint, Timing: timing})
	if err != nil {
		t.Fatal(err)
	}
	base, ok := client.base.(*http.Transport)
	if !ok {
		t.Fatalf("the base is a %T", client.base)
	}
	if trusted != nil {
		base.TLSClientConfig.RootCAs = x509.NewCertPool()
		base.TLSClientConfig.RootCAs.AddCert(trusted)
	}
	t.Cleanup(base.CloseIdleConnections)
	_, err = client.postCredential(t.Context(), Credential{Name: "n", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret(leakSecret)})
	return err
}

// A server that rejects the handshake has not carried out the request, even if the request arrived before the rejection. Another attempt
// would fail as well.
func TestTransport_Handshake(t *testing.T) {
	t.Parallel()
	const failed = "POST /v2/objectstore/credentials: the TLS handshake failed: "
	for name, test := range map[string]struct {
		config          *tls.Config
		distrust, http2 bool
		host            string // instead of 127.0.0.1
		says            string
	}{
		"client certificate, TLS 1.2": {
			config: &tls.Config{MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert}, //nolint:gosec // that is the case
			says:   "remote error: tls: handshake failure",
		},
		"client certificate, TLS 1.3": {
			config: &tls.Config{MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert}, says: "remote error: tls: certificate required",
		},
		"client certificate, HTTP/2": {
			config: &tls.Config{MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert}, http2: true, says: "remote error: tls: certificate required",
		},
		"TLS 1.1": {
			config: &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, //nolint:gosec // that is the case
			says:   "remote error: tls: protocol version not supported",
		},
		"authority": {config: &tls.Config{}, distrust: true, says: "tls: failed to verify certificate: x509: certificate signed by unknown authority"},
		"host":      {config: &tls.Config{}, host: "localhost", says: "tls: failed to verify certificate: x509: certificate is valid for example.com, *.example.com, not localhost"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests, connections atomic.Int32
			server := startCounting(t, test.config, test.http2, &requests, &connections)
			endpoint, trusted := strings.Replace(server.URL, "127.0.0.1", cmp.Or(test.host, "127.0.0.1"), 1), server.Certificate()
			if test.distrust {
				trusted = nil
			}
			// With TLS 1.3, the rejection can be lost: the connection is closed while the client still sends, and the error does not say why.
			var err error
			most := int32(1)
			if test.http2 {
				most = 2 // net/http itself tries again
			}
			for range 100 {
				connections.Store(0)
				err = postTo(t, endpoint, trusted)
				if strings.HasSuffix(err.Error(), failed+test.says) || test.config.MinVersion != tls.VersionTLS13 {
					break
				}
			}
			if text := err.Error(); !strings.HasSuffix(text, failed+test.says) || IsUncertain(err) || !Is(err, KindUnavailable) {
				t.Errorf("uncertain is %t: %s", IsUncertain(err), text)
			}
			if connections.Load() > most || requests.Load() != 0 {
				t.Errorf("%d connections, %d requests", connections.Load(), requests.Load())
			}
		})
	}
}

// startCounting starts a server that counts its requests and connections.
func startCounting(t *testing.T, config *tls.Config, http2 bool, requests, connections *atomic.Int32) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	server.TLS, server.EnableHTTP2, server.Config.ErrorLog = config, http2, log.New(io.Discard, "", 0)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// Errors without a handshake that was rejected: what the user reads, and whether the outcome is uncertain.
func TestTransport_Errors(t *testing.T) {
	t.Parallel()
	overTLS := func(handler http.HandlerFunc, http2 bool) func(*testing.T) (string, *x509.Certificate) {
		return func(t *testing.T) (string, *x509.Certificate) {
			t.Helper()
			server := httptest.NewUnstartedServer(handler)
			server.EnableHTTP2, server.Config.ErrorLog = http2, log.New(io.Discard, "", 0)
			server.StartTLS()
			t.Cleanup(server.Close)
			return server.URL, server.Certificate()
		}
	}
	abort := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	raw := func(scheme, response string) func(*testing.T) (string, *x509.Certificate) {
		return func(t *testing.T) (string, *x509.Certificate) {
			t.Helper()
			return scheme + "://" + rawServer(t, response).Addr().String(), nil
		}
	}
	closed := func(t *testing.T) (string, *x509.Certificate) {
		t.Helper()
		listener := rawServer(t, "")
		_ = listener.Close()
		return "http://" + listener.Addr().String(), nil
	}
	for name, test := range map[string]struct {
		server    func(*testing.T) (string, *x509.Certificate)
		says      string
		uncertain bool
	}{
		"refused":                 {closed, ": connection refused", false},
		"HTTP instead of HTTPS":   {raw("https", "HTTP/1.1 400 Bad Request\r\n\r\n"), ": the TLS handshake failed: tls: first record does not look like a TLS handshake", false},
		"closed in the handshake": {raw("https", ""), ": the connection was closed before the response was complete", false},
		"closed":                  {raw("http", ""), ": the connection was closed before the response was complete", true},
		"cut":                     {raw("http", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), ": the connection was closed before the response was complete", true},
		"not HTTP":                {raw("http", "HTTP/1.1 TOKEN \"\\\" x\r\n"), `: malformed HTTP status code "…"`, true},
		"header":                  {raw("http", "HTTP/1.1 200 OK\r\nContent-Length: TOKEN\r\n\r\n"), `: bad Content-Length "…"`, true},
		"closed, TLS":             {overTLS(abort, false), ": the connection was closed before the response was complete", true},
		"HTTP/2 stream":           {overTLS(abort, true), ": stream error: stream ID 1; INTERNAL_ERROR; received from peer", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint, trusted := test.server(t)
			err := postTo(t, endpoint, trusted)
			if text := err.Error(); !strings.HasSuffix(text, test.says) || IsUncertain(err) != test.uncertain || !Is(err, KindUnavailable) {
				t.Errorf("uncertain is %t: %s", IsUncertain(err), text)
			}
		})
	}
}
