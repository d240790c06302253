package civo

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const (
	emptyList = `{"page":1,"per_page":100,"pages":1,"items":[]}`
	readyOne  = `{"id":"i","name":"n","access_key_id":"a","secret_access_key_id":"secret-b","status":"ready"}`
)

func TestRetryAfterHoldsBackEveryRequestOfTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var mu sync.Mutex
		var sent []time.Duration
		client := clientOver(t, Pace{}, func(*http.Request) (*http.Response, error) {
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

func TestHoldWithoutRetryAfterGrowsWhileItIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent []time.Time
		client := clientOver(t, Pace{}, func(*http.Request) (*http.Response, error) {
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

func TestHoldIsShortAgainOnceRequestsAreServed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refusing := true
		client := clientOver(t, Pace{}, func(*http.Request) (*http.Response, error) {
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

func TestTooManyRequestsDoNotUseUpTheRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		statuses := []int{429, 429, 500, 429, 429, 502, 429, 200}
		client := clientOver(t, Pace{Retries: 2}, func(*http.Request) (*http.Response, error) {
			status := statuses[0]
			statuses = statuses[1:]
			return respond(status, readyOne), nil
		})
		if _, err := client.getCredential(t.Context(), "LON1", "i"); err != nil || len(statuses) != 0 {
			t.Errorf("%v, with %v left", err, statuses)
		}
	})
}

func TestTooManyRequestsUntilTheTimeIsUp(t *testing.T) {
	t.Parallel()
	for name, bound := range map[string]time.Duration{"of the client": 0, "of the caller": 5 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := clientOver(t, Pace{}, func(*http.Request) (*http.Response, error) { return respond(429, ``), nil })
				ctx, want := t.Context(), 2*time.Minute
				if bound != 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, bound)
					defer cancel()
					want = bound
				}
				began := time.Now()
				_, err := client.postCredential(ctx, NewCredential{Name: "n", Region: "LON1"})
				if took := time.Since(began); took != want {
					t.Errorf("gave up after %v, want %v", took, want)
				}
				if !IsRateLimited(err) || !IsTimeout(err) || IsUncertain(err) {
					t.Errorf("rate limited %t, timeout %t, uncertain %t: %v", IsRateLimited(err), IsTimeout(err), IsUncertain(err), err)
				}
			})
		})
	}
}

func TestServerThatHangsEndsAfterAllAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		client := clientOver(t, Pace{Attempt: 3 * time.Second, Retries: 4, RetryMin: time.Second, RetryMax: time.Second},
			func(req *http.Request) (*http.Response, error) {
				sent++
				<-req.Context().Done()
				return nil, req.Context().Err()
			})
		began := time.Now()
		_, err := client.getCredential(t.Context(), "LON1", "i")
		took := time.Since(began)
		if sent != 5 || took < 15*time.Second+4*750*time.Millisecond || took > 15*time.Second+4*time.Second {
			t.Errorf("gave up after %d attempts and %v", sent, took)
		}
		if !IsUnavailable(err) || !strings.Contains(err.Error(), errAttemptTimeout.Error()) {
			t.Errorf("error %v", err)
		}
	})
}

func TestBodyThatHangsEndsTheAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Pace{Attempt: 3 * time.Second, Retries: -1}, func(req *http.Request) (*http.Response, error) {
			resp := respond(200, ``)
			resp.Body = hangingBody{req.Context().Done()}
			return resp, nil
		})
		began := time.Now()
		_, err := client.getCredential(t.Context(), "LON1", "i")
		if took := time.Since(began); took != 3*time.Second || !strings.Contains(err.Error(), errAttemptTimeout.Error()) {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

type hangingBody struct{ done <-chan struct{} }

func (b hangingBody) Read([]byte) (int, error) {
	<-b.done
	return 0, context.DeadlineExceeded
}

func (hangingBody) Close() error { return nil }

func TestReadEndsAtOnceWhenTheCallerGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Pace{}, func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		_, err := client.getCredential(ctx, "LON1", "i")
		if took := time.Since(began); took != time.Second || !IsInterrupted(err) {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

func TestWriteUnderWayIsGivenAGraceWhenTheCallerGivesUp(t *testing.T) {
	t.Parallel()
	const answered = 4 * time.Second // after the caller gave up
	for name, test := range map[string]struct {
		grace     time.Duration
		wait      time.Duration
		uncertain bool
	}{
		"answered within it": {10 * time.Second, answered, false},
		"not answered":       {4 * time.Second, 2 * time.Second, true}, // half of it is left for a search
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := clientOver(t, Pace{}, func(req *http.Request) (*http.Response, error) {
					select {
					case <-time.After(time.Second + answered):
						return respond(200, readyOne), nil
					case <-req.Context().Done():
						return nil, req.Context().Err()
					}
				})
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				ctx, release := withGrace(ctx, test.grace)
				defer release()
				began := time.Now()
				made, err := client.postCredential(ctx, NewCredential{Name: "n", Region: "LON1"})
				if took := time.Since(began); took != time.Second+test.wait {
					t.Errorf("ended after %v", took)
				}
				if test.uncertain != IsUncertain(err) || test.uncertain != IsInterrupted(err) || (made.ID == "i") == test.uncertain {
					t.Errorf("made %+v: %v", made, err)
				}
			})
		})
	}
}

func TestWhatIsSentAgain(t *testing.T) {
	t.Parallel()
	reset := errors.New("connection reset")
	for name, test := range map[string]struct {
		status int
		err    error
		want   map[string]int // requests by method, with 2 retries
	}{
		"500":                   {500, nil, map[string]int{"GET": 3, "DELETE": 1, "PUT": 1, "POST": 1}},
		"503":                   {503, nil, map[string]int{"GET": 3, "DELETE": 1, "PUT": 1, "POST": 1}},
		"400":                   {400, nil, map[string]int{"GET": 1, "DELETE": 1, "PUT": 1, "POST": 1}},
		"404":                   {404, nil, map[string]int{"GET": 1, "DELETE": 1, "PUT": 1, "POST": 1}},
		"302":                   {302, nil, map[string]int{"GET": 1, "DELETE": 1, "PUT": 1, "POST": 1}},
		"cut connection":        {0, reset, map[string]int{"GET": 3, "DELETE": 1, "PUT": 1, "POST": 1}},
		"connection never made": {0, dialError(), map[string]int{"GET": 3, "DELETE": 3, "PUT": 3, "POST": 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for method, want := range test.want {
					sent := 0
					client := clientOver(t, Pace{Retries: 2}, func(*http.Request) (*http.Response, error) {
						sent++
						if test.err != nil {
							return nil, test.err
						}
						return respond(test.status, `{}`), nil
					})
					if _, err := send[struct{}](t.Context(), client, call{method: method, path: "/v2/a", region: "LON1"}); err == nil {
						t.Errorf("%s: no error", method)
					}
					if sent != want {
						t.Errorf("%s: sent %d times, want %d", method, sent, want)
					}
				}
			})
		})
	}
}

func TestRepetitionsAreSpacedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent []time.Time
		client := clientOver(t, Pace{}, func(*http.Request) (*http.Response, error) {
			sent = append(sent, time.Now())
			if len(sent) == 3 {
				return respond(503, ``, "Retry-After", "5"), nil
			}
			return respond(500, ``), nil
		})
		if _, err := client.getCredential(t.Context(), "LON1", "i"); !IsUnavailable(err) {
			t.Error(err)
		}
		want := []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, 0, 2 * time.Second, 4 * time.Second, 8 * time.Second}
		if len(sent) != len(want)+1 {
			t.Fatalf("sent %d times", len(sent))
		}
		for i, longest := range want {
			waited := sent[i+1].Sub(sent[i])
			if i == 2 {
				if waited != 5*time.Second {
					t.Errorf("%v after a 503 that asks for 5 s", waited)
				}
			} else if waited > longest || waited < longest*3/4 {
				t.Errorf("%v before repetition %d, want about %v", waited, i+1, longest)
			}
		}
	})
}

func TestRetryAfterIsReadInBothForms(t *testing.T) {
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

func TestWaitBeforeARepetitionStaysInBounds(t *testing.T) {
	t.Parallel()
	for attempt := range 100 {
		for range 20 {
			wait := exponential(time.Millisecond, time.Second, attempt)
			longest := time.Second
			if attempt < 10 {
				longest = min(longest, time.Millisecond<<attempt)
			}
			if wait > longest || wait < longest*3/4 {
				t.Fatalf("attempt %d: %v", attempt, wait)
			}
		}
	}
}

func dialError() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
}
