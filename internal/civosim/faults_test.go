package civosim_test

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// outcome is the outcome of a request for a client.
type outcome struct {
	status  int    // 0 if there is no response
	code    string // of a JSON error
	json    bool   // the body is valid JSON
	html    bool
	broken  bool // the response is truncated
	timeout bool
}

func outcomeOf(c client, method, path, body string) outcome {
	got, err := c.send(method, path, body)
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return outcome{timeout: true}
	case got.status == 0:
		return outcome{}
	}
	var answer struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(got.body, &answer)
	return outcome{
		status: got.status, code: answer.Code, json: json.Valid(got.body), broken: err != nil,
		html: strings.HasPrefix(got.header.Get("Content-Type"), "text/html"),
	}
}

func TestFaults_Effects(t *testing.T) {
	t.Parallel()
	want := map[civosim.Effect]outcome{
		civosim.Effect400:           {status: 400, json: true, code: "bad_request"},
		civosim.Effect401:           {status: 401, json: true},
		civosim.Effect403:           {status: 403, json: true, code: "authentication_access_denied"},
		civosim.Effect404Text:       {status: 404},
		civosim.Effect404Account:    {status: 404, json: true, code: "database_account_not_found"},
		civosim.Effect429:           {status: 429, json: true, code: "too_many_requests"},
		civosim.Effect429RetryAfter: {status: 429, json: true, code: "too_many_requests"},
		civosim.Effect500:           {status: 500, json: true, code: "internal_error"},
		civosim.EffectBusy:          {status: 409, json: true, code: "database_quota_lock_failed"},
		civosim.EffectQuota:         {status: 500, json: true, code: "quota_limit_reached"},
		civosim.EffectParameter:     {status: 500, json: true, code: "parameter_name_invalid"},
		civosim.Effect502HTML:       {status: 502, html: true},
		civosim.Effect503:           {status: 503, json: true, code: "service_unavailable"},
		civosim.EffectClose:         {},
		civosim.EffectHang:          {timeout: true},
		civosim.EffectEmpty200:      {status: 200},
		civosim.EffectHTML200:       {status: 200, html: true},
		civosim.EffectCut200:        {status: 200},
		civosim.EffectTypes200:      {status: 200, json: true},
		civosim.EffectFailed200:     {status: 200, json: true},
		civosim.EffectEmpty203:      {status: 203, json: true},
		civosim.EffectRedirect:      {status: 302, html: true},
		civosim.EffectAfterClose:    {},
		civosim.EffectAfter500:      {status: 500, json: true, code: "internal_error"},
		civosim.EffectAfter502:      {status: 502, html: true},
		civosim.EffectAfterCut:      {status: 200, broken: true},
		civosim.EffectAfterHang:     {timeout: true},
	}
	if len(civosim.Effects()) != len(want) {
		t.Errorf("there are %d effects, but %d are tested", len(civosim.Effects()), len(want))
	}
	for _, effect := range civosim.Effects() {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, c := start(t, civosim.Options{})
			server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: effect})
			faulty := c
			var expire func()
			faulty.ctx, expire = simtest.Expiring(t.Context())
			go func() {
				for server.Hanging() == 0 && t.Context().Err() == nil {
					time.Sleep(time.Millisecond)
				}
				expire()
			}()

			got := outcomeOf(faulty, http.MethodPost, credentialsPath, `{"name":"n"}`)
			if diff := cmp.Diff(want[effect], got, cmp.AllowUnexported(outcome{})); diff != "" {
				t.Errorf("the outcome (-want +got):\n%s", diff)
			}
			if carriedOut := len(server.Credentials("")) == 1; carriedOut != effect.CarriesOut() {
				t.Errorf("the request is carried out: %t", carriedOut)
			}
			if effect.CarriesOut() != strings.HasPrefix(string(effect), "after-") {
				t.Errorf("CarriesOut returns %t", effect.CarriesOut())
			}
			r := server.Requests()[0]
			if r.Fault != string(effect) || r.Status != want[effect].status {
				t.Errorf("the recorded request is %+v", r)
			}
			c.ok(http.MethodPost, credentialsPath, `{"name":"another"}`)
		})
	}
}

func TestFaults_Headers(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	for effect, want := range map[civosim.Effect]http.Header{
		civosim.Effect429:           {"Content-Type": {"application/json"}},
		civosim.Effect429RetryAfter: {"Content-Type": {"application/json"}, "Retry-After": {"1"}},
		civosim.Effect404Text:       {"Content-Type": {"text/plain; charset=utf-8"}},
	} {
		server.ClearFaults()
		server.Inject(civosim.Fault{Effect: effect})
		got, err := c.send(http.MethodGet, credentialsPath, "")
		if err != nil {
			t.Fatal(err)
		}
		got.header.Del("Date")
		got.header.Del("Content-Length")
		if diff := cmp.Diff(want, got.header); diff != "" {
			t.Errorf("%s (-want +got):\n%s", effect, diff)
		}
	}
}

func TestFaults_FollowedRedirect(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	server.Inject(civosim.Fault{Effect: civosim.EffectRedirect})
	c.ask2xx(t, false)
	if n := server.Count(civosim.KindOther); n != 0 {
		t.Errorf("a client that does not follow redirects sent %d more requests", n)
	}
	c.http.CheckRedirect = nil
	c.ask2xx(t, true)
	last := server.Requests()[server.Count()-1]
	if server.Count(civosim.KindOther) != 1 || last.Path != "/elsewhere" || last.Fault != "" {
		t.Errorf("the last request of a client that follows redirects is %+v", last)
	}
}

func (c client) ask2xx(t *testing.T, want bool) {
	t.Helper()
	got, err := c.send(http.MethodGet, credentialsPath, "")
	if err != nil {
		t.Fatal(err)
	}
	if success := got.status/100 == 2; success != want {
		t.Errorf("status %d", got.status)
	}
}

func TestFaults_Filters(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault civosim.Fault
		want  []int // status of each of the requests below
	}{
		"every":            {civosim.Fault{}, []int{500, 500, 500, 500, 500, 500, 500, 500}},
		"second":           {civosim.Fault{Nth: 2}, []int{200, 500, 200, 200, 200, 200, 200, 200}},
		"two from second":  {civosim.Fault{Nth: 2, Times: 2}, []int{200, 500, 500, 200, 200, 200, 200, 200}},
		"kind":             {civosim.Fault{Kind: civosim.KindListCredentials}, []int{500, 200, 500, 200, 500, 200, 200, 200}},
		"second of a kind": {civosim.Fault{Kind: civosim.KindListCredentials, Nth: 2}, []int{200, 200, 500, 200, 200, 200, 200, 200}},
		"method":           {civosim.Fault{Method: http.MethodPut}, []int{200, 200, 200, 500, 200, 200, 200, 200}},
		"kind of regions":  {civosim.Fault{Kind: civosim.KindListRegions}, []int{200, 200, 200, 200, 200, 200, 500, 200}},
		"kind of stats":    {civosim.Fault{Kind: civosim.KindStoreStats}, []int{200, 200, 200, 200, 200, 200, 200, 500}},
		"path":             {civosim.Fault{PathPrefix: credentialsPath + "/"}, []int{200, 500, 200, 500, 200, 200, 200, 200}},
		"all filters": {
			civosim.Fault{Kind: civosim.KindListStores, Method: http.MethodGet, PathPrefix: "/v2", Nth: 1},
			[]int{200, 200, 200, 200, 200, 500, 200, 200},
		},
		"none": {civosim.Fault{Kind: civosim.KindListStores, Method: http.MethodPost}, []int{200, 200, 200, 200, 200, 200, 200, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, c := start(t, civosim.Options{})
			one := credentialsPath + "/" + server.AddCredential(civosim.Credential{}).ID
			stats := storesPath + "/" + server.AddStore(civosim.Store{}).ID + "/stats"
			test.fault.Effect = civosim.Effect500
			server.Inject(test.fault)
			requests := [][2]string{
				{http.MethodGet, credentialsPath},
				{http.MethodGet, one},
				{http.MethodGet, credentialsPath},
				{http.MethodPut, one},
				{http.MethodGet, credentialsPath},
				{http.MethodGet, storesPath},
				{http.MethodGet, regionsPath},
				{http.MethodGet, stats},
			}
			got := make([]int, len(requests))
			for i, request := range requests {
				answer, err := c.send(request[0], request[1], "{}")
				if err != nil {
					t.Fatal(err)
				}
				got[i] = answer.status
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			server.ClearFaults()
			c.ok(http.MethodGet, credentialsPath, "")
		})
	}
}

func TestFaults_Several(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	server.Inject(
		civosim.Fault{Nth: 1, Effect: civosim.Effect500},
		civosim.Fault{Nth: 1, Times: 2, Effect: civosim.Effect503},
	)
	for _, want := range []int{500, 503, 200} {
		if status, _ := c.ask(http.MethodGet, credentialsPath, ""); status != want {
			t.Errorf("status %d, want %d", status, want)
		}
	}
}

func TestFaults_UnknownEffect(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{})
	defer func() {
		if recover() == nil {
			t.Error("a fault with an unknown effect is accepted")
		}
	}()
	server.Inject(civosim.Fault{Effect: "418"})
}
