package civo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

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
