package civosim_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestStart_InvalidStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []int{-1, 7, 204, 404} {
		if server, err := civosim.Start(civosim.Options{RefusedDeletionStatus: status}); err == nil {
			t.Errorf("accepts the status %d", status)
			_ = server.Close()
		}
	}
}

func TestStart_OnlyOnLoopback(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{":0", "0.0.0.0:0", "192.0.2.1:0", "example.com:0", "127.0.0.1", "[::]:0"} {
		if server, err := civosim.Start(civosim.Options{Addr: addr}); err == nil {
			t.Errorf("listens on %s", server.URL())
			_ = server.Close()
		}
		if server, err := civosim.Start(civosim.Options{S3Addr: addr}); err == nil {
			t.Errorf("the S3 data plane listens on %s", server.S3URL())
			_ = server.Close()
		}
	}
	server, c := start(t, civosim.Options{Addr: "localhost:0", S3Addr: "localhost:0"})
	c.ok(http.MethodGet, credentialsPath, "")
	newS3Client(t, server, server.AddCredential(civosim.Credential{})).ok(http.MethodGet, "/", "")
}

// A web page can send requests to a loopback address, also under a name of its own that resolves to it.
func TestServe_OnlyItsOwnAddress(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	own := strings.TrimPrefix(server.URL(), "http://")
	_, port, _ := strings.Cut(own, ":")
	for _, test := range []struct {
		host, origin string
		want         int
	}{
		{own, "", http.StatusOK},
		{"localhost:" + port, "", http.StatusOK},
		{own, "http://" + own, http.StatusOK},
		{"attacker.example:" + port, "", http.StatusMisdirectedRequest},
		{"attacker.example", "", http.StatusMisdirectedRequest},
		{"127.0.0.1.attacker.example:" + port, "", http.StatusMisdirectedRequest},
		{"data." + own, "", http.StatusMisdirectedRequest},
		{"127.0.0.1:1", "", http.StatusMisdirectedRequest},
		{"127.0.0.1", "", http.StatusMisdirectedRequest},
		{own, "http://attacker.example", http.StatusForbidden},
		{own, "http://127.0.0.1:1", http.StatusForbidden},
		{own, "https://" + own, http.StatusForbidden},
		{own, "null", http.StatusForbidden},
	} {
		for _, url := range []string{server.URL() + "/v2/ping", server.S3URL()} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			// The S3 data plane has another port, and answers a request without a signature with 403.
			_, itsPort, _ := strings.Cut(request.URL.Host, ":")
			request.Host = strings.ReplaceAll(test.host, port, itsPort)
			if test.origin != "" {
				request.Header.Set("Origin", strings.ReplaceAll(test.origin, port, itsPort))
			}
			response, err := c.http.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			refused := response.Header.Get("Content-Type") == "text/plain; charset=utf-8"
			if refused != (test.want != http.StatusOK) || refused && response.StatusCode != test.want {
				t.Errorf("%s, host %q, origin %q: %d, want %d", url, test.host, test.origin, response.StatusCode, test.want)
			}
		}
	}
	if n := server.Count(); n != 3 {
		t.Errorf("%d requests were served", n)
	}
}

func TestRecord_Bounded(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{-1: 0, 3: 3} {
		server, c := start(t, civosim.Options{RecordLimit: limit})
		long := strings.Repeat("x", 100_000)
		for range 5 {
			c.ask(http.MethodGet, credentialsPath+"/"+long+"?"+long, "")
			c.ask(http.MethodPost, credentialsPath, `{"region":"`+long+`"}`)
		}
		got := server.Requests()
		if len(got) != want || server.Count() != 10 || server.Count(civosim.KindCreateCredential) != 5 {
			t.Errorf("limit %d: %d requests, counts %d", limit, len(got), server.Count())
		}
		for _, r := range got {
			if len(r.Method+r.Path+r.Query+r.Region+r.UserAgent) > 4000 {
				t.Error("the record keeps a long text")
			}
		}
	}
	server, c := start(t, civosim.Options{})
	for range 10_001 {
		c.ask(http.MethodGet, "/v2/ping", "")
	}
	if n := len(server.Requests()); n != 10_000 {
		t.Errorf("the record has %d requests", n)
	}
}

func TestStart_AddressInUse(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{})
	second, err := civosim.Start(civosim.Options{Addr: server.URL()[len("http://"):]})
	if err == nil {
		_ = second.Close()
		t.Error("two servers on one address")
	}
	third, err := civosim.Start(civosim.Options{S3Addr: server.S3URL()[len("http://"):]})
	if err == nil {
		_ = third.Close()
		t.Error("two S3 data planes on one address")
	}
}

func TestRecord(t *testing.T) {
	t.Parallel()
	var passed []civosim.Request // to OnRequest, which is called before the answer
	server, c := start(t, civosim.Options{OnRequest: func(r civosim.Request) { passed = append(passed, r) }})
	created := c.ok(http.MethodPost, credentialsPath+"?region=LON1", `{"name":"n","region":"FRA1"}`)
	one := credentialsPath + "/" + created.text("id")
	c.ok(http.MethodGet, one+"?region=fra1", "")
	c.ok(http.MethodPut, one, `{"region":"FRA1"}`)
	c.ask(http.MethodDelete, one, "")
	c.ok(http.MethodGet, credentialsPath+"?page=1", "")
	store := storesPath + "/" + c.ok(http.MethodPost, storesPath, `{"name":"abc"}`).text("id")
	c.ok(http.MethodGet, store, "")
	c.ok(http.MethodPut, store, `{}`)
	c.ok(http.MethodDelete, store, "")
	c.ok(http.MethodGet, storesPath, "")
	c.regionCodes("?region=LON1")
	c.ok(http.MethodGet, storesPath+"/"+server.AddStore(civosim.Store{ID: "s"}).ID+"/stats", "")
	c.ok(http.MethodPost, credentialsPath+"?region=FRA1", `{"name":"m"}`)
	c.ok(http.MethodGet, "/v2/ping", "")

	const agent = "Go-http-client/1.1"
	want := []civosim.Request{
		{Method: "POST", Path: credentialsPath, Query: "region=LON1", Region: "FRA1", Kind: "create credential", Status: 200},
		{Method: "GET", Path: one, Query: "region=fra1", Region: "fra1", Kind: "get credential", Status: 200},
		{Method: "PUT", Path: one, Region: "FRA1", Kind: "update credential", Status: 200},
		{Method: "DELETE", Path: one, Kind: "delete credential", Status: 404},
		{Method: "GET", Path: credentialsPath, Query: "page=1", Kind: "list credentials", Status: 200},
		{Method: "POST", Path: storesPath, Kind: "create store", Status: 200},
		{Method: "GET", Path: store, Kind: "get store", Status: 200},
		{Method: "PUT", Path: store, Kind: "update store", Status: 200},
		{Method: "DELETE", Path: store, Kind: "delete store", Status: 200},
		{Method: "GET", Path: storesPath, Kind: "list stores", Status: 200},
		{Method: "GET", Path: regionsPath, Query: "region=LON1", Region: "LON1", Kind: "list regions", Status: 200},
		{Method: "GET", Path: storesPath + "/s/stats", Kind: "store stats", Status: 200},
		{Method: "POST", Path: credentialsPath, Query: "region=FRA1", Kind: "create credential", Status: 200},
		{Method: "GET", Path: "/v2/ping", Kind: "other", Status: 200},
	}
	for i := range want {
		want[i].UserAgent = agent
	}
	got := server.Requests()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(civosim.Request{}, "Start", "End")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(got, passed); diff != "" {
		t.Errorf("OnRequest (-record +passed):\n%s", diff)
	}
	for _, r := range got {
		if r.Start.IsZero() || r.End.Before(r.Start) {
			t.Errorf("%s %s: from %s to %s", r.Method, r.Path, r.Start, r.End)
		}
	}
	if n := server.Count(); n != len(want) {
		t.Errorf("%d requests", n)
	}
	if n := server.Count(civosim.KindGetStore, civosim.KindListStores); n != 2 {
		t.Errorf("%d requests of two kinds", n)
	}
	if n := server.MostInFlight(); n != 1 {
		t.Errorf("%d at one time, of requests one after the other", n)
	}
	server.ResetRecord()
	if n := server.Count() + server.Connections() + server.MostInFlight(); n != 0 {
		t.Errorf("left after a reset: %d", n)
	}
}

func TestRecord_Connections(t *testing.T) {
	t.Parallel()
	const clients = 5
	var waiting sync.WaitGroup // until all clients have sent their request
	waiting.Add(clients)
	var concurrent atomic.Bool
	server, c := start(t, civosim.Options{OnRequest: func(civosim.Request) {
		if concurrent.Load() {
			waiting.Done()
			waiting.Wait()
		}
	}})
	c.ok(http.MethodGet, credentialsPath, "")
	c.ok(http.MethodGet, credentialsPath, "")
	if n := server.Connections(); n != 1 {
		t.Errorf("%d connections for requests one after the other", n)
	}
	server.ResetRecord()

	concurrent.Store(true)
	var group sync.WaitGroup
	for range clients {
		each := newClient(t, server)
		group.Go(func() {
			if _, err := each.send(http.MethodGet, credentialsPath, ""); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := server.Connections(); n != clients {
		t.Errorf("%d connections of %d clients", n, clients)
	}
}

func TestRecord_MostInFlight(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	server.Inject(civosim.Fault{Effect: civosim.EffectHang})
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+credentialsPath, http.NoBody)
			if err != nil {
				t.Error(err)
				return
			}
			if response, err := c.http.Do(request); err == nil {
				_ = response.Body.Close()
				t.Error("answered")
			}
		})
	}
	eventually(t, "all requests hang", func() bool { return server.Hanging() == 5 })
	if n := server.MostInFlight(); n != 5 {
		t.Errorf("%d at one time", n)
	}
	cancel()
	group.Wait()
	eventually(t, "no request hangs", func() bool { return server.Hanging() == 0 })
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	for _, retryAfter := range []bool{false, true} {
		server, c := start(t, civosim.Options{RateLimit: 0.5, RetryAfter: retryAfter, Now: new(clock).now})
		c.ok(http.MethodPost, credentialsPath, `{"name":"n"}`)
		got, err := c.send(http.MethodPost, credentialsPath, `{"name":"m"}`)
		if err != nil {
			t.Fatal(err)
		}
		if got.status != http.StatusTooManyRequests {
			t.Errorf("status %d", got.status)
		}
		want := map[bool]string{true: "2"}[retryAfter]
		if seconds := got.header.Get("Retry-After"); seconds != want {
			t.Errorf("Retry-After %q, want %q", seconds, want)
		}
		if n := len(server.Credentials("")); n != 1 {
			t.Errorf("%d credentials", n)
		}
	}
}

func TestRecord_ClientDisconnects(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{Latency: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+credentialsPath, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if response, err := c.http.Do(request); err == nil {
			_ = response.Body.Close()
			t.Error("answered")
		}
	}()
	eventually(t, "the request is on record", func() bool { return server.Count() == 1 })
	if r := server.Requests()[0]; r.Status != 0 || !r.End.IsZero() {
		t.Errorf("under way: %+v", r)
	}
	cancel()
	<-ended
	eventually(t, "the server has abandoned it", func() bool { return !server.Requests()[0].End.IsZero() })
}

func TestClose(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]civosim.Options{"hanging": {}, "latency": {Latency: time.Hour}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, c := start(t, o)
			server.Inject(civosim.Fault{Effect: civosim.EffectHang})
			failed := make(chan error, 1)
			go func() {
				_, err := c.send(http.MethodGet, credentialsPath, "")
				failed <- err
			}()
			eventually(t, "the request is on record", func() bool { return server.Count() == 1 })
			if err := server.Close(); err != nil {
				t.Error(err)
			}
			select {
			case err := <-failed:
				if err == nil {
					t.Error("answered")
				}
			case <-time.After(5 * time.Minute):
				t.Fatal("the request outlives the server")
			}
			if err := server.Close(); err != nil {
				t.Errorf("closing again: %s", err)
			}
		})
	}
}
