package civo

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A response that is too long ends the call: another attempt would receive the same.
func TestTransport_BoundedBody(t *testing.T) {
	t.Parallel()
	for over, want := range map[int]Kind{0: noError, 1: KindUnavailable} {
		sent := 0
		client := clientOver(t, quick(), func(*http.Request) (*http.Response, error) {
			sent++
			return respond(200, readyOne+strings.Repeat(" ", maxResponse-len(readyOne)+over)), nil
		})
		_, err := client.Credentials("LON1").Get(t.Context(), "i")
		wantError(t, err, want, "the response is longer than")
		failIf(t, sent != 1, "%d bytes over the bound: sent %d times", over, sent)
	}
}

// Plain http is sent only to loopback addresses, whatever the host name is.
func TestTransport_LoopbackOnly(t *testing.T) {
	t.Parallel()
	wantDialed := func(ctx context.Context, scheme, address string, refused bool) {
		conn, err := newHTTPTransport(&url.URL{Scheme: scheme, Host: "localhost"}).DialContext(ctx, "tcp", address)
		if conn != nil {
			_ = conn.Close()
		}
		failIf(t, errors.Is(err, errNotLoopback) != refused, "%s, %s: %v", scheme, address, err)
	}
	for address, refused := range map[string]bool{
		"127.0.0.1:1": false, "127.8.9.10:1": false, "[::1]:1": false, "[::ffff:127.0.0.1]:1": false, "localhost:1": false,
		"192.0.2.1:1": true, "10.0.0.1:1": true, "0.0.0.0:1": true, "[::]:1": true, "[2001:db8::1]:1": true,
	} {
		wantDialed(t.Context(), "http", address, refused)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond) // no answer comes from there
	defer cancel()
	wantDialed(ctx, "https", "192.0.2.1:1", false)
}

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
		"alert, bad record":     {err: alert("tls: bad record MAC"), sent: true, sends: 1},
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
			failIf(t, detailsOf(err).Connection != test.want || sends != test.sends || IsUncertain(err) != test.sent,
				"%s: connection %q, uncertain is %t after %d attempts: %v", name, detailsOf(err).Connection, IsUncertain(err), sends, err)
			if _, err := client.getCredential(t.Context(), "LON1", "i"); IsUncertain(err) {
				t.Errorf("%s: a read is uncertain", name)
			}
		})
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

// overNetwork returns a client that connects to a server and repeats a request once if that is safe, and its transport.
func overNetwork(t *testing.T, endpoint string) (*Client, *http.Transport) {
	t.Helper()
	timing := once()
	timing.Retries = 1
	client := connect(t, endpoint, leakToken, timing)
	base, ok := client.base.(*http.Transport)
	if !ok {
		t.Fatalf("the base is a %T", client.base)
	}
	t.Cleanup(base.CloseIdleConnections)
	return client, base
}

// counting is a server over TLS that counts its requests and connections, and closes a connection that carries a request.
type counting struct {
	*httptest.Server

	requests, connections atomic.Int32
}

func startCounting(t *testing.T, config *tls.Config, http2 bool) *counting {
	t.Helper()
	c := &counting{}
	c.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		c.requests.Add(1)
		panic(http.ErrAbortHandler)
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

// What the user reads about a connection that fails, and whether the outcome is uncertain. A server that rejects the handshake has not
// carried out the request, even if the request arrived before the rejection. Another attempt would fail as well.
func TestTransport_Errors(t *testing.T) {
	t.Parallel()
	const closed, noHandshake = ": the connection was closed before the response was complete", ": the TLS handshake failed: "
	const rejected = noHandshake + "remote error: tls: "
	clientCertificate := func(lowest, highest uint16) *tls.Config {
		return &tls.Config{MinVersion: lowest, MaxVersion: highest, ClientAuth: tls.RequireAnyClientCert}
	}
	old := &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11} //nolint:gosec // that is the case
	for name, test := range map[string]struct {
		scheme, response string      // of a server that sends these bytes
		config           *tls.Config // otherwise, of one that closes connections
		http2            bool
		host             string // instead of 127.0.0.1
		says             string
		uncertain        bool
	}{
		"HTTP instead of HTTPS": {
			scheme: "https", response: "HTTP/1.1 400 Bad Request\r\n\r\n",
			says: noHandshake + "tls: first record does not look like a TLS handshake",
		},
		"closed in the handshake": {scheme: "https", says: closed},
		"closed":                  {scheme: "http", says: closed, uncertain: true},
		"cut":                     {scheme: "http", response: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", says: closed, uncertain: true},
		"not HTTP": {
			scheme: "http", response: "HTTP/1.1 TOKEN \"\\\" x\r\n", says: `: malformed HTTP status code "…"`, uncertain: true,
		},
		"header": {
			scheme: "http", response: "HTTP/1.1 200 OK\r\nContent-Length: TOKEN\r\n\r\n", says: `: bad Content-Length "…"`, uncertain: true,
		},
		"closed, TLS": {config: &tls.Config{}, says: closed, uncertain: true},
		"HTTP/2 stream": {
			config: &tls.Config{}, http2: true, says: ": stream error: stream ID 1; INTERNAL_ERROR; received from peer", uncertain: true,
		},
		"client certificate, TLS 1.2": {config: clientCertificate(0, tls.VersionTLS12), says: rejected + "handshake failure"},
		"client certificate, TLS 1.3": {config: clientCertificate(tls.VersionTLS13, 0), says: rejected + "certificate required"},
		"client certificate, HTTP/2":  {config: clientCertificate(tls.VersionTLS13, 0), http2: true, says: rejected + "certificate required"},
		"TLS 1.1":                     {config: old, says: rejected + "protocol version not supported"},
		"host": {
			config: &tls.Config{}, host: "localhost",
			says: noHandshake + "tls: failed to verify certificate: x509: certificate is valid for example.com, *.example.com, not localhost",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var err error
			post := func(endpoint string, trusted *x509.CertPool) {
				client, base := overNetwork(t, endpoint)
				base.TLSClientConfig.RootCAs = trusted
				_, err = client.postCredential(t.Context(), wanted("n").WithKeys("", NewSecret(leakSecret)))
			}
			if test.config == nil {
				post(test.scheme+"://"+rawServer(t, test.response).Addr().String(), nil)
			} else {
				server := startCounting(t, test.config, test.http2)
				trusted := x509.NewCertPool()
				trusted.AddCert(server.Certificate())
				// With TLS 1.3, the rejection can be lost: the connection is closed while the client still sends, and the error does not say why.
				for range 100 {
					if err != nil && (strings.HasSuffix(err.Error(), test.says) || test.config.MinVersion != tls.VersionTLS13) {
						break
					}
					server.connections.Store(0)
					post(strings.Replace(server.URL, "127.0.0.1", cmp.Or(test.host, "127.0.0.1"), 1), trusted)
				}
				most := map[bool]int32{false: 1, true: 2}[test.http2] // net/http itself tries again
				failIf(t, !test.uncertain && (server.connections.Load() > most || server.requests.Load() != 0),
					"%d connections, %d requests", server.connections.Load(), server.requests.Load())
			}
			wantError(t, err, KindUnavailable, "POST /v2/objectstore/credentials")
			failIf(t, !strings.HasSuffix(err.Error(), test.says) || IsUncertain(err) != test.uncertain, "uncertain is %t: %v", IsUncertain(err), err)
		})
	}
}

const (
	leakToken  = "TokenAbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh"
	leakSecret = `Se&cr<et>K"ey\0123456789+/abcdEFGHijklMNOP=q` //nolint:gosec // opens nothing
)

// mustNotLeak fails the test if a text contains eight consecutive characters of the token or the secret, in any case.
func mustNotLeak(tb testing.TB, what, text string) {
	tb.Helper()
	for _, secret := range []string{leakToken, leakSecret} {
		for start := 0; start+8 <= len(secret); start++ {
			if part := secret[start : start+8]; strings.Contains(strings.ToLower(text), strings.ToLower(part)) {
				tb.Errorf("%s contains %q: %s", what, part, text)
				return
			}
		}
	}
	for _, r := range text {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			tb.Errorf("%s contains a control character: %q", what, text)
			return
		}
	}
}

// attack runs each operation against a server, and fails the test if any result contains the token or the secret.
func attack(t *testing.T, endpoint string, proxy *url.URL) map[string]error {
	t.Helper()
	client, base := overNetwork(t, endpoint)
	base.Proxy = http.ProxyURL(proxy)
	var trace strings.Builder
	client.config.Trace = func(_ context.Context, fields map[string]any) { fmt.Fprintf(&trace, "%+v; ", fields) }
	sent := wanted("n").WithKeys("", NewSecret(leakSecret))
	errs := map[string]error{}
	_, errs["create"] = client.CreateCredential(t.Context(), sent)
	sent.ID = "i"
	_, errs["update"] = client.UpdateCredential(t.Context(), sent)
	errs["delete"] = client.DeleteCredential(t.Context(), Credential{ID: "i", Region: "LON1"})
	_, errs["read"] = client.getCredential(t.Context(), "LON1", "i")
	_, errs["list"] = client.Credentials("LON1").All(t.Context())
	_, errs["regions"] = client.Regions(t.Context())
	for operation, err := range errs {
		failIf(t, err == nil, "%s: no error", operation)
		var text string
		for e := err; e != nil; e = errors.Unwrap(e) {
			text += fmt.Sprintf(" %s %v %+v", e, e, e)
		}
		mustNotLeak(t, "the error of "+operation, text)
	}
	mustNotLeak(t, "the trace", trace.String())
	failIf(t, trace.Len() == 0, "the trace is empty")
	return errs
}

// rawServer answers each request on a TCP connection with bytes, in which %s is the request's Authorization header.
func rawServer(t *testing.T, answer string) net.Listener {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				buffer := make([]byte, 64<<10)
				_, _ = conn.Read(buffer)
				_, _ = io.WriteString(conn, strings.ReplaceAll(answer, "TOKEN", "bearer "+leakToken+leakSecret))
			}()
		}
	}()
	return listener
}

// A proxy that refuses to connect can answer with anything, too.
func TestLeak_Transport(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"garbage":                "TOKEN\r\n\r\n",
		"status line":            "HTTP/1.1 TOKEN\r\n\r\n",
		"status text":            "HTTP/1.1 400 TOKEN\r\nContent-Length: 0\r\n\r\n",
		"protocol version":       "HTTP/TOKEN 200 OK\r\n\r\n",
		"header line":            "HTTP/1.1 200 OK\r\nTOKEN\r\n\r\n",
		"header name":            "HTTP/1.1 200 OK\r\nX TOKEN\x1b: a\r\n\r\n",
		"Content-Length":         "HTTP/1.1 200 OK\r\nContent-Length: TOKEN\r\n\r\n",
		"Transfer-Encoding":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: TOKEN\r\n\r\n",
		"chunk size":             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nTOKEN\r\n",
		"trailer":                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: TOKEN\r\n\r\n0\r\nTOKEN\r\n\r\n",
		"Content-Encoding":       "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nTOKEN",
		"Location":               "HTTP/1.1 302 Found\r\nLocation: http://TOKEN\x01 %zz\r\nContent-Length: 0\r\n\r\n",
		"Location, 307":          "HTTP/1.1 307 Found\r\nLocation: ://TOKEN %zz\r\nContent-Length: 0\r\n\r\n",
		"Retry-After":            "HTTP/1.1 503 Busy\r\nRetry-After: TOKEN\r\nContent-Length: 0\r\n\r\n",
		"cut body":               "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nTOKEN",
		"body of a wrong type":   "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"id\":\"TOKEN\",\"name\":17}",
		"key of a body":          "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"TOKEN\":1}",
		"body that is no JSON":   "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nTOKEN",
		"error that is no JSON":  "HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\nTOKEN",
		"switching protocols":    "HTTP/1.1 101 TOKEN\r\nUpgrade: TOKEN\r\n\r\n",
		"early hints":            "HTTP/1.1 103 TOKEN\r\nLink: TOKEN\r\n\r\nHTTP/1.1 999 TOKEN\r\nConnection: close\r\n\r\nTOKEN",
		"HTTP/2 without asking":  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nTOKEN",
		"a second, unasked for":  "HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 TOKEN\r\n\r\n",
		"nothing but a new line": "\n",
		"proxy's status text":    "HTTP/1.1 407 TOKEN\x1b[31m\r\n\r\n",
		"proxy's garbage":        "TOKEN\r\n\r\n",
		"proxy's silence":        "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := rawServer(t, answer).Addr().String()
			if !strings.HasPrefix(name, "proxy") {
				attack(t, "http://"+address, nil)
				return
			}
			errs := attack(t, "https://api.example.com", &url.URL{Scheme: "http", Host: address})
			wantError(t, errs["create"], KindUnavailable)
			if strings.Contains(answer, "407") { // nothing was sent
				wantError(t, errs["create"], KindUnavailable, "the proxy requires a valid user name")
				failIf(t, IsUncertain(errs["create"]), "is uncertain: %v", errs["create"])
			}
		})
	}
}
