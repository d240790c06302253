package civosim_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

const credentialsPath = "/v2/objectstore/credentials" //nolint:gosec // a path, not a credential

// client is an HTTP client that knows only the server's address and token.
type client struct {
	t             *testing.T
	ctx           context.Context //nolint:containedctx // of all requests
	url           string
	authorization string
	http          *http.Client
}

func start(t *testing.T, o civosim.Options) (*civosim.Server, client) {
	t.Helper()
	server := simtest.Start(t, o)
	return server, newClient(t, server)
}

// newClient returns a client with its own connections.
func newClient(t *testing.T, server *civosim.Server) client {
	t.Helper()
	transport := &http.Transport{ExpectContinueTimeout: 5 * time.Minute}
	t.Cleanup(transport.CloseIdleConnections)
	return client{
		t: t, ctx: t.Context(), url: server.URL(), authorization: "bearer " + server.Token(),
		http: &http.Client{
			Transport:     transport,
			Timeout:       5 * time.Minute,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
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
	request.Header.Set("Authorization", c.authorization)
	response, err := c.http.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	return reply{status: response.StatusCode, header: response.Header, body: content}, err
}

// ok sends a request and expects success.
func (c client) ok(method, path, body string) {
	c.t.Helper()
	if got, err := c.send(method, path, body); err != nil || got.status != http.StatusOK {
		c.t.Fatalf("%s %s: %d %s, %v", method, path, got.status, got.body, err)
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
