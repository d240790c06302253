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
)

// postTo sends a POST, with one retry if that is safe, to a server whose certificate the client trusts unless it is nil.
func postTo(t *testing.T, endpoint string, trusted *x509.Certificate) error {
	t.Helper()
	timing := once()
	timing.Retries = 1
	client := connect(t, endpoint, leakToken, timing)
	base, ok := client.base.(*http.Transport)
	if !ok {
		t.Fatalf("the base is a %T", client.base)
	}
	if trusted != nil {
		base.TLSClientConfig.RootCAs = x509.NewCertPool()
		base.TLSClientConfig.RootCAs.AddCert(trusted)
	}
	t.Cleanup(base.CloseIdleConnections)
	_, err := client.postCredential(t.Context(), wanted("n").WithKeys("", NewSecret(leakSecret)))
	return err
}

// counting is a server over TLS that counts its requests and connections.
type counting struct {
	*httptest.Server

	requests, connections atomic.Int32
}

func startCounting(t *testing.T, config *tls.Config, http2 bool, handler http.HandlerFunc) *counting {
	t.Helper()
	c := &counting{}
	c.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.requests.Add(1)
		handler(w, r)
	}))
	c.TLS, c.EnableHTTP2, c.Config.ErrorLog = config, http2, log.New(io.Discard, "", 0)
	c.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.connections.Add(1)
		}
	}
	c.StartTLS()
	t.Cleanup(c.Close)
	return c
}

// A server that rejects the handshake has not carried out the request, even if the request arrived before the rejection. Another attempt
// would fail as well.
func TestTransport_Handshake(t *testing.T) {
	t.Parallel()
	const untrusted = "tls: failed to verify certificate: x509: certificate signed by unknown authority"
	const otherHost = "tls: failed to verify certificate: x509: certificate is valid for example.com, *.example.com, not localhost"
	clientCertificate := func(lowest, highest uint16) *tls.Config {
		return &tls.Config{MinVersion: lowest, MaxVersion: highest, ClientAuth: tls.RequireAnyClientCert} //nolint:gosec // that is the case
	}
	for name, test := range map[string]struct {
		config          *tls.Config
		distrust, http2 bool
		host            string // instead of 127.0.0.1
		says            string
	}{
		"client certificate, TLS 1.2": {config: clientCertificate(0, tls.VersionTLS12), says: "remote error: tls: handshake failure"},
		"client certificate, TLS 1.3": {config: clientCertificate(tls.VersionTLS13, 0), says: "remote error: tls: certificate required"},
		"client certificate, HTTP/2":  {config: clientCertificate(tls.VersionTLS13, 0), http2: true, says: "remote error: tls: certificate required"},
		"TLS 1.1": {
			config: &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, //nolint:gosec // that is the case
			says:   "remote error: tls: protocol version not supported",
		},
		"authority": {config: &tls.Config{}, distrust: true, says: untrusted},
		"host":      {config: &tls.Config{}, host: "localhost", says: otherHost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startCounting(t, test.config, test.http2, func(http.ResponseWriter, *http.Request) {})
			endpoint, trusted := strings.Replace(server.URL, "127.0.0.1", cmp.Or(test.host, "127.0.0.1"), 1), server.Certificate()
			if test.distrust {
				trusted = nil
			}
			most := int32(1)
			if test.http2 {
				most = 2 // net/http itself tries again
			}
			says := "POST /v2/objectstore/credentials: the TLS handshake failed: " + test.says
			// With TLS 1.3, the rejection can be lost: the connection is closed while the client still sends, and the error does not say why.
			var err error
			for range 100 {
				server.connections.Store(0)
				err = postTo(t, endpoint, trusted)
				if strings.HasSuffix(err.Error(), says) || test.config.MinVersion != tls.VersionTLS13 {
					break
				}
			}
			if wantError(t, err, KindUnavailable); !strings.HasSuffix(err.Error(), says) || IsUncertain(err) {
				t.Errorf("uncertain is %t: %v", IsUncertain(err), err)
			}
			if server.connections.Load() > most || server.requests.Load() != 0 {
				t.Errorf("%d connections, %d requests", server.connections.Load(), server.requests.Load())
			}
		})
	}
}

// Errors without a handshake that was rejected: what the user reads, and whether the outcome is uncertain.
func TestTransport_Errors(t *testing.T) {
	t.Parallel()
	const closed = ": the connection was closed before the response was complete"
	for name, test := range map[string]struct {
		scheme, response string // of a server that sends these bytes
		http2            bool   // otherwise, of one that closes connections
		says             string
		uncertain        bool
	}{
		"HTTP instead of HTTPS":   {"https", "HTTP/1.1 400 Bad Request\r\n\r\n", false, ": the TLS handshake failed: tls: first record does not look like a TLS handshake", false},
		"closed in the handshake": {"https", "", false, closed, false},
		"closed":                  {"http", "", false, closed, true},
		"cut":                     {"http", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", false, closed, true},
		"not HTTP":                {"http", "HTTP/1.1 TOKEN \"\\\" x\r\n", false, `: malformed HTTP status code "…"`, true},
		"header":                  {"http", "HTTP/1.1 200 OK\r\nContent-Length: TOKEN\r\n\r\n", false, `: bad Content-Length "…"`, true},
		"closed, TLS":             {"", "", false, closed, true},
		"HTTP/2 stream":           {"", "", true, ": stream error: stream ID 1; INTERNAL_ERROR; received from peer", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var err error
			if test.scheme == "" {
				server := startCounting(t, nil, test.http2, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
				err = postTo(t, server.URL, server.Certificate())
			} else {
				err = postTo(t, test.scheme+"://"+rawServer(t, test.response).Addr().String(), nil)
			}
			if wantError(t, err, KindUnavailable); !strings.HasSuffix(err.Error(), test.says) || IsUncertain(err) != test.uncertain {
				t.Errorf("uncertain is %t: %v", IsUncertain(err), err)
			}
		})
	}
}
