package civosim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

const (
	credentialsPath = "/v2/objectstore/credentials" //nolint:gosec // a path, not a credential
	storesPath      = "/v2/objectstores"
	regionsPath     = "/v2/regions"
)

// client is an HTTP client that knows only the server's address and token.
type client struct {
	t     *testing.T
	ctx   context.Context //nolint:containedctx // of all requests
	url   string
	token string
	http  *http.Client
}

func start(t *testing.T, o civosim.Options) (*civosim.Server, client) {
	t.Helper()
	server := simtest.Start(t, o)
	return server, newClient(t, server)
}

// newClient returns a client with its own connections.
func newClient(t *testing.T, server *civosim.Server) client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return client{
		t: t, ctx: t.Context(), url: server.URL(), token: server.Token(),
		http: &http.Client{
			Transport:     transport,
			Timeout:       5 * time.Minute,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// object is a JSON object.
type object map[string]any

func (o object) text(key string) string {
	text, _ := o[key].(string)
	return text
}

func (o object) items() []object {
	items, _ := o["items"].([]any)
	list := make([]object, 0, len(items))
	for _, item := range items {
		m, _ := item.(map[string]any)
		list = append(list, m)
	}
	return list
}

// reply is a response including its body; status 0 is no response.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// send sends a request; body is JSON, "" for none. If the answer ends too early, send returns it with an error.
func (c client) send(method, path, body string) (reply, error) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.ctx, method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "bearer "+c.token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	return reply{status: response.StatusCode, header: response.Header, body: content}, err
}

// ask sends a request and expects an answer in JSON of any status.
func (c client) ask(method, path, body string) (int, object) {
	c.t.Helper()
	got, err := c.send(method, path, body)
	if err != nil {
		c.t.Fatalf("%s %s: %s", method, path, err)
	}
	answer := object{}
	if err := json.NewDecoder(bytes.NewReader(got.body)).Decode(&answer); err != nil {
		c.t.Fatalf("%s %s: %d %q: %s", method, path, got.status, got.body, err)
	}
	return got.status, answer
}

// ok sends a request and expects success.
func (c client) ok(method, path, body string) object {
	c.t.Helper()
	status, answer := c.ask(method, path, body)
	if status != http.StatusOK {
		c.t.Fatalf("%s %s: %d %v", method, path, status, answer)
	}
	return answer
}

// regionCodes expects a list of regions and returns their codes.
func (c client) regionCodes(query string) []string {
	c.t.Helper()
	got, err := c.send(http.MethodGet, regionsPath+query, "")
	if err != nil {
		c.t.Fatal(err)
	}
	var list []object
	if err := json.Unmarshal(got.body, &list); err != nil || got.status != http.StatusOK {
		c.t.Fatalf("%s%s: %d %s", regionsPath, query, got.status, got.body)
	}
	codes := make([]string, len(list))
	for i, region := range list {
		codes[i] = region.text("code")
	}
	return codes
}

// refused expects an error with this status and code.
func (c client) refused(method, path, body string, wantStatus int, wantCode string) {
	c.t.Helper()
	status, answer := c.ask(method, path, body)
	if status != wantStatus || answer.text("code") != wantCode {
		c.t.Errorf("%s %s %s: %d %v, want %d %s", method, path, body, status, answer, wantStatus, wantCode)
	}
	if answer.text("reason") == "" || answer.text("result") != "failed" {
		c.t.Errorf("%s %s %s: wrong reason or result in %v", method, path, body, answer)
	}
}

// clock is a clock that stands still until it is advanced.
type clock struct{ nanoseconds atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(0, c.nanoseconds.Load()) }

func (c *clock) advance(d time.Duration) { c.nanoseconds.Add(int64(d)) }

// eventually waits until done returns true.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("waited in vain until %s", what)
}
