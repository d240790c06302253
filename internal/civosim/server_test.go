package civosim_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// A web page can send requests to a loopback address, also under a name of its own that resolves to it.
func TestServe_OnlyItsOwnAddress(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	const misdirected, forbidden = http.StatusMisdirectedRequest, http.StatusForbidden
	for _, test := range []struct {
		host, origin string
		want         int // 0: served
	}{
		{"127.0.0.1:PORT", "", 0},
		{"localhost:PORT", "", 0},
		{"127.0.0.1:PORT", "http://127.0.0.1:PORT", 0},
		{"attacker.example:PORT", "", misdirected},
		{"127.0.0.1.attacker.example:PORT", "", misdirected},
		{"data.127.0.0.1:PORT", "", misdirected},
		{"127.0.0.1:1", "", misdirected},
		{"127.0.0.1", "", misdirected},
		{"127.0.0.1:PORT", "http://attacker.example", forbidden},
		{"127.0.0.1:PORT", "http://127.0.0.1:1", forbidden},
		{"127.0.0.1:PORT", "https://127.0.0.1:PORT", forbidden},
		{"127.0.0.1:PORT", "null", forbidden},
	} {
		for _, url := range []string{server.URL(), server.S3URL()} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v2/ping", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			request.Host = strings.ReplaceAll(test.host, "PORT", request.URL.Port())
			if test.origin != "" {
				request.Header.Set("Origin", strings.ReplaceAll(test.origin, "PORT", request.URL.Port()))
			}
			response, err := c.http.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			got := response.StatusCode
			if response.Header.Get("Content-Type") != "text/plain; charset=utf-8" { // of the API, or of the S3 data plane
				got = 0
			}
			if got != test.want {
				t.Errorf("%s, host %q, origin %q: %d, want %d", url, test.host, test.origin, got, test.want)
			}
		}
	}
	if n := server.Count(); n != 3 {
		t.Errorf("%d requests were served", n)
	}
}

func TestRecord(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{RecordLimit: 3})
	server.AddCredential(civosim.Credential{ID: "a"})
	long := strings.Repeat("x", 100_000)
	_, err := c.send(http.MethodPost, credentialsPath+"/"+long+"?"+long, `{"region":"`+long+`"}`)
	if r := server.Requests()[0]; err != nil || len(r.Path+r.Query+r.Region) != 3000 {
		t.Errorf("%v, %d, %d and %d bytes on record", err, len(r.Path), len(r.Query), len(r.Region))
	}
	c.ok(http.MethodGet, credentialsPath+"/a?region=LON1", "")
	c.ok(http.MethodPost, "/v2/objectstores?region=phx1", `{"name":"abc","region":"FRA1"}`)
	c.ok(http.MethodDelete, credentialsPath+"/a?region=lon1", "")
	got := server.Requests()
	if r := got[2]; r.Start.IsZero() || r.End.Before(r.Start) || r.UserAgent == "" {
		t.Errorf("%+v", r)
	}
	want := []civosim.Request{
		{Method: "GET", Path: credentialsPath + "/a", Query: "region=LON1", Region: "LON1", Kind: civosim.KindGetCredential, Status: 200},
		{Method: "POST", Path: "/v2/objectstores", Query: "region=phx1", Region: "FRA1", Kind: civosim.KindCreateStore, Status: 200},
		{Method: "DELETE", Path: credentialsPath + "/a", Query: "region=lon1", Region: "lon1", Kind: civosim.KindDeleteCredential, Status: 200},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(civosim.Request{}, "Start", "End", "UserAgent")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	counts := func() [4]int {
		ofTwoKinds := server.Count(civosim.KindGetCredential, civosim.KindCreateStore)
		return [4]int{server.Count(), ofTwoKinds, server.Connections(), server.MostInFlight()}
	}
	before := counts()
	server.ResetRecord()
	if after := counts(); before != [4]int{4, 2, 1, 1} || after != [4]int{} {
		t.Errorf("requests, those of two kinds, connections, and most at one time: %d, and after a reset %d", before, after)
	}
}

// Requests that hang or are delayed are on record. They end when their client disconnects, or when the server is closed.
func TestRecord_Pending(t *testing.T) {
	t.Parallel()
	const clients = 5
	for latency, hanging := range map[time.Duration]int{0: clients, time.Hour: 0} {
		server, _ := start(t, civosim.Options{Latency: latency})
		server.Inject(civosim.Fault{Effect: civosim.EffectHang})
		var group sync.WaitGroup
		var disconnect func()
		for range clients {
			c := newClient(t, server)
			c.ctx, disconnect = context.WithCancel(t.Context())
			t.Cleanup(disconnect)
			group.Go(func() {
				if _, err := c.send(http.MethodGet, credentialsPath, ""); err == nil {
					t.Error("answered")
				}
			})
		}
		ended := func() (n int) {
			for _, r := range server.Requests() {
				if r.Status == 0 && !r.End.IsZero() {
					n++
				}
			}
			return n
		}
		eventually(t, "all requests are pending", func() bool { return server.Count() == clients && server.Hanging() == hanging })
		if server.Connections() != clients || server.MostInFlight() != clients || ended() > 0 {
			t.Errorf("%d connections, %d requests at one time: %+v", server.Connections(), server.MostInFlight(), server.Requests())
		}
		disconnect() // the last one
		eventually(t, "the server has abandoned one", func() bool { return ended() == 1 })
		if err := errors.Join(server.Close(), server.Close()); err != nil {
			t.Error(err)
		}
		group.Wait()
		eventually(t, "the server has abandoned all", func() bool { return ended() == clients && server.Hanging() == 0 })
	}
}
