package civo

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

type faultRow struct {
	effect     civosim.Effect
	happens    string // "once", "always", or "once, unreadable": then the outcome cannot be read
	want       Kind
	uncertain  bool
	sent       int
	carriedOut bool
}

// What a write does when something happens to its request, and to the reads that show its outcome.
func TestWrites_Faults(t *testing.T) {
	t.Parallel()
	rows := []faultRow{
		// Civo rejects it: it is not repeated, and certainly not carried out.
		{civosim.Effect400, "always", KindRefused, false, 1, false},
		{civosim.Effect401, "always", KindUnauthorized, false, 1, false},
		{civosim.Effect403, "always", KindForbidden, false, 1, false},
		{civosim.Effect404Account, "always", KindUnauthorized, false, 1, false},
		{civosim.EffectRedirect, "always", KindUnexpected, false, 1, false},
		// It keeps failing: it is sent once more for each retry.
		{civosim.Effect500, "always", KindServerError, true, 1 + quick().Retries, false},
		{civosim.Effect502HTML, "always", KindUnavailable, true, 1 + quick().Retries, false},
	}
	for _, effect := range []civosim.Effect{ // The response is lost: it is repeated only if it was not carried out.
		civosim.Effect500, civosim.Effect503, civosim.EffectClose, civosim.EffectHTML200, civosim.EffectBusy, civosim.Effect429,
		civosim.EffectAfterClose, civosim.EffectAfterCut, civosim.EffectAfter502,
	} {
		rows = append(rows, faultRow{effect, "once", noError, false, map[bool]int{true: 1, false: 2}[effect.CarriesOut()], true})
	}
	for effect, kind := range map[civosim.Effect]Kind{ // The outcome remains unknown: it is not repeated.
		civosim.EffectClose: KindUnavailable, civosim.EffectAfterClose: KindUnavailable, civosim.EffectAfter502: KindUnavailable,
		civosim.EffectHTML200: KindUnexpected,
	} {
		rows = append(rows, faultRow{effect, "once, unreadable", kind, true, 1, effect.CarriesOut()})
	}
	eachKind(t, civosim.Options{}, func(t recordTest) {
		for name := range t.writes() {
			for _, test := range rows {
				t.run(fmt.Sprintf("%s, %s %s", name, test.effect, test.happens), civosim.Options{PageCap: 5}, func(t recordTest) { t.check(name, test) })
			}
		}
	})
}

// check runs a row for a write.
func (t recordTest) check(name string, test faultRow) {
	want, write, nth := t.addMany(7), t.writes()[name], 1
	if test.happens == "always" {
		nth = 0
	}
	t.server.Inject(fault(write.kind, nth, test.effect))
	if test.happens == "once, unreadable" {
		t.server.Inject(fault(t.read, 0, civosim.Effect500))
	}
	if test.happens == "once, unreadable" && name == "create" {
		t.server.Inject(civosim.Fault{Kind: t.list, Nth: 1 + t.listsFirst*4, Times: 100, Effect: civosim.Effect500})
	}
	got, err := write.run(t.Context(), want[0])
	wantError(t, err, test.want)
	failIf(t, IsUncertain(err) != test.uncertain || err != nil && !strings.Contains(err.Error(), write.method),
		"uncertain is %t: %v", IsUncertain(err), err)
	if name == "delete" && test.effect == civosim.Effect400 {
		test.sent = t.deletes
	}
	t.wantSent(write.kind, test.sent)
	switch {
	case !test.carriedOut:
	case name == "delete":
		want = want[1:]
	case name == "update":
		want[0] = t.change(want[0])
	case err == nil:
		want = append(want, got)
	default:
		want = t.atCivo(t.server)
	}
	t.wantAtCivo(want...)
}

// An ID that would change the path of a request is neither read nor written.
func TestInvalidID(t *testing.T) {
	t.Parallel()
	eachKind(t, civosim.Options{}, func(t recordTest) {
		there := t.addMany(1)
		for _, id := range invalidIDs {
			doomed := t.withID(there[0], id)
			_, readErr := t.in(t.client, "LON1").Get(t.Context(), id)
			_, updateErr := t.update(t.Context(), t.client, doomed)
			for _, err := range []error{readErr, updateErr, t.delete(t.Context(), t.client, doomed)} {
				wantError(t, err, KindUnexpected, "contains an invalid ID")
			}
			_, err := t.in(t.client, "LON1").Find(t.Context(), By(id, FieldID, FieldName))
			wantError(t, err, KindNotFound)
		}
		t.wantAtCivo(there...)
		failIf(t, t.server.Count() != t.server.Count(t.list), "%d requests, %d of them for lists", t.server.Count(), t.server.Count(t.list))
	})
}

// An update that fails. A PUT that was rejected after one whose response was lost may have been carried out.
func TestUpdate_Fails(t *testing.T) {
	t.Parallel()
	eachKind(t, civosim.Options{}, func(t recordTest) {
		type row struct {
			faults    []civosim.Fault
			missing   bool
			want      Kind
			uncertain bool
			puts      int
		}
		for name, test := range map[string]row{
			"missing":               {missing: true, want: KindNotFound, puts: 1},
			"missing, lost":         {[]civosim.Fault{fault(t.put, 1, civosim.EffectClose)}, true, KindUnavailable, true, 1},
			"404 of a proxy":        {[]civosim.Fault{fault(t.put, 0, civosim.Effect404Text)}, false, KindRefused, false, 1},
			"unauthorized":          {[]civosim.Fault{{Effect: civosim.Effect404Account}}, false, KindUnauthorized, false, 1},
			"lost, then rejected":   {[]civosim.Fault{fault(t.put, 1, civosim.EffectClose), fault(t.put, 2, civosim.Effect400)}, false, KindRefused, true, 2},
			"lost, then a 404":      {[]civosim.Fault{fault(t.put, 1, civosim.EffectClose), fault(t.put, 2, civosim.Effect404Text)}, false, KindRefused, true, 2},
			"another record":        {[]civosim.Fault{{Kind: t.put, Nth: 1, Times: 4, Effect: civosim.EffectResponse, Status: 200, Body: `{"id":"other","name":"n0"}`}}, false, KindUnexpected, true, 4},
			"the region disappears": {[]civosim.Fault{{Kind: t.put, Effect: civosim.EffectResponse, Status: 404, Body: `{"code":"database_region_not_found"}`}}, false, KindUnknownRegion, false, 1},
		} {
			t.run(name, civosim.Options{}, func(t recordTest) {
				there := t.addMany(1)[0]
				if test.missing {
					t.removeAtCivo(t.server, there.Ref().ID)
				}
				t.server.Inject(test.faults...)
				_, err := t.update(t.Context(), t.client, t.change(there))
				wantError(t, err, test.want)
				failIf(t, IsUncertain(err) != test.uncertain, "uncertain is %t: %v", IsUncertain(err), err)
				t.wantSent(t.put, test.puts)
			})
		}
	})
}

// A wait for a record ends when the record is ready, or with the reason why it is not. It always returns the latest known record.
func TestWaitReady(t *testing.T) {
	t.Parallel()
	eachKind(t, civosim.Options{}, func(t recordTest) {
		for name, test := range map[string]struct {
			change func(t recordTest, id string)
			want   Kind
			status Status
			ends   func(error) bool
		}{
			"ready at once": {func(t recordTest, id string) { t.setStatus(t.server, id, "ready") }, noError, StatusReady, nil},
			"ready later": {func(t recordTest, id string) {
				t.server.OnArrival(t.read, 3, func() { t.setStatus(t.server, id, "ready") })
			}, noError, StatusReady, nil},
			"failed":         {func(t recordTest, id string) { t.setStatus(t.server, id, "failed") }, KindFailed, StatusFailed, nil},
			"unknown status": {func(t recordTest, id string) { t.setStatus(t.server, id, "resting") }, KindUnavailable, "resting", IsTimeout},
			"removed":        {func(t recordTest, id string) { t.removeAtCivo(t.server, id) }, KindNotFound, "pending", nil},
			"invalid token":  {func(t recordTest, _ string) { t.server.SetToken("token-other") }, KindUnauthorized, "pending", nil},
			"rejected":       {func(t recordTest, _ string) { t.server.Inject(fault(t.read, 0, civosim.Effect403)) }, KindForbidden, "pending", nil},
			"404 of a proxy": {func(t recordTest, _ string) { t.server.Inject(fault(t.read, 0, civosim.Effect404Text)) }, KindUnavailable, "pending", IsTimeout},
		} {
			t.run(name, civosim.Options{}, func(t recordTest) {
				there := t.addMany(1)[0]
				id := there.Ref().ID
				t.setStatus(t.server, id, "pending")
				pending := t.atCivo(t.server)[0]
				test.change(t, id)
				ctx := simtest.ExpiringAt(t.Context(), t.server, t.read, 5)
				latest, err := t.in(t.client, "LON1").WaitReady(ctx, pending)
				wantError(t, err, test.want)
				failIf(t, test.ends != nil && !test.ends(err) || latest.Ref().Status != test.status || latest.Ref().ID != id, "%+v: %v", latest, err)
				if test.want == KindFailed || test.ends != nil {
					wantNamed(t, err, "n0")
				}
				t.server.ResetRecord()
				again, err := t.in(t.client, "LON1").WaitReady(t.Context(), there)
				failIf(t, err != nil || again != there || t.server.Count() != 0,
					"a record that is ready: %+v after %d requests: %v", again, t.server.Count(), err)
			})
		}
	})
}

// A deletion ends when the record certainly does not exist. A 404, or a region or a token that Civo rejects, does not prove that.
func TestDelete_NeedsProof(t *testing.T) {
	t.Parallel()
	notFound := civosim.Fault{Effect: civosim.Effect404Text}
	eachKind(t, civosim.Options{}, func(t recordTest) {
		for name, test := range map[string]struct {
			prepare func(recordTest)
			want    Kind
			says    string
		}{
			"the list fails":  {func(t recordTest) { t.server.Inject(fault(t.list, 0, civosim.Effect500), notFound) }, KindServerError, ""},
			"404s of a proxy": {func(t recordTest) { t.server.Inject(notFound) }, KindUnexpected, ""},
			"invalid token":   {func(t recordTest) { t.server.SetToken("token-other") }, KindUnauthorized, ""},
			"unknown region":  {func(t recordTest) { t.server.SetRegionDown("lon1", true) }, KindUnknownRegion, ""},
			"region down after the DELETE": {func(t recordTest) {
				t.server.OnArrival(t.read, 1, func() { t.server.SetRegionDown("lon1", true) })
			}, KindUnknownRegion, ""},
			"it exists until the timeout": {func(recordTest) {}, KindUnavailable, "the " + t.noun + " still exists"},
		} {
			t.run(name, civosim.Options{CredentialGoneAfter: time.Hour, StoreGoneAfter: time.Hour}, func(t recordTest) {
				there := t.addMany(1)
				test.prepare(t)
				err := t.delete(simtest.ExpiringAt(t.Context(), t.server, t.read, 3), t.client, there[0])
				wantError(t, err, test.want, test.says)
				if test.says != "" {
					failIf(t, !IsTimeout(err), "%v", err)
					wantNamed(t, err, "n0")
					t.wantSent(t.remove, 1)
				}
				n := len(t.atCivo(t.server))
				failIf(t, n != 1, "%d exist", n)
			})
		}
	})
}

// A record that is being deleted already can answer 404 to the DELETE for longer than the DELETE is repeated. A list that never settles
// does not prove anything about it.
func TestDelete_BeingDeletedAlready(t *testing.T) {
	t.Parallel()
	for name, pages := range map[string]int{"one page": 1, "a list that never settles": 2} {
		deletes, gets, lists := 0, 0, 0
		client := clientOver(t, quick(), func(req *http.Request) (*http.Response, error) {
			switch {
			case req.URL.Path == credentialsPath:
				lists++ // the pages are requested in turn
				return respond(200, fmt.Sprintf(`{"page":%d,"pages":%d,"items":[{"id":"other-%d"}]}`, (lists-1)%pages+1, pages, lists)), nil
			case req.Method == http.MethodGet && gets < 10 && pages == 1:
				gets++
				return respond(200, `{"id":"i","name":"n","status":"deleting"}`), nil
			case req.Method == http.MethodGet && deletes > quick().Retries && gets > 10+quick().Retries:
				return respond(404, `{"code":"database_objectstore_credential_not_found"}`), nil
			case req.Method == http.MethodGet:
				gets++
			case req.Method == http.MethodDelete:
				deletes++
			}
			return respond(404, ""), nil
		})
		err := client.DeleteCredential(t.Context(), Credential{ID: "i", Region: "LON1"})
		failIf(t, err != nil || deletes != 1+quick().Retries, "%s: after %d DELETEs: %v", name, deletes, err)
	}
}

// If the name is taken after a lost response, and the list fails, the lost request may have created the record.
func TestCreate_NameTakenPerhapsByItself(t *testing.T) {
	t.Parallel()
	eachKind(t, civosim.Options{}, func(t recordTest) {
		t.server.OnArrival(t.post, 2, func() { t.add(t.server, "LON1", "abc") })
		t.server.Inject(
			fault(t.post, 1, civosim.EffectClose),
			civosim.Fault{Kind: t.list, Nth: t.listsFirst + 2, Times: 100, Effect: civosim.Effect500},
		)
		_, err := t.create(t.Context(), t.client, t.wanted)
		wantError(t, err, KindServerError)
		failIf(t, !IsUncertain(err), "is certain: %v", err)
		t.wantSent(t.post, 2)
	})
}

// hangingWrites answers reads of an empty region and lets every write hang.
func hangingWrites(readLatency time.Duration) roundTripper {
	return func(req *http.Request) (*http.Response, error) {
		if req.Method != http.MethodGet {
			return hang(req)
		}
		if err := sleep(req.Context(), readLatency); err != nil {
			return nil, err
		}
		if strings.HasSuffix(req.URL.Path, "/i") {
			return respond(200, readyOne), nil
		}
		return respond(200, emptyList), nil
	}
}

// After the caller cancels, a hanging write and the search for its outcome end within one grace period.
func TestGrace(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"create", "update", "delete"} {
		for _, timesOut := range []bool{false, true} {
			for _, readLatency := range []time.Duration{20 * time.Millisecond, time.Hour} {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					time.AfterFunc(time.Second, cancel)
					if timesOut {
						ctx, cancel = context.WithTimeout(t.Context(), time.Second)
					}
					defer cancel()
					began := time.Now()
					_, err := writesOf(t, clientOver(t, Timing{}, hangingWrites(readLatency)))[operation].run(ctx, keyed("i", sentOne))
					took, least, most := time.Since(began), 2500*time.Millisecond, 4*time.Second // half of the grace period is left for reads
					if operation != "create" && readLatency < time.Second {
						most = least + 10*readLatency
					}
					failIf(t, took > most || took < least, "%s, reads take %v: ended after %v", operation, readLatency, took)
					failIf(t, !IsUncertain(err) || IsInterrupted(err) == timesOut || IsTimeout(err) != timesOut,
						"%s, times out %t: uncertain is %t: %v", operation, timesOut, IsUncertain(err), err)
				})
			}
		}
	}
}

// A response within the first half of the grace period counts. A POST that was carried out but not answered is found in the second half,
// or in what is left of the period if the write ended early.
func TestGrace_Create(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answersAfter time.Duration // the POST
		status       int
		readLatency  time.Duration
	}{
		"hangs":       {time.Hour, 200, 100 * time.Millisecond},
		"succeeds":    {2400 * time.Millisecond, 200, time.Hour},
		"fails early": {time.Second, 500, 2 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
				if req.Method == http.MethodPost {
					err := sleep(req.Context(), test.answersAfter)
					return respond(test.status, readyOne), err
				}
				err := sleep(req.Context(), test.readLatency)
				return respond(200, listOf(readyOne)), err
			})
			began := time.Now()
			created, err := client.CreateCredential(ctx, sentOne)
			took := time.Since(began)
			failIf(t, err != nil || created.ID != "i" || took > 4*time.Second, "%s: created %q after %v: %v", name, created.ID, took, err)
		})
	}
}
