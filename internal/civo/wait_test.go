package civo

import (
	"context"
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
		t.Run(ready.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const latency = 20 * time.Millisecond
				began, looks := time.Now(), 0
				client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
					looks++
					status := "creating"
					if time.Since(began) >= ready {
						status = "ready"
					}
					time.Sleep(latency)
					return respond(200, fmt.Sprintf(`{"id":"i","name":"n","status":%q}`, status)), nil
				})
				if _, err := client.Credentials("LON1").WaitReady(t.Context(), Credential{ID: "i", Region: "LON1"}); err != nil {
					t.Fatal(err)
				}
				late := time.Since(began) - ready - latency
				if late < 0 || late > max(500*time.Millisecond, ready/4) || late > 3*time.Second+2*latency {
					t.Errorf("ended %v after it was ready", late)
				}
				// Every 400 ms to 2 s, then five for each doubling or so, then every 3 s.
				if most := 15 + int(ready/(3*time.Second)); looks > most {
					t.Errorf("looked %d times, want at most %d", looks, most)
				}
			})
		})
	}
}

func TestWait_Intervals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := (&Client{timing: Timing{}.withDefaults()}).newPoller()
		last := time.Now()
		waits := map[time.Duration]time.Duration{} // by when they began
		for time.Since(p.start) < time.Minute {
			if err := p.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			waits[last.Sub(p.start)] = time.Since(last)
			last = time.Now()
		}
		for began, waited := range waits {
			want := min(max(began/5, 400*time.Millisecond), 3*time.Second)
			if began == 0 {
				want = 250 * time.Millisecond
			}
			if waited != want {
				t.Errorf("at %v: %v, want %v", began, waited, want)
			}
		}
	})
}

func TestWait_Cancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			return respond(200, `{"id":"i","name":"n","status":"creating"}`), nil
		})
		for name, test := range map[string]struct {
			why func(error) bool
			end func(context.Context) (context.Context, context.CancelFunc)
		}{
			"timeout": {IsTimeout, func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeout(ctx, time.Minute)
			}},
			"interruption": {IsInterrupted, func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(time.Minute, cancel)
				return ctx, cancel
			}},
		} {
			began := time.Now()
			ctx, cancel := test.end(t.Context())
			_, err := client.Credentials("LON1").WaitReady(ctx, Credential{ID: "i", Name: "n", Region: "LON1"})
			cancel()
			if took := time.Since(began); took != time.Minute || !test.why(err) || !Is(err, KindUnavailable) {
				t.Errorf("%s: after %v: %v", name, took, err)
			}
		}
	})
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
		sent := Credential{Name: "n", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret("secret-b")}
		created, err := client.CreateCredential(t.Context(), sent)
		if err == nil {
			created, err = client.Credentials(created.Region).WaitReady(t.Context(), created)
		}
		if err != nil || !created.hasKeysOf(sent) || created.Status != StatusReady {
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
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				civo := newReadiness(after)
				client := clientOver(t, Timing{}, civo.answer)
				began := time.Now()
				civo.create(t, client, 100, 10)
				took, least := time.Since(began), 10*(after+2*civo.latency)
				t.Logf("%d GETs, %v, %.3f of ten waves", civo.gets, took, float64(took)/float64(least))
				if civo.gets > test.gets || civo.lists != 0 {
					t.Errorf("%d GETs, want at most %d, and %d lists", civo.gets, test.gets, civo.lists)
				}
				if float64(took) > float64(least)*test.waves {
					t.Errorf("took %v, ten waves take %v", took, least)
				}
			})
		})
	}
}

// When the times change, the waits soon end shortly after readiness again.
func TestWait_TimesChange(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ before, after time.Duration }{
		"a little slower": {time.Second, 1300 * time.Millisecond},
		"slower":          {time.Second, 5 * time.Second},
		"much slower":     {time.Second, time.Minute},
		"a little faster": {1300 * time.Millisecond, time.Second},
		"faster":          {5 * time.Second, time.Second},
		"much faster":     {time.Minute, time.Second},
		"at once":         {10 * time.Second, 0},
		"below a look":    {2500 * time.Millisecond, 300 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				civo := newReadiness(test.before)
				client := clientOver(t, Timing{}, civo.answer)
				civo.create(t, client, 30, 10)
				civo.after = test.after
				first := civo.create(t, client, 10, 10)
				civo.create(t, client, 20, 10)
				later := civo.create(t, client, 30, 10)
				t.Logf("late by %v at first, by %v later", first, later)
				if most := max(3*time.Second, test.before/4, test.after/4) + 100*time.Millisecond; first > most {
					t.Errorf("late by %v at first, want at most %v", first, most)
				}
				if most := max(500*time.Millisecond, test.after/5); later > most {
					t.Errorf("late by %v later, want at most %v", later, most)
				}
			})
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
