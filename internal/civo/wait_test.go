package civo

import (
	"fmt"
	"net/http"
	"path"
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
			if late < 0 || late > max(500*time.Millisecond, ready/4) || late > 3*time.Second+2*civo.latency {
				t.Errorf("ended %v after it was ready after %v", late, ready)
			}
			// Every 400 ms to 2 s, then five for each doubling or so, then every 3 s.
			if most := 15 + int(ready/(3*time.Second)); civo.gets > most {
				t.Errorf("looked %d times in %v, want at most %d", civo.gets, ready, most)
			}
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
		if err != nil || !created.hasKeysOf(sentOne) || created.Status != StatusReady {
			t.Errorf("%+v: %v", created, err)
		}
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
			if civo.gets > test.gets || civo.lists != 0 || float64(took) > float64(least)*test.waves {
				t.Errorf("%d GETs and %d lists in %v, ten waves take %v", civo.gets, civo.lists, took, least)
			}
		})
	}
}

// When the times change, the waits soon end shortly after readiness again.
func TestWait_TimesChange(t *testing.T) {
	t.Parallel()
	const s, ms = time.Second, time.Millisecond
	for _, times := range [][2]time.Duration{
		{s, 1300 * ms}, {s, 5 * s}, {s, time.Minute}, {1300 * ms, s}, {5 * s, s}, {time.Minute, s}, {10 * s, 0}, {2500 * ms, 300 * ms},
	} {
		synctest.Test(t, func(t *testing.T) {
			before, after := times[0], times[1]
			civo := newReadiness(before)
			client := clientOver(t, Timing{}, civo.answer)
			civo.create(t, client, 30, 10)
			civo.after = after
			first := civo.create(t, client, 10, 10)
			civo.create(t, client, 20, 10)
			later := civo.create(t, client, 30, 10)
			if first > max(3*s, before/4, after/4)+100*ms || later > max(500*ms, after/5) {
				t.Errorf("%v after %v: late by %v at first, by %v later", after, before, first, later)
			}
		})
	}
}

// A single slow credential does not delay the others by more than their own time.
func TestWait_Outlier(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		civo := newReadiness(time.Second)
		client := clientOver(t, Timing{}, civo.answer)
		civo.create(t, client, 20, 10)
		civo.after = 2 * time.Minute
		civo.create(t, client, 1, 1)
		civo.after = time.Second
		if late := civo.create(t, client, 20, 10); late > 1500*time.Millisecond {
			t.Errorf("late by %v", late)
		}
	})
}
