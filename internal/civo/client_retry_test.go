package civo_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestRetry_UntilAnswered(t *testing.T) {
	t.Parallel()
	for _, effect := range []civosim.Effect{
		civosim.Effect500, civosim.Effect502HTML, civosim.Effect503, civosim.EffectClose, civosim.EffectCut200, civosim.EffectAfterClose,
		civosim.EffectAfterCut, civosim.EffectAfter500, civosim.EffectHang, civosim.Effect429,
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := startHanging(t, civosim.Options{})
			there := server.AddCredential(civosim.Credential{Name: "n"})
			if _, err := client.Regions(t.Context()); err != nil { // after a first response, a failure is probably temporary
				t.Fatal(err)
			}
			server.ResetRecord()
			server.Inject(civosim.Fault{Nth: 1, Times: 2, Effect: effect})
			got, err := client.Credentials("LON1").Get(t.Context(), there.ID)
			if effect == civosim.EffectCut200 { // a whole answer, as far as HTTP can tell
				wantError(t, err, unexpected)
				return
			}
			if err != nil || got != seen(there) {
				t.Errorf("read %+v: %v", got, err)
			}
			if n := server.Count(); n != 3 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestRetry_BoundedNumber(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	server.Inject(civosim.Fault{Effect: civosim.Effect500})
	_, err := client.Credentials("LON1").All(t.Context())
	wantError(t, err, serverError, "GET /v2/objectstore/credentials", "500", "Internal server error")
	if n := server.Count(); n != 1+quick().Retries {
		t.Errorf("%d requests", n)
	}
}

func TestRateLimit_ServedInTheEnd(t *testing.T) {
	t.Parallel()
	for name, retryAfter := range map[string]bool{"with Retry-After": true, "without Retry-After": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Time stands still until all requests have arrived, so that some are over the limit.
			began := time.Now()
			var haveArrived atomic.Bool
			server, client := start(t, civosim.Options{RateLimit: 10, RetryAfter: retryAfter, Now: func() time.Time {
				if haveArrived.Load() {
					return time.Now()
				}
				return began
			}})
			server.OnArrival(civosim.KindCreateCredential, 20, func() { haveArrived.Store(true) })
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

func TestRedirect_NotFollowed(t *testing.T) {
	t.Parallel()
	var visits atomic.Int32
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	t.Cleanup(target.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(target.URL, status))
		t.Cleanup(server.Close)
		for name, err := range everyOperation(t.Context(), connect(t, server.URL, "token-a")) {
			if !civo.Is(err, civo.KindUnexpected) {
				t.Errorf("%d, %s: %v", status, name, err)
			}
		}
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("%d requests reached the redirect's target", n)
	}
}

func TestRedirect_SameServer(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	server.Inject(civosim.Fault{Effect: civosim.EffectRedirect})
	for name, err := range everyOperation(t.Context(), client) {
		if !civo.Is(err, civo.KindUnexpected) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if paths(server)["/elsewhere"] {
		t.Error("the redirect was followed")
	}
}

func TestRetry_ServerNeverAnswers(t *testing.T) {
	t.Parallel()
	timing := quick()
	timing.Attempt, timing.Retries = 100*time.Millisecond, 1
	server, client := start(t, civosim.Options{}, timing)
	server.Inject(civosim.Fault{Effect: civosim.EffectHang})
	began := time.Now()
	_, err := client.Credentials("LON1").All(t.Context())
	wantError(t, err, unavailable, "no response from Civo to GET /v2/objectstore/credentials", "timed out waiting for the response")
	if took := time.Since(began); took < 2*timing.Attempt || server.Count() > 2 {
		t.Errorf("gave up after %v and %d requests", took, server.Count())
	}
}

func TestRetry_ConnectionRefused(t *testing.T) {
	t.Parallel()
	const address = "127.0.0.1:1" // other tests listen on ports that the system chooses, which are higher
	for name, err := range everyOperation(t.Context(), connect(t, "http://"+address, "token-a")) {
		if !civo.Is(err, civo.KindUnavailable) || civo.IsUncertain(err) {
			t.Errorf("%s: unavailable %t, uncertain %t: %v", name, civo.Is(err, civo.KindUnavailable), civo.IsUncertain(err), err)
		}
		if want := "dial tcp " + address + ": "; !strings.Contains(err.Error(), want) { // the rest depends on the system
			t.Errorf("%s: %v", name, err)
		}
	}
}
