package civo

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The wait ends soon after the credential is ready, at any scale, and does not poll too often.
func TestWait_AnyScale(t *testing.T) {
	t.Parallel()
	for ready := 100 * time.Millisecond; ready <= 10*time.Minute; ready = ready * 6 / 5 {
		synctest.Test(t, func(t *testing.T) {
			civo := newReadiness(ready)
			late := civo.create(t, clientOver(t, Timing{}, civo.answer), 1, 1) - civo.latency
			failIf(t, late < 0 || late > max(500*time.Millisecond, ready/4) || late > 3*time.Second+2*civo.latency,
				"ended %v after it was ready after %v", late, ready)
			// Every 400 ms to 2 s, then five for each doubling or so, then every 3 s.
			most := 15 + int(ready/(3*time.Second))
			failIf(t, civo.gets > most, "looked %d times in %v, want at most %d", civo.gets, ready, most)
		})
	}
}

// readiness is a fake Civo API on which a credential becomes ready some time after its creation, and which answers each request
// after latency.
type readiness struct {
	latency time.Duration

	mu      sync.Mutex
	after   time.Duration
	created map[string]time.Time
	ready   map[string]time.Time
	gets    int
	lists   int
}

func newReadiness(after time.Duration) *readiness {
	return &readiness{latency: 20 * time.Millisecond, after: after, created: map[string]time.Time{}, ready: map[string]time.Time{}}
}

func (r *readiness) answer(req *http.Request) (*http.Response, error) {
	if err := sleep(req.Context(), r.latency); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	id := path.Base(req.URL.Path)
	switch {
	case req.Method == http.MethodPost:
		id = fmt.Sprintf("id-%d", len(r.created))
		r.created[id], r.ready[id] = time.Now(), time.Now().Add(r.after)
	case id == "credentials":
		r.lists++
		return respond(200, emptyList), nil
	default:
		r.gets++
	}
	if time.Now().Before(r.ready[id]) {
		return respond(200, fmt.Sprintf(`{"id":%q,"status":"creating"}`, id)), nil
	}
	return respond(200, fmt.Sprintf(`{"id":%q,"access_key_id":"a","secret_access_key_id":"secret-b","status":"ready"}`, id)), nil
}

// create creates credentials and waits for them, with limited concurrency, and returns the longest delay between a credential's
// readiness and the end of its wait.
func (r *readiness) create(t *testing.T, client *Client, number, atATime int) (latest time.Duration) {
	t.Helper()
	var mu sync.Mutex
	inParallel(number, atATime, func(int) {
		created, err := client.CreateCredential(t.Context(), sentOne)
		if err == nil {
			created, err = client.Credentials(created.Region).WaitReady(t.Context(), created)
		}
		failIf(t, err != nil || !created.hasKeysOf(sentOne) || created.Status != StatusReady, "%+v: %v", created, err)
		r.mu.Lock()
		late := time.Since(r.ready[created.ID])
		r.mu.Unlock()
		mu.Lock()
		latest = max(latest, late)
		mu.Unlock()
	})
	return latest
}

// A hundred creations, 10 at a time, cost little more than one poll each and take little longer than ten waves. If they take many
// seconds, there are a few more polls.
func TestWait_Learns(t *testing.T) {
	t.Parallel()
	for after, test := range map[time.Duration]struct {
		gets  int
		waves float64
	}{
		300 * time.Millisecond: {160, 1.6}, // a second or two until it is learned
		time.Second:            {160, 1.1},
		5 * time.Second:        {400, 1.1},
		time.Minute:            {1000, 1.1},
	} {
		synctest.Test(t, func(t *testing.T) {
			civo := newReadiness(after)
			began := time.Now()
			civo.create(t, clientOver(t, Timing{}, civo.answer), 100, 10)
			took, least := time.Since(began), 10*(after+2*civo.latency)
			failIf(t, civo.gets > test.gets || civo.lists != 0 || float64(took) > float64(least)*test.waves,
				"%d GETs and %d lists in %v, ten waves take %v", civo.gets, civo.lists, took, least)
		})
	}
}

// When the times change, the waits soon end shortly after readiness again. A single slow credential does not delay the others by more than
// their own time.
func TestWait_TimesChange(t *testing.T) {
	t.Parallel()
	const s, ms = time.Second, time.Millisecond
	for _, test := range []struct{ before, outlier, after time.Duration }{
		{s, 0, 1300 * ms},
		{s, 0, 5 * s},
		{s, 0, time.Minute},
		{1300 * ms, 0, s},
		{5 * s, 0, s},
		{time.Minute, 0, s},
		{10 * s, 0, 0},
		{2500 * ms, 0, 300 * ms},
		{s, 2 * time.Minute, s},
	} {
		synctest.Test(t, func(t *testing.T) {
			civo := newReadiness(test.before)
			client := clientOver(t, Timing{}, civo.answer)
			civo.create(t, client, 30, 10)
			most := max(3*s, test.before/4, test.after/4) + 100*ms
			if test.outlier > 0 {
				civo.after, most = test.outlier, 1500*ms
				civo.create(t, client, 1, 1)
			}
			civo.after = test.after
			first := civo.create(t, client, 10, 10)
			civo.create(t, client, 20, 10)
			later := civo.create(t, client, 30, 10)
			failIf(t, first > most || later > max(500*ms, test.after/5), "%+v: late by %v at first, by %v later", test, first, later)
		})
	}
}

// laggingCivo answers the requests for one record, which reads do not find at first. Like Civo, it rejects a second record.
type laggingCivo struct {
	listed, readable, keys time.Duration // after the POST
	owned                  time.Duration // until the owner is shown
	status                 string        // in the response to the POST
	loses                  bool          // the response to the POST
	name                   string        // of the record

	posts   int
	created time.Time
}

func (l *laggingCivo) answer(req *http.Request) (*http.Response, error) {
	isStore := strings.Contains(req.URL.Path, objectStoresPath)
	code := map[bool]string{true: "database_objectstore_not_found", false: "database_objectstore_credential_not_found"}[isStore]
	exists := func(after time.Duration) bool { return l.posts > 0 && time.Since(l.created) >= after }
	switch base := path.Base(req.URL.Path); {
	case req.Method == http.MethodPost:
		l.posts++
		if l.posts > 1 {
			return respond(409, `{"code":"database_objectstore_exists","result":"failed"}`), nil
		}
		l.created = time.Now()
		if l.loses {
			return respond(504, "<html></html>"), nil
		}
		return respond(200, `{"id":"i","status":"`+l.status+`"}`), nil
	case base == "i" && exists(l.readable):
		return respond(200, l.record(isStore, exists(l.keys))), nil
	case base == "i":
		return respond(404, `{"code":"`+code+`","result":"failed"}`), nil
	case exists(l.listed):
		return respond(200, listOf(l.record(isStore, exists(l.keys)))), nil
	}
	return respond(200, emptyList), nil
}

func (l *laggingCivo) record(isStore, showsKeys bool) string {
	owner := "owner"
	if time.Since(l.created) < l.owned {
		owner = ""
	}
	switch {
	case isStore:
		return fmt.Sprintf(`{"id":"i","name":%q,"status":"ready","max_size":500,"owner_info":{"access_key_id":%q}}`, l.name, owner)
	case showsKeys:
		return fmt.Sprintf(`{"id":"i","name":%q,"status":"ready","access_key_id":"a","secret_access_key_id":"secret-b"}`, l.name)
	}
	return fmt.Sprintf(`{"id":"i","name":%q,"status":"creating"}`, l.name)
}

var (
	lagStore      = wantedStore("Name-a", "owner")
	lagCredential = Credential{Name: "Name-a", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret("secret-b")}
)

// create creates a record as the resource of its type does.
func (l *laggingCivo) create(t *testing.T, isStore bool) (Ref, error) {
	t.Helper()
	client := clientOver(t, Timing{}, l.answer)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
	defer cancel()
	kind, sent := recordKinds[0], anyRecord(lagCredential)
	if isStore {
		kind, sent = recordKinds[1], lagStore
	}
	created, err := kind.create(ctx, client, sent)
	if err == nil {
		created, err = kind.in(client, "LON1").WaitCreated(ctx, created)
	}
	if one, ok := created.(Credential); ok && err == nil {
		failIf(t, !one.HasKeys() || !one.hasKeysOf(lagCredential), "%+v: created %+v without the keys", l, one)
	}
	return created.Ref(), err
}

// A new record that reads do not find yet is neither gone nor created again, whatever Civo answered to the POST. Civo lowers its name.
func TestCreate_Lag(t *testing.T) {
	t.Parallel()
	for number := range 2 * 2 * 4 * 4 * 4 {
		synctest.Test(t, func(t *testing.T) {
			lag := []time.Duration{0, 300 * time.Millisecond, time.Second, 4 * time.Second}[number%4]
			civo := []laggingCivo{
				{listed: lag}, {readable: lag}, {listed: lag, readable: lag}, {listed: lag, readable: lag, keys: 5 * time.Minute},
			}[number/4%4]
			civo.name, civo.status, civo.loses = "name-a", []string{"ready", "creating", "failed", ""}[number/16%4], number/64%2 == 0
			isStore := number/128 == 0
			created, err := civo.create(t, isStore)
			failIf(t, err != nil || civo.posts != 1 || created.ID != "i" || created.Name != "Name-a" || created.Status != StatusReady,
				"store %t, %+v: created %+v: %v", isStore, civo, created, err)
		})
	}
}

// A create ends with an error for a record with another name and, at its timeout, for one that stays missing. The latter is not ready in
// the result, so that a later run does not forget it.
func TestCreate_Unusable(t *testing.T) {
	t.Parallel()
	missing := laggingCivo{listed: time.Hour, readable: time.Hour}
	for _, test := range []struct {
		civo    laggingCivo
		isStore bool
		want    Kind
	}{
		{laggingCivo{name: "name-b"}, true, KindOtherName},
		{laggingCivo{name: "name-b"}, false, KindOtherName},
		{laggingCivo{name: "name-b", loses: true}, false, KindAccessKeyTaken},
		{missing, true, KindUnavailable},
	} {
		synctest.Test(t, func(t *testing.T) {
			test.civo.status = "ready"
			created, err := test.civo.create(t, test.isStore)
			wantError(t, err, test.want, test.civo.name)
			failIf(t, created.ID != "i" || test.civo.posts != 1, "%+v: created %+v after %d POSTs", test.civo, created, test.civo.posts)
			failIf(t, test.civo.readable > 0 && (!IsTimeout(err) || created.Status.IsFinal()), "created %+v: %v", created, err)
		})
	}
}

// In a later run, a record counts as missing only after 10 seconds, with and without its ID.
func TestLaterRun_Lag(t *testing.T) {
	t.Parallel()
	known := lagCredential
	known.SecretAccessKey = Secret{} // a later run may not know it
	for name, find := range map[string]func(context.Context, *Client) (anyRecord, error){
		"credential": func(ctx context.Context, c *Client) (anyRecord, error) {
			return c.Credentials("LON1").FindCreated(ctx, known)
		},
		"store": func(ctx context.Context, c *Client) (anyRecord, error) {
			return c.ObjectStores("LON1").FindCreated(ctx, lagStore)
		},
		"ID": func(ctx context.Context, c *Client) (anyRecord, error) { return c.Credentials("LON1").GetNew(ctx, "i") },
	} {
		for lag, want := range map[time.Duration]Kind{0: noError, 4 * time.Second: noError, time.Hour: KindNotFound} {
			synctest.Test(t, func(t *testing.T) {
				civo := laggingCivo{posts: 1, created: time.Now(), listed: lag, readable: lag, name: "name-a"}
				found, err := find(t.Context(), clientOver(t, Timing{}, civo.answer))
				wantError(t, err, want)
				took := time.Since(civo.created)
				failIf(t, want == noError && found.Ref().ID != "i" || want != noError && (took < 10*time.Second || took > 20*time.Second),
					"%s: found %+v after %v: %v", name, found, took, err)
			})
		}
	}
}

// A credential with another secret or another name, or one that is ready but has no secret, is not the one that was created.
func TestLaterRun_OtherCredential(t *testing.T) {
	t.Parallel()
	for _, record := range []string{
		`"name":"Name-a","status":"creating","secret_access_key_id":"secret-c"`, `"name":"Name-a","status":"ready"`,
		`"name":"name-b","status":"ready","secret_access_key_id":"secret-b"`,
	} {
		client := responding(t, 200, listOf(`{"id":"i","access_key_id":"a",`+record+`}`))
		_, err := client.Credentials("LON1").FindCreated(t.Context(), lagCredential)
		wantError(t, err, KindNotFound)
	}
}

// The owner that Civo creates with a store appears later, or never.
func TestWaitOwner(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]string{time.Minute: "owner", time.Hour: ""} {
		synctest.Test(t, func(t *testing.T) {
			civo := laggingCivo{posts: 1, created: time.Now(), owned: after}
			store := clientOver(t, Timing{}, civo.answer).WaitOwner(t.Context(), ObjectStore{ID: "i", Region: "LON1"})
			failIf(t, store.Owner.AccessKeyID != want || store.MaxSizeGB != 500 || time.Since(civo.created) > 3*time.Minute,
				"after %v: %+v in %v", after, store, time.Since(civo.created))
		})
	}
}
