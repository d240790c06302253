package civo

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
		longest := firstPause
		for i := 1; i < len(sent); i++ {
			if waited := sent[i].Sub(sent[i-1]); waited > longest || waited < longest*3/4 {
				t.Errorf("%v before request %d, want about %v", waited, i+1, longest)
			}
			longest = min(2*longest, longestPause)
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
			if waited := time.Since(began); waited > firstPause {
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

func TestRateLimit_Headers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
		for value, want := range map[string]time.Duration{
			"": 0, "0": 0, "-5": 0, "soon": 0, "1.5": 0, "7": 7 * time.Second, "3600": time.Minute, "9223372036854775807": time.Minute,
			"99999999999999999999": 0, in(5 * time.Second): 5 * time.Second, in(-time.Hour): 0, in(time.Hour): time.Minute,
		} {
			resp := respond(429, ``, "Retry-After", value)
			_ = resp.Body.Close()
			if got := readLimit(resp, true).retryAfter; got != want {
				t.Errorf("%q: %v, want %v", value, got, want)
			}
		}
		unix := func(d time.Duration) string { return strconv.FormatInt(time.Now().Add(d).Unix(), 10) }
		for name, test := range map[string]struct {
			reset, left, date string
			status            int
			want              limitHeaders
		}{
			"on a 200":          {unix(30 * time.Second), "7", "", 200, limitHeaders{reset: 30 * time.Second, left: 7}},
			"on a 429":          {unix(30 * time.Second), "7", "", 429, limitHeaders{reset: 30 * time.Second}},
			"only the reset":    {unix(30 * time.Second), "", "", 429, limitHeaders{reset: 30 * time.Second}},
			"nothing left":      {unix(65 * time.Second), "-1", "", 200, limitHeaders{reset: 65 * time.Second}},
			"in the past":       {unix(-time.Second), "0", "", 429, limitHeaders{}},
			"hours ahead":       {unix(2 * time.Hour), "0", "", 429, limitHeaders{}},
			"unreadable":        {"soon", "0", "", 429, limitHeaders{}},
			"huge":              {"9223372036854775807", "0", "", 429, limitHeaders{}},
			"not how many":      {unix(30 * time.Second), "some", "", 200, limitHeaders{}},
			"by another clock":  {unix(time.Hour + 20*time.Second), "3", in(time.Hour), 200, limitHeaders{reset: 20 * time.Second, left: 3}},
			"past, by a header": {unix(20 * time.Second), "3", in(time.Minute), 200, limitHeaders{}},
		} {
			resp := respond(test.status, ``, "X-RateLimit-Reset", test.reset, "X-RateLimit-Remaining", test.left, "Date", test.date)
			_ = resp.Body.Close()
			if got := readLimit(resp, resp.StatusCode == http.StatusTooManyRequests); got != test.want {
				t.Errorf("%s: %+v, want %+v", name, got, test.want)
			}
		}
	})
}

// limitedCivo answers at most limit requests in each minute, and counts all requests and the 429s.
type limitedCivo struct {
	limit   int
	latency time.Duration
	skew    time.Duration // of its clock
	headers bool

	mu             sync.Mutex
	minute         time.Time
	served         int
	total, tooMany int
}

func (l *limitedCivo) answer(*http.Request) (*http.Response, error) {
	time.Sleep(l.latency)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now().Add(l.skew)
	if minute := now.Truncate(time.Minute); !minute.Equal(l.minute) {
		l.minute, l.served = minute, 0
	}
	l.total++
	status, left := 200, max(0, l.limit-l.served-1)
	l.served++
	if l.served > l.limit {
		status = 429
		l.tooMany++
	}
	if !l.headers {
		return respond(status, readyOne), nil
	}
	return respond(status, readyOne, "Date", now.UTC().Format(http.TimeFormat), "X-RateLimit-Remaining", strconv.Itoa(left),
		"X-RateLimit-Reset", strconv.FormatInt(l.minute.Add(time.Minute).Unix(), 10)), nil
}

// readMany reads a credential a number of times, several times in parallel.
func readMany(t *testing.T, client *Client, number, parallel int) {
	t.Helper()
	var started atomic.Int64
	var group sync.WaitGroup
	for range parallel {
		group.Go(func() {
			for started.Add(1) <= int64(number) {
				if _, err := client.getCredential(t.Context(), "LON1", "i"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// Many requests at a time exceed a limit that Civo reports at most once, and take hardly longer than it requires.
func TestRateLimit_Respected(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		civo     *limitedCivo
		parallel int
	}{
		"10 at a time":       {&limitedCivo{limit: 50, latency: 20 * time.Millisecond, headers: true}, 10},
		"50 at a time":       {&limitedCivo{limit: 50, latency: 20 * time.Millisecond, headers: true}, 50},
		"fewer than at once": {&limitedCivo{limit: 20, latency: 20 * time.Millisecond, headers: true}, 50},
		"slow":               {&limitedCivo{limit: 50, latency: 2 * time.Second, headers: true}, 10},
		"another clock":      {&limitedCivo{limit: 50, latency: 20 * time.Millisecond, headers: true, skew: 50 * time.Minute}, 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, began := test.civo, time.Now()
				client := clientOver(t, Timing{Request: time.Hour}, server.answer)
				const needed = 400
				readMany(t, client, needed, test.parallel)
				if server.tooMany > test.parallel {
					t.Errorf("%d of %d requests were answered with 429", server.tooMany, server.total)
				}
				// The clock of a test starts at midnight, so the first minute is a whole one.
				minimum := time.Duration((needed-1)/server.limit) * time.Minute
				if took := time.Since(began); took > minimum*115/100+time.Minute/10+time.Duration(needed/test.parallel)*server.latency {
					t.Errorf("took %v, the limit requires %v", took, minimum)
				}
			})
		})
	}
}

// Whatever requests fail, and whether or not Civo goes on to report its limit, the client sends the next one.
func TestRateLimit_GoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at := func(d time.Duration) string { return strconv.FormatInt(time.Now().Add(d).Unix(), 10) }
		responses := []func() (*http.Response, error){
			func() (*http.Response, error) {
				return respond(200, readyOne, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", at(30*time.Second)), nil
			},
			func() (*http.Response, error) { return nil, io.EOF },
			func() (*http.Response, error) { return respond(502, `<html>`), nil },
			func() (*http.Response, error) { return respond(200, readyOne), nil },
			func() (*http.Response, error) { return respond(200, readyOne), nil },
		}
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			next := responses[0]
			responses = responses[1:]
			return next()
		})
		began := time.Now()
		for range 3 {
			if _, err := client.getCredential(t.Context(), "LON1", "i"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took < 30*time.Second || took > 35*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// While one request asks how many requests remain after a reset, they do not count as few.
func TestThrottle_AskingIsNotScarce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var limit throttle
		for range 2 {
			window, _ := limit.begin(t.Context())
			if limit.isScarce() {
				t.Error("few requests remain")
			}
			limit.end(window, limitHeaders{reset: time.Minute, left: 9000}, http.StatusOK)
			time.Sleep(2 * time.Minute)
		}
	})
}

// A 429 about a quota does not mean that no requests are left, so that the quota can still be read.
func TestRateLimit_QuotaIsAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			headers := []string{headerReset, strconv.FormatInt(time.Now().Add(time.Minute).Unix(), 10), headerRemaining, "40"}
			if req.Method == http.MethodPost {
				return respond(http.StatusTooManyRequests, `{"code":"quota_limit_reached"}`, headers...), nil
			}
			return respond(http.StatusOK, `{"objectstore_gb_limit":1000,"objectstore_gb_usage":900}`, headers...), nil
		})
		began := time.Now()
		_, err := client.postCredential(t.Context(), Credential{Name: "n", Region: "LON1"})
		if took := time.Since(began); !Is(err, KindQuota) || detailsOf(err).Quota == nil || took > 0 {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

// Only 429s until the deadline are a separate error, also for a request that was held back and never sent.
func TestRateLimit_Kind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) { return respond(429, ``, "Retry-After", "47"), nil })
		for name, run := range map[string]func() error{
			"read": func() error { _, err := client.Credentials("LON1").Get(t.Context(), "i"); return err },
			"list": func() error { _, err := client.Credentials("LON1").All(t.Context()); return err },
			"create": func() error {
				_, err := client.CreateCredential(t.Context(), Credential{Region: "LON1"})
				return err
			},
			"delete": func() error { return client.DeleteCredential(t.Context(), Credential{ID: "i", Region: "LON1"}) },
		} {
			if err := run(); !Is(err, KindRateLimited) || Is(err, KindUnavailable) || IsUncertain(err) || !strings.Contains(err.Error(), "429") {
				t.Errorf("%s: uncertain is %t: %v", name, IsUncertain(err), err)
			}
		}
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second) // shorter than the hold
		defer cancel()
		if _, err := client.getCredential(ctx, "LON1", "i"); !Is(err, KindRateLimited) || time.Since(began) != time.Second {
			t.Errorf("held back: %v", err)
		}
	})
}

// A context that ends between a 429 and the wait does not hide the 429.
func TestRateLimit_EndsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) { return respond(429, ``, "Retry-After", "47"), nil })
	client.config.Trace = func(context.Context, map[string]any) { cancel() }
	if _, err := client.postCredential(ctx, Credential{Name: "n", Region: "LON1"}); !Is(err, KindRateLimited) || IsUncertain(err) {
		t.Errorf("uncertain is %t: %v", IsUncertain(err), err)
	}
}
