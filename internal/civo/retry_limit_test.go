package civo

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRateLimit_PausesEveryRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var mu sync.Mutex
		var sent []time.Duration
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			if sent = append(sent, time.Since(began)); len(sent) == 1 {
				return respond(429, `{}`, "Retry-After", "7"), nil
			}
			return respond(200, readyOne), nil
		})
		var group sync.WaitGroup
		for i := range 5 {
			group.Go(func() {
				time.Sleep(time.Duration(i) * time.Second) // the others come while the first waits
				if _, err := client.getCredential(t.Context(), "LON1", "i"); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if len(sent) != 6 {
			t.Fatalf("sent at %v", sent)
		}
		for _, at := range sent[1:] {
			if at != 7*time.Second {
				t.Errorf("sent at %v, not after the 7 s that were asked for", sent)
			}
		}
	})
}

func TestRateLimit_PauseGrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent []time.Time
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			if sent = append(sent, time.Now()); len(sent) <= 10 {
				return respond(429, ``), nil
			}
			return respond(200, readyOne), nil
		})
		if _, err := client.getCredential(t.Context(), "LON1", "i"); err != nil {
			t.Fatalf("after %d requests: %v", len(sent), err)
		}
		longest := firstHold
		for i := 1; i < len(sent); i++ {
			if waited := sent[i].Sub(sent[i-1]); waited > longest || waited < longest*3/4 {
				t.Errorf("%v before request %d, want about %v", waited, i+1, longest)
			}
			longest = min(2*longest, longestHold)
		}
	})
}

func TestRateLimit_PauseResets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refusing := true
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			if refusing {
				refusing = false
				return respond(429, ``), nil
			}
			return respond(200, readyOne), nil
		})
		for range 10 {
			refusing = true
			began := time.Now()
			if _, err := client.getCredential(t.Context(), "LON1", "i"); err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(began); waited > firstHold {
				t.Fatalf("a 429 that comes alone is waited out for %v", waited)
			}
			time.Sleep(time.Minute)
		}
	})
}

func TestRateLimit_KeepsRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		statuses := []int{429, 429, 500, 429, 429, 502, 429, 200}
		client := clientOver(t, Timing{Retries: 2}, func(*http.Request) (*http.Response, error) {
			status := statuses[0]
			statuses = statuses[1:]
			return respond(status, readyOne), nil
		})
		if _, err := client.getCredential(t.Context(), "LON1", "i"); err != nil || len(statuses) != 0 {
			t.Errorf("%v, with %v left", err, statuses)
		}
	})
}

func TestRateLimit_UntilDeadline(t *testing.T) {
	t.Parallel()
	for name, bound := range map[string]time.Duration{"of the client": 0, "of the caller": 5 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) { return respond(429, ``), nil })
				ctx, want := t.Context(), 2*time.Minute
				if bound != 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, bound)
					defer cancel()
					want = bound
				}
				began := time.Now()
				_, err := client.postCredential(ctx, Credential{Name: "n", Region: "LON1"})
				if took := time.Since(began); took != want {
					t.Errorf("gave up after %v, want %v", took, want)
				}
				if !Is(err, KindRateLimited) || !IsTimeout(err) || IsUncertain(err) {
					t.Errorf("rate limited %t, timeout %t, uncertain %t: %v", Is(err, KindRateLimited), IsTimeout(err), IsUncertain(err), err)
				}
			})
		})
	}
}

func TestRateLimit_RetryAfterForms(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
		for value, want := range map[string]time.Duration{
			"": 0, "0": 0, "-5": 0, "soon": 0, "1.5": 0, "7": 7 * time.Second, "3600": time.Minute, "9223372036854775807": time.Minute,
			"99999999999999999999": 0, in(5 * time.Second): 5 * time.Second, in(-time.Hour): 0, in(time.Hour): time.Minute,
		} {
			resp := respond(429, ``, "Retry-After", value)
			_ = resp.Body.Close()
			if got := retryAfter(resp); got != want {
				t.Errorf("%q: %v, want %v", value, got, want)
			}
		}
	})
}
