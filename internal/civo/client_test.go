package civo

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// everyOperation calls every operation of a client and returns the results.
func everyOperation(ctx context.Context, client *Client) map[string]error {
	errs := map[string]error{}
	for _, kind := range recordKinds {
		records, one := kind.in(client, "LON1"), kind.withID(kind.wanted, someID)
		_, errs["read "+kind.noun] = records.Get(ctx, someID)
		_, errs["read current "+kind.noun] = records.GetCurrent(ctx, someID)
		_, errs["find "+kind.noun] = records.Find(ctx, By("n", FieldName))
		_, errs["list "+kind.noun] = records.All(ctx)
		_, errs["create "+kind.noun] = kind.create(ctx, client, kind.wanted)
		_, errs["update "+kind.noun] = kind.update(ctx, client, kind.change(one))
		_, errs["wait for "+kind.noun] = records.WaitReady(ctx, one)
		errs["delete "+kind.noun] = kind.delete(ctx, client, one)
	}
	_, errs["list regions"] = client.Regions(ctx)
	_, errs["read quota"] = client.Quota(ctx)
	_, errs["read usage"] = client.ObjectStoreUsage(ctx, "LON1", someID)
	return errs
}

func TestClient_Headers(t *testing.T) {
	t.Parallel()
	methods := map[string]int{}
	client := clientOver(t, quick(), func(r *http.Request) (*http.Response, error) {
		methods[r.Method]++
		want := http.Header{"Authorization": {"bearer token-a"}, "User-Agent": {"test/1"}, "Accept": {"application/json"}}
		if r.Method == http.MethodPost || r.Method == http.MethodPut {
			want.Set("Content-Type", "application/json")
		}
		wantEqual(t, "the header of a "+r.Method, want, r.Header)
		regions := []string{"LON1"}
		if r.URL.Path == regionsPath || r.URL.Path == quotaPath {
			regions = nil
		}
		region := r.URL.Query()["region"]
		failIf(t, !slices.Equal(region, regions) || !strings.HasPrefix(r.URL.String(), "https://api.civo.com/v2/"), "%s %s", r.Method, r.URL)
		failIf(t, strings.Contains(r.URL.String(), "token-a") || strings.Contains(r.URL.String(), "secret-"), "a secret is in the URL %s", r.URL)
		return respond(400, ""), nil
	})
	everyOperation(t.Context(), client)
	failIf(t, len(methods) != 4, "only %v were sent", methods)
}

func TestClient_KeepsConnections(t *testing.T) {
	t.Parallel()
	const bursts, atATime = 20, 10 // all connections are idle between bursts
	server, client := start(t, civosim.Options{Latency: 5 * time.Millisecond})
	store := addStores(server, 1)[0]
	for range bursts {
		inParallel(atATime, atATime, func(int) {
			_, err := client.ObjectStores("LON1").GetCurrent(t.Context(), store.ID)
			wantError(t, err, noError)
		})
	}
	// A burst can open more connections than it needs, because one becomes free while another is being opened.
	failIf(t, server.Connections() > bursts*atATime/4, "%d connections for %d requests, %d at a time", server.Connections(), bursts*atATime, atATime)
}

func TestClient_Trace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		client := clientOver(t, quick(), func(*http.Request) (*http.Response, error) {
			sent++
			time.Sleep(1500 * time.Millisecond)
			if sent == 1 {
				return nil, io.EOF
			}
			return respond([]int{500, 200}[sent-2], readyOne), nil
		})
		var got []map[string]any
		client.config.Trace = func(_ context.Context, fields map[string]any) { got = append(got, fields) }
		_, err := client.Credentials("LON1").Get(t.Context(), "i")
		wantError(t, err, noError)
		const path, ms = "/v2/objectstore/credentials/i", int64(1500)
		want := []map[string]any{
			{"method": "GET", "path": path, "query": "region=LON1", "milliseconds": ms, "error": "the connection was closed before the response was complete"},
			{"method": "GET", "path": path, "query": "region=LON1", "milliseconds": ms, "status": 500},
			{"method": "GET", "path": path, "query": "region=LON1", "milliseconds": ms, "status": 200},
		}
		wantEqual(t, "the trace", want, got)
	})
}

// An operation that reaches no server, or whose context has ended, fails for that reason, and its outcome is certain.
func TestClient_NothingSent(t *testing.T) {
	t.Parallel()
	const address = "127.0.0.1:1" // other tests listen on ports that the system chooses, which are higher
	for name, err := range everyOperation(t.Context(), connect(t, "http://"+address, "token-a")) {
		wantError(t, err, KindUnavailable, "dial tcp "+address+": ") // the rest depends on the system
		failIf(t, IsUncertain(err), "%s is uncertain: %v", name, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	server, client := start(t, civosim.Options{})
	for name, err := range everyOperation(ended, client) {
		failIf(t, !IsInterrupted(err) || IsUncertain(err), "%s: uncertain is %t: %v", name, IsUncertain(err), err)
	}
	for _, kind := range recordKinds {
		failIf(t, server.Count(kind.post, kind.put, kind.remove) != 0, "writes of %ss were sent", kind.noun)
	}
}
