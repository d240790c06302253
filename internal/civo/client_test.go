package civo_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

func TestNewClientSendsNothing(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	if n := server.Count() + server.Connections(); n != 0 {
		t.Errorf("%d requests and connections", n)
	}
	if client.Region() != "LON1" || client.RegionPending() {
		t.Errorf("region %q, pending %t", client.Region(), client.RegionPending())
	}
}

func TestNewClientRefusesAnEndpointThatIsNotSafe(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"http://example.com", "ftp://example.com", "https://example.com/v2"} {
		if _, err := civo.NewClient(civo.Config{Endpoint: endpoint}); err == nil {
			t.Errorf("%s was taken", endpoint)
		}
	}
}

func TestBlockedClientSaysWhyAndKeepsTheRegion(t *testing.T) {
	t.Parallel()
	client := civo.NewBlockedClient(civo.Config{Region: "lon1", RegionPending: true}, "the token is not known")
	if client.Region() != "lon1" || !client.RegionPending() {
		t.Errorf("region %q, pending %t", client.Region(), client.RegionPending())
	}
	for name, err := range everyOperation(t.Context(), client) {
		if !civo.IsNotConfigured(err) || !strings.Contains(err.Error(), "the token is not known") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// everyOperation does everything a client can do, and gives what came of it.
func everyOperation(ctx context.Context, client *civo.Client) map[string]error {
	const id = "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f"
	pending := civo.Credential{ID: id, Region: "LON1"}
	errs := map[string]error{}
	_, errs["read"] = client.Credential(ctx, "LON1", id)
	_, errs["find"] = client.FindCredential(ctx, "LON1", civo.Lookup{Name: "n"})
	_, errs["list"] = client.Credentials(ctx, "LON1")
	_, errs["list stores"] = client.ObjectStores(ctx, "LON1")
	_, errs["list regions"] = client.Regions(ctx)
	_, errs["create"] = client.CreateCredential(ctx, wanted("n"))
	_, errs["update"] = client.UpdateCredential(ctx, "LON1", id, wanted("n").Keys)
	_, errs["wait"] = client.WaitReady(ctx, pending)
	errs["delete"] = client.DeleteCredential(ctx, pending)
	return errs
}

func TestWhatEveryRequestCarries(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []*http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r)
		mu.Unlock()
		w.WriteHeader(http.StatusBadRequest)
	}))
	t.Cleanup(server.Close)
	everyOperation(t.Context(), connect(t, server.URL, "token-a"))

	methods := map[string]bool{}
	for _, r := range asked {
		methods[r.Method] = true
		want := http.Header{"Authorization": {"bearer token-a"}, "User-Agent": {"test/1"}, "Accept": {"application/json"}}
		if r.Method == http.MethodPost || r.Method == http.MethodPut {
			want.Set("Content-Type", "application/json")
		}
		got := http.Header{}
		for name := range r.Header {
			if name != "Accept-Encoding" && name != "Content-Length" {
				got[name] = r.Header[name]
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %s: header (-want +got):\n%s", r.Method, r.URL, diff)
		}
		regions := []string{"LON1"}
		if r.URL.Path == "/v2/regions" {
			regions = nil
		}
		if region := r.URL.Query()["region"]; !slices.Equal(region, regions) {
			t.Errorf("%s %s: the query has the region %q", r.Method, r.URL, region)
		}
		if !strings.HasPrefix(r.URL.Path, "/v2/") {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		if strings.Contains(r.URL.String(), "token-a") || strings.Contains(r.URL.String(), "secret-") {
			t.Errorf("a secret is in the URL %s", r.URL)
		}
	}
	if len(methods) != 4 {
		t.Errorf("only %v were sent", methods)
	}
}

func TestReadIsRepeatedUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	for _, effect := range []civosim.Effect{
		civosim.Effect500, civosim.Effect502HTML, civosim.Effect503, civosim.EffectClose, civosim.EffectCut200, civosim.EffectAfterClose,
		civosim.EffectAfterCut, civosim.EffectAfter500, civosim.EffectHang, civosim.Effect429,
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{}, paceFor(effect))
			there := server.AddCredential(civosim.Credential{Name: "n"})
			server.Inject(civosim.Fault{Nth: 1, Times: 2, Effect: effect})
			got, err := client.Credential(t.Context(), "LON1", there.ID)
			if effect == civosim.EffectCut200 { // a whole answer, as far as HTTP can tell
				wantError(t, err, unexpected)
				return
			}
			if err != nil || got != seen(there) {
				t.Errorf("read %+v: %v", got, err)
			}
			if n := server.Count(); n != 3 && effect != civosim.EffectHang {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestReadIsRepeatedABoundedNumberOfTimes(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	server.Inject(civosim.Fault{Effect: civosim.Effect500})
	_, err := client.Credentials(t.Context(), "LON1")
	wantError(t, err, unavailable, "GET /v2/objectstore/credentials", "500", "Internal server error")
	if n := server.Count(); n != 1+quick().Retries {
		t.Errorf("%d requests", n)
	}
}

func TestRequestsOverTheRateLimitAreServedInTheEnd(t *testing.T) {
	t.Parallel()
	for name, retryAfter := range map[string]bool{"with Retry-After": true, "without Retry-After": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{RateLimit: 10, RetryAfter: retryAfter})
			var group sync.WaitGroup
			for i := range 20 {
				group.Go(func() {
					if _, err := client.CreateCredential(t.Context(), wanted(fmt.Sprintf("n%d", i))); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			if n := server.Count(); n == 20 {
				t.Error("no request was over the limit: this test proves nothing")
			} else if n > 100 {
				t.Errorf("%d requests for 20 credentials", n)
			}
			if n := len(server.Credentials("")); n != 20 {
				t.Errorf("%d credentials", n)
			}
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var visits atomic.Int32
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	t.Cleanup(target.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(target.URL, status))
		t.Cleanup(server.Close)
		for name, err := range everyOperation(t.Context(), connect(t, server.URL, "token-a")) {
			if !civo.IsUnexpected(err) {
				t.Errorf("%d, %s: %v", status, name, err)
			}
		}
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("%d requests reached the redirect's target", n)
	}
}

func TestRedirectOnTheSameServerIsNotFollowed(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	server.Inject(civosim.Fault{Effect: civosim.EffectRedirect})
	for name, err := range everyOperation(t.Context(), client) {
		if !civo.IsUnexpected(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if paths(server)["/elsewhere"] {
		t.Error("the redirect was followed")
	}
}

func TestServerThatNeverAnswers(t *testing.T) {
	t.Parallel()
	pace := impatient()
	pace.Retries = 1
	server, client := start(t, civosim.Options{}, pace)
	server.Inject(civosim.Fault{Effect: civosim.EffectHang})
	began := time.Now()
	_, err := client.Credentials(t.Context(), "LON1")
	wantError(t, err, unavailable, "no response from Civo to GET /v2/objectstore/credentials", "timed out waiting for the response")
	if took := time.Since(began); took < 2*pace.Attempt || server.Count() > 2 {
		t.Errorf("gave up after %v and %d requests", took, server.Count())
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for name, err := range everyOperation(t.Context(), connect(t, "http://"+address, "token-a")) {
		if !civo.IsUnavailable(err) || civo.IsUncertain(err) {
			t.Errorf("%s: unavailable %t, uncertain %t: %v", name, civo.IsUnavailable(err), civo.IsUncertain(err), err)
		}
		if !strings.Contains(err.Error(), "the connection was refused") || strings.Contains(err.Error(), address) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	const atATime = 10
	server := simtest.Start(t, civosim.Options{Latency: 5 * time.Millisecond})
	client := connect(t, server.URL(), server.Token())
	const requests = 220
	work := make(chan struct{})
	var group sync.WaitGroup
	for range atATime {
		group.Go(func() {
			for range work {
				if _, err := client.ObjectStores(t.Context(), "LON1"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range requests {
		work <- struct{}{}
	}
	close(work)
	group.Wait()
	if n := server.Count(); n != requests {
		t.Errorf("%d requests", n)
	}
	// As long as not all are made, a connection can become free while another is being made: a few more, but never one each.
	if n := server.Connections(); n > 2*atATime {
		t.Errorf("%d connections for %d requests at a time", n, atATime)
	}
	if n := server.MostInFlight(); n > atATime {
		t.Errorf("%d requests at a time", n)
	}
}

func TestTraceTellsOfEachAttempt(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{})
	there := server.AddCredential(civosim.Credential{Name: "n", SecretAccessKey: "secret-b"})
	server.Inject(civosim.Fault{Nth: 1, Effect: civosim.EffectClose}, civosim.Fault{Nth: 2, Effect: civosim.Effect500})
	type line struct {
		Method, Path, Query string
		Status              int
		Failed              bool
	}
	var got []line
	client, err := civo.NewClient(civo.Config{
		Token: civo.NewSecret(server.Token()), Endpoint: server.URL(), Pace: quick(),
		Trace: func(_ context.Context, e civo.Exchange) {
			got = append(got, line{e.Method, e.Path, e.Query, e.Status, e.Err != nil})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Credential(t.Context(), "LON1", there.ID); err != nil {
		t.Fatal(err)
	}
	path := "/v2/objectstore/credentials/" + there.ID
	want := []line{
		{"GET", path, "region=LON1", 0, true}, {"GET", path, "region=LON1", 500, false}, {"GET", path, "region=LON1", 200, false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
