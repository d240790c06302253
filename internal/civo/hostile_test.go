package civo

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	leakToken  = "TokenAbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh"
	leakSecret = `Se&cr<et>K"ey\0123456789+/abcdEFGHijklMNOP=q`
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

// traceOf collects what a client reports of its attempts.
type traceOf struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *traceOf) add(_ context.Context, e Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(&l.text, "%+v %v; ", e, e.Err)
}

// attack runs each operation against a server, and fails the test if anything that comes of it has the token or the secret.
func attack(t *testing.T, endpoint string, prepare func(*http.Transport)) map[string]error {
	t.Helper()
	var trace traceOf
	client, err := NewClient(Config{Token: NewSecret(leakToken), Endpoint: endpoint, UserAgent: "test/1", Trace: trace.add, Pace: Pace{
		Attempt: 2 * time.Second, Request: 4 * time.Second, List: 4 * time.Second, Retries: 1, RetryMin: time.Millisecond, RetryMax: time.Millisecond,
		PollFirst: time.Millisecond, PollMin: time.Millisecond, PollMax: time.Millisecond,
	}})
	if err != nil {
		t.Fatal(err)
	}
	sender, ok := client.http.HTTPClient.Transport.(*transport)
	if !ok {
		t.Fatalf("the transport is a %T", client.http.HTTPClient.Transport)
	}
	base, ok := sender.base.(*http.Transport)
	if !ok {
		t.Fatalf("the base is a %T", sender.base)
	}
	if prepare != nil {
		prepare(base)
	}
	t.Cleanup(base.CloseIdleConnections)
	keys := Keys{"access", NewSecret(leakSecret)}
	errs := map[string]error{}
	_, errs["create"] = client.CreateCredential(t.Context(), NewCredential{Name: "n", Region: "LON1", Keys: keys})
	_, errs["update"] = client.UpdateCredential(t.Context(), "LON1", "i", keys)
	errs["delete"] = client.DeleteCredential(t.Context(), Credential{ID: "i", Region: "LON1"})
	_, errs["read"] = client.getCredential(t.Context(), "LON1", "i")
	_, errs["list"] = client.Credentials(t.Context(), "LON1")
	_, errs["regions"] = client.Regions(t.Context())
	for operation, err := range errs {
		if err == nil {
			t.Errorf("%s: no error", operation)
			continue
		}
		text := fmt.Sprintf("%v", err)
		for e := err; e != nil; e = errors.Unwrap(e) {
			text += fmt.Sprintf(" %s %v %+v", e, e, e)
		}
		mustNotLeak(t, "the error of "+operation, text)
	}
	mustNotLeak(t, "the trace", trace.text.String())
	if trace.text.Len() == 0 {
		t.Error("the trace is empty")
	}
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
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			attack(t, "http://"+rawServer(t, answer).Addr().String(), nil)
		})
	}
}

// A proxy that refuses to connect can put anything into its answer. Nothing was sent then, so nothing is uncertain.
func TestLeak_ProxyConnect(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"status text": "HTTP/1.1 407 TOKEN\x1b[31m\r\n\r\n",
		"garbage":     "TOKEN\r\n\r\n",
		"no answer":   "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := &url.URL{Scheme: "http", Host: rawServer(t, answer).Addr().String()}
			errs := attack(t, "https://api.example.com", func(base *http.Transport) { base.Proxy = http.ProxyURL(proxy) })
			if err := errs["create"]; !IsUnavailable(err) || name == "status text" && (IsUncertain(err) || !strings.Contains(err.Error(), "the proxy did not connect")) {
				t.Errorf("uncertain is %t: %v", IsUncertain(err), err)
			}
		})
	}
}

// echoes are the forms in which a server can repeat what it received.
var echoes = map[string]func(string) string{
	"as it is":       func(s string) string { return s },
	"upper case":     strings.ToUpper,
	"lower case":     strings.ToLower,
	"JSON":           func(s string) string { return strings.Trim(marshalled(s), `"`) },
	"JSON twice":     func(s string) string { return marshalled(marshalled(s)) },
	"JSON, all":      func(s string) string { return eachByte(s, `\u%04x`) },
	"JSON, 16 bits":  func(s string) string { return eachByte(s, `\u%04X`) },
	"hex escapes":    func(s string) string { return eachByte(s, `\x%02x`) },
	"URL, query":     url.QueryEscape,
	"URL, path":      url.PathEscape,
	"URL, all":       func(s string) string { return eachByte(s, "%%%02X") },
	"URL twice":      func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"HTML":           html.EscapeString,
	"HTML, all":      func(s string) string { return eachByte(s, "&#%d;") },
	"Go":             func(s string) string { return fmt.Sprintf("%q", s) },
	"base64":         func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 + 1":     func(s string) string { return base64.StdEncoding.EncodeToString([]byte("a" + s)) },
	"base64 + 2":     func(s string) string { return base64.StdEncoding.EncodeToString([]byte("ab" + s)) },
	"base64 after 1": func(s string) string { return "x" + base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 after 2": func(s string) string { return "xy" + base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 after 3": func(s string) string { return "xyz" + base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64, URL":    func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"base64 twice": func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(s))))
	},
	"base64, lines":  func(s string) string { return spread(base64.StdEncoding.EncodeToString([]byte(s)), 5, "\n") },
	"hex":            func(s string) string { return hex.EncodeToString([]byte(s)) },
	"hex, upper":     func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"hex after one":  func(s string) string { return "a" + hex.EncodeToString([]byte(s)) },
	"hex, pairs":     func(s string) string { return fmt.Sprintf("% x", s) },
	"hex, colons":    func(s string) string { return spread(hex.EncodeToString([]byte(s)), 2, ":") },
	"spaces":         func(s string) string { return spread(s, 4, " ") },
	"lines":          func(s string) string { return spread(s, 3, "\r\n") },
	"zero width":     func(s string) string { return spread(s, 1, "\u200b") },
	"dashes":         func(s string) string { return spread(s, 7, "-") },
	"control":        func(s string) string { return spread(s, 2, "\x1b") },
	"a part of 12":   func(s string) string { return s[5:17] },
	"in a long text": func(s string) string { return strings.Repeat("word ", 50) + s },
}

func marshalled(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func eachByte(s, format string) string {
	var text strings.Builder
	for _, b := range []byte(s) {
		fmt.Fprintf(&text, format, b)
	}
	return text.String()
}

func spread(s string, every int, between string) string {
	var text strings.Builder
	for i, r := range s {
		if i > 0 && i%every == 0 {
			text.WriteString(between)
		}
		text.WriteRune(r)
	}
	return text.String()
}

func TestLeak_Echo(t *testing.T) {
	t.Parallel()
	for name, echo := range echoes {
		for what, secret := range map[string]string{"token": leakToken, "secret": leakSecret} {
			t.Run(name+", "+what, func(t *testing.T) {
				t.Parallel()
				c := call{method: http.MethodPost, path: "/v2/a", secrets: []Secret{NewSecret(leakSecret), NewSecret(leakToken)}}
				for _, text := range []string{echo(secret), "the key: " + echo(secret) + " is bad", `{"secret_access_key_id":"` + echo(secret) + `"}`} {
					for _, field := range []string{"code", "reason", "details", "result"} {
						body, err := json.Marshal(map[string]string{field: text})
						if err != nil {
							t.Fatal(err)
						}
						for _, status := range []int{200, 400, 409, 500} {
							e := responseError(c, status, body)
							if e.Reason != "" && !strings.Contains(e.Reason, "is not shown") || e.Code != "" {
								t.Errorf("%s, %d: code %q, reason %q", field, status, e.Code, e.Reason)
							}
						}
					}
				}
			})
		}
	}
}

// A server that echoes the request: the whole path from the response to the error.
func TestLeak_EchoingServer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 400, 401, 404, 409, 422, 500} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				sent, _ := io.ReadAll(r.Body)
				body, _ := json.Marshal(map[string]string{
					"code": strings.ToLower(leakToken), "reason": string(sent) + fmt.Sprint(r.Header), "result": "failed",
				})
				w.WriteHeader(status)
				_, _ = w.Write(body)
			}))
			t.Cleanup(server.Close)
			attack(t, server.URL, nil)
		})
	}
}

// Descriptions that repeat nothing are shown.
func TestResponseError_ShownReason(t *testing.T) {
	t.Parallel()
	c := call{secrets: []Secret{NewSecret(leakSecret), NewSecret(leakToken)}}
	for _, text := range []string{
		"The name is already in use", "Failed to find the region LON9 within the internal database",
		"A credential with the access key AKIA0123456XYZ already exists", "quota exceeded: 10 of 10", "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f",
	} {
		if got := c.shownReason(text); got != text {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
	for code, want := range map[string]string{
		"database_region_not_found": "database_region_not_found", "Bad Code": "", "a\u202eb": "", "<b>": "", "a_" + strings.Repeat("b", 100): "",
	} {
		if got := c.shownCode(code); got != want {
			t.Errorf("%q is shown as %q", code, got)
		}
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"plain":         {"plain text", "plain text"},
		"other scripts": {"Ключ 鍵 clé", "Ключ 鍵 clé"},
		"ESC":           {"red \x1b[31m", `red \x1b[31m`},
		"bell":          {"a\ab", `a\ab`},
		"DEL":           {"a\x7fb", `a\x7fb`},
		"C1 control":    {"a\u009bb", `a\u009bb`},
		"lines":         {"one\n\n\ttwo\r\nthree\u2028four", "one two three four"},
		"bidi override": {"a\u202eb", `a\u202eb`},
		"bidi isolate":  {"a\u2066b\u2069", `a\u2066b\u2069`},
		"bidi mark":     {"a\u200fb\u061c", `a\u200fb\u061c`},
		"zero width":    {"a\u200bb\u200d\ufeff", `a\u200bb\u200d\ufeff`},
		"tag":           {"a\U000e0041", `a\U000e0041`},
		"invalid UTF-8": {"a\xff\xfeb", `a\ufffd\ufffdb`},
		"as long":       {strings.Repeat("ä", 300), strings.Repeat("ä", 300)},
		"too long":      {strings.Repeat("ä", 301), strings.Repeat("ä", 300) + "…"},
		"all escapes":   {strings.Repeat("\x1b", 1000), strings.Repeat(`\x1b`, 75) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Printable(test.text); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
