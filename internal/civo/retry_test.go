package civo

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetry_HangingServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		client := clientOver(t, Timing{Attempt: 3 * time.Second, Retries: 4, RetryMin: time.Second, RetryMax: time.Second},
			func(req *http.Request) (*http.Response, error) {
				sent++
				<-req.Context().Done()
				return nil, req.Context().Err()
			})
		began := time.Now()
		_, err := client.getCredential(t.Context(), "LON1", "i")
		took := time.Since(began)
		if sent != 2 || took < 6*time.Second+750*time.Millisecond || took > 7*time.Second {
			t.Errorf("gave up after %d attempts and %v", sent, took)
		}
		if !Is(err, KindUnavailable) || !strings.Contains(err.Error(), errAttemptTimeout.Error()) {
			t.Errorf("error %v", err)
		}
	})
}

func TestRetry_HangingBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{Attempt: 3 * time.Second, Retries: -1}, func(req *http.Request) (*http.Response, error) {
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

func TestRetry_CancelledRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
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

func TestRetry_GraceForWrites(t *testing.T) {
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
				client := clientOver(t, Timing{Grace: test.grace}, func(req *http.Request) (*http.Response, error) {
					select {
					case <-time.After(time.Second + answered):
						return respond(200, readyOne), nil
					case <-req.Context().Done():
						return nil, req.Context().Err()
					}
				})
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				began := time.Now()
				made, err := client.postCredential(ctx, Credential{Name: "n", Region: "LON1"})
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

func TestRetry_WhatIsRepeated(t *testing.T) {
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
					client := clientOver(t, Timing{Retries: 2}, func(*http.Request) (*http.Response, error) {
						sent++
						if test.err != nil {
							return nil, test.err
						}
						return respond(test.status, `{}`), nil
					})
					if _, err := send[struct{}](t.Context(), client, client.newCall(t.Context(), method, "/v2/a", "LON1")); err == nil {
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

// The context ends while the client waits to repeat a request that was never sent.
func TestRetry_InterruptedBetweenAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) { return nil, dialError() })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := client.postCredential(ctx, Credential{Name: "n", Region: "LON1"})
		if took := time.Since(began); took != time.Second || !Is(err, KindUnavailable) || !IsTimeout(err) || IsUncertain(err) {
			t.Errorf("after %v, uncertain is %t: %v", took, IsUncertain(err), err)
		}
		if !strings.Contains(err.Error(), ", and then ") {
			t.Errorf("does not name both causes: %v", err)
		}
	})
}

func TestRetry_Intervals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent []time.Time
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			sent = append(sent, time.Now())
			if len(sent) == 3 {
				return respond(503, ``, "Retry-After", "5"), nil
			}
			return respond(500, ``), nil
		})
		if _, err := client.getCredential(t.Context(), "LON1", "i"); !Is(err, KindUnavailable) {
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

func TestRetry_BackoffBounds(t *testing.T) {
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

func TestTrace_Milliseconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			time.Sleep(1500 * time.Millisecond)
			return respond(200, `[{"code":"LON1"}]`), nil
		})
		var got any
		client.config.Trace = func(_ context.Context, fields map[string]any) { got = fields["milliseconds"] }
		if _, err := client.Regions(t.Context()); err != nil || got != int64(1500) {
			t.Errorf("%v milliseconds: %v", got, err)
		}
	})
}

// A write whose timeout ends during an attempt that fails by itself has timed out, too.
func TestRetry_TimeoutDuringFailedAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			time.Sleep(1200 * time.Millisecond) // within the grace period
			return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := client.postCredential(ctx, Credential{Name: "n", Region: "LON1"})
		if want := "connection refused, and then"; !IsTimeout(err) || !strings.Contains(err.Error(), want) || IsUncertain(err) {
			t.Errorf("got the error %v, uncertain: %t", err, IsUncertain(err))
		}
	})
}
