package civo

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// The wait ends soon after the credential is ready, at any scale, and does not ask too often on the way.
func TestWaitEndsSoonAfterReadinessAtAnyScale(t *testing.T) {
	t.Parallel()
	for ready := 100 * time.Millisecond; ready <= 10*time.Minute; ready = ready * 6 / 5 {
		t.Run(ready.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const latency = 20 * time.Millisecond
				began, looks := time.Now(), 0
				client := clientOver(t, Pace{}, func(*http.Request) (*http.Response, error) {
					looks++
					status := "creating"
					if time.Since(began) >= ready {
						status = "ready"
					}
					time.Sleep(latency)
					return respond(200, fmt.Sprintf(`{"id":"i","name":"n","status":%q}`, status)), nil
				})
				if _, err := client.WaitReady(t.Context(), Credential{ID: "i", Region: "LON1"}); err != nil {
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

func TestLooksAreSpacedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := (&Client{pace: Pace{}.withDefaults()}).newPoller(nil)
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

func TestWaitIsOverAtOnceWhenItsContextIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Pace{}, func(*http.Request) (*http.Response, error) {
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
			_, err := client.WaitReady(ctx, Credential{ID: "i", Name: "n", Region: "LON1"})
			cancel()
			if took := time.Since(began); took != time.Minute || !test.why(err) || !IsUnavailable(err) {
				t.Errorf("%s: after %v: %v", name, took, err)
			}
		}
	})
}
