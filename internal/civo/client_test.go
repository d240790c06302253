package civo_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

func TestClient_ConfiguringSendsNothing(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{})
	if n := server.Count() + server.Connections(); n != 0 {
		t.Errorf("%d requests and connections", n)
	}
}

func TestClient_UnsafeEndpoint(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"http://example.com", "ftp://example.com", "https://example.com/v2"} {
		if _, err := civo.NewClient(civo.Config{Endpoint: endpoint}); err == nil {
			t.Errorf("%s was taken", endpoint)
		}
	}
}

func TestS3Endpoint(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		civo.DefaultObjectStoreEndpoint:        "https://objectstore.lon1.civo.com",
		"https://s3.{region}.example.com:8443": "https://s3.lon1.example.com:8443",
		"http://127.0.0.1:8080":                "http://127.0.0.1:8080",
	} {
		if got := civo.S3Endpoint(endpoint, "LON1"); got != want {
			t.Errorf("%s: %s, want %s", endpoint, got, want)
		}
	}
}

// everyOperation calls every operation of a client and returns the results.
func everyOperation(ctx context.Context, client *civo.Client) map[string]error {
	const id = "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f"
	pending := civo.Credential{ID: id, Region: "LON1"}
	errs := map[string]error{}
	_, errs["read"] = client.Credentials("LON1").Get(ctx, id)
	_, errs["find"] = client.Credentials("LON1").Find(ctx, civo.By("n", civo.FieldName))
	_, errs["list"] = client.Credentials("LON1").All(ctx)
	_, errs["list stores"] = client.ObjectStores("LON1").All(ctx)
	_, errs["list regions"] = client.Regions(ctx)
	_, errs["create"] = client.CreateCredential(ctx, wanted("n"))
	_, errs["update"] = client.UpdateCredential(ctx, keyed(id, "LON1", wanted("n")))
	_, errs["wait"] = client.Credentials(pending.Region).WaitReady(ctx, pending)
	errs["delete"] = client.DeleteCredential(ctx, pending)
	store := civo.ObjectStore{ID: id, Region: "LON1"}
	_, errs["read store"] = client.ObjectStores("LON1").Get(ctx, id)
	_, errs["read store now"] = client.ObjectStores("LON1").GetCurrent(ctx, id)
	_, errs["find store"] = client.ObjectStores("LON1").Find(ctx, civo.By("n", civo.FieldName))
	_, errs["usage"] = client.ObjectStoreUsage(ctx, "LON1", id)
	_, errs["create store"] = client.CreateObjectStore(ctx, wantedStore("n", ""))
	_, errs["resize store"] = client.ResizeObjectStore(ctx, store, 500)
	_, errs["wait for store"] = client.ObjectStores(store.Region).WaitReady(ctx, store)
	errs["delete store"] = client.DeleteObjectStore(ctx, store)
	return errs
}

func TestClient_Headers(t *testing.T) {
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

func TestClient_KeepsConnections(t *testing.T) {
	t.Parallel()
	const atATime = 10
	server := simtest.Start(t, civosim.Options{Latency: 5 * time.Millisecond})
	client := connect(t, server.URL(), server.Token())
	store := server.AddStore(civosim.Store{})
	const requests = 220
	work := make(chan struct{})
	var group sync.WaitGroup
	for range atATime {
		group.Go(func() {
			for range work {
				if _, err := client.ObjectStores("LON1").GetCurrent(t.Context(), store.ID); err != nil {
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
	// Until all connections are open, one can become free while another is being opened: a few more, but never one for each
	// request.
	if n := server.Connections(); n > 2*atATime {
		t.Errorf("%d connections for %d requests at a time", n, atATime)
	}
	if n := server.MostInFlight(); n > atATime {
		t.Errorf("%d requests at a time", n)
	}
}

func TestClient_Trace(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{})
	there := server.AddCredential(civosim.Credential{Name: "n", SecretAccessKey: "secret-b"})
	server.Inject(civosim.Fault{Nth: 1, Effect: civosim.EffectClose}, civosim.Fault{Nth: 2, Effect: civosim.Effect500})
	var got []map[string]any
	client, err := civo.NewClient(civo.Config{
		Token: civo.NewSecret(server.Token()), Endpoint: server.URL(), Timing: quick(),
		Trace: func(_ context.Context, fields map[string]any) {
			if took, ok := fields["milliseconds"].(int64); !ok || took < 0 || took > time.Minute.Milliseconds() {
				t.Errorf("%v milliseconds", fields["milliseconds"])
			}
			delete(fields, "milliseconds")
			got = append(got, fields)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Credentials("LON1").Get(t.Context(), there.ID); err != nil {
		t.Fatal(err)
	}
	path := "/v2/objectstore/credentials/" + there.ID
	want := []map[string]any{
		{"method": "GET", "path": path, "query": "region=LON1", "error": "the connection was closed before the response was complete"},
		{"method": "GET", "path": path, "query": "region=LON1", "status": 500},
		{"method": "GET", "path": path, "query": "region=LON1", "status": 200},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
