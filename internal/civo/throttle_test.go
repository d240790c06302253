package civo

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// tooMany answers each request with a 429 that asks for a wait in seconds.
func tooMany(retryAfter string) roundTripper {
	return func(*http.Request) (*http.Response, error) { return respond(429, ``, "Retry-After", retryAfter), nil }
}

// unix returns a time from now in Unix seconds.
func unix(in time.Duration) string { return strconv.FormatInt(time.Now().Add(in).Unix(), 10) }

// A 429 pauses all requests of the client for as long as it asks for.
func TestRateLimit_PausesEveryRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var sent atomic.Int32
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			if sent.Add(1) == 1 {
				return respond(429, `{}`, "Retry-After", "7"), nil
			} else if time.Since(began) != 7*time.Second {
				t.Errorf("sent after %v", time.Since(began))
			}
			return respond(200, readyOne), nil
		})
		inParallel(5, 5, func(n int) {
			time.Sleep(time.Duration(n) * time.Second) // the others come while the first waits
			_, err := client.getCredential(t.Context(), "LON1", "i")
			wantError(t, err, noError)
		})
		failIf(t, sent.Load() != 6, "%d requests", sent.Load())
	})
}

// Without a time to wait, the pause grows with each consecutive 429 of a request. One that comes alone pauses a second at most.
func TestRateLimit_PauseGrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent []time.Time
		refusals := 10
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			if sent = append(sent, time.Now()); len(sent) <= refusals {
				return respond(429, ``), nil
			}
			return respond(200, readyOne), nil
		})
		for range 10 {
			sent = nil
			if _, err := client.getCredential(t.Context(), "LON1", "i"); err != nil || len(sent) != refusals+1 {
				t.Fatalf("after %d requests: %v", len(sent), err)
			}
			wantGrowing(t, sent)
			refusals = 1
			time.Sleep(time.Minute)
		}
	})
}

// wantGrowing fails the test unless the waits between requests double from about a second to about 10 seconds.
func wantGrowing(t *testing.T, sent []time.Time) {
	t.Helper()
	for i, longest := 1, time.Second; i < len(sent); i, longest = i+1, min(2*longest, 10*time.Second) {
		waited := sent[i].Sub(sent[i-1])
		failIf(t, waited > longest || waited < longest*3/4, "%v before request %d, want about %v", waited, i+1, longest)
	}
}

// A 429 takes nothing from the retries.
func TestRateLimit_KeepsRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		statuses := []int{429, 429, 500, 429, 429, 502, 429, 200}
		client := clientOver(t, Timing{Retries: 2}, func(*http.Request) (*http.Response, error) {
			status := statuses[0]
			statuses = statuses[1:]
			return respond(status, readyOne), nil
		})
		_, err := client.getCredential(t.Context(), "LON1", "i")
		failIf(t, err != nil || len(statuses) != 0, "%v, with %v left", err, statuses)
	})
}

// Only 429s until the deadline, of the client or of the caller, are a separate error.
func TestRateLimit_UntilDeadline(t *testing.T) {
	t.Parallel()
	for _, retryAfter := range []string{"", "47"} {
		for deadline, want := range map[time.Duration]time.Duration{
			0: 2 * time.Minute, 5 * time.Minute: 5 * time.Minute, 30 * time.Second: 30 * time.Second,
		} {
			for _, name := range []string{"create", "update", "delete"} {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := t.Context(), context.CancelFunc(func() {})
					if deadline > 0 {
						ctx, cancel = context.WithTimeout(ctx, deadline)
					}
					defer cancel()
					began := time.Now()
					_, err := writesOf(t, clientOver(t, Timing{}, tooMany(retryAfter)))[name].run(ctx, keyed("i", sentOne))
					wantError(t, err, KindRateLimited, "429")
					failIf(t, time.Since(began) != want || !IsTimeout(err) || IsUncertain(err),
						"%s, %q: after %v, uncertain is %t: %v", name, retryAfter, time.Since(began), IsUncertain(err), err)
				})
			}
		}
	}
}

// A request that was held back and never sent, and a context that ends between a 429 and the wait, do not hide the 429.
func TestRateLimit_IsNotHidden(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, tooMany("47"))
		ctx, cancel := context.WithCancel(t.Context())
		client.config.Trace = func(context.Context, map[string]any) { cancel() }
		_, err := client.postCredential(ctx, sentOne)
		wantError(t, err, KindRateLimited)
		began := time.Now()
		ctx, cancel = context.WithTimeout(t.Context(), time.Second) // shorter than the hold
		defer cancel()
		_, heldBack := client.postCredential(ctx, sentOne)
		wantError(t, heldBack, KindRateLimited)
		failIf(t, IsUncertain(err) || IsUncertain(heldBack) || time.Since(began) != time.Second,
			"uncertain is %t, %t after %v", IsUncertain(err), IsUncertain(heldBack), time.Since(began))
	})
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
		const s = time.Second
		for name, test := range map[string]struct {
			reset, left, date string
			status            int
			want              limitHeaders
		}{
			"on a 200":          {unix(30 * s), "7", "", 200, limitHeaders{reset: 30 * s, left: 7}},
			"on a 429":          {unix(30 * s), "7", "", 429, limitHeaders{reset: 30 * s}},
			"only the reset":    {unix(30 * s), "", "", 429, limitHeaders{reset: 30 * s}},
			"nothing left":      {unix(65 * s), "-1", "", 200, limitHeaders{reset: 65 * s}},
			"too far ahead":     {unix(66 * s), "0", "", 200, limitHeaders{}},
			"now":               {unix(0), "0", "", 429, limitHeaders{}},
			"in the past":       {unix(-s), "0", "", 429, limitHeaders{}},
			"hours ahead":       {unix(2 * time.Hour), "0", "", 429, limitHeaders{}},
			"unreadable":        {"soon", "0", "", 429, limitHeaders{}},
			"huge":              {"9223372036854775807", "0", "", 429, limitHeaders{}},
			"not how many":      {unix(30 * s), "some", "", 200, limitHeaders{}},
			"by another clock":  {unix(time.Hour + 20*s), "3", in(time.Hour), 200, limitHeaders{reset: 20 * s, left: 3}},
			"past, by a header": {unix(20 * s), "3", in(time.Minute), 200, limitHeaders{}},
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
	return respond(status, readyOne, "Date", now.UTC().Format(http.TimeFormat), "X-RateLimit-Remaining", strconv.Itoa(left),
		"X-RateLimit-Reset", strconv.FormatInt(l.minute.Add(time.Minute).Unix(), 10)), nil
}

// Many requests at a time exceed a limit that Civo reports at most once, and take hardly longer than it requires.
func TestRateLimit_Respected(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for name, test := range map[string]struct {
		civo     *limitedCivo
		parallel int
	}{
		"10 at a time":       {&limitedCivo{limit: 50, latency: 20 * ms}, 10},
		"50 at a time":       {&limitedCivo{limit: 50, latency: 20 * ms}, 50},
		"fewer than at once": {&limitedCivo{limit: 20, latency: 20 * ms}, 50},
		"slow":               {&limitedCivo{limit: 50, latency: 2 * time.Second}, 10},
		"another clock":      {&limitedCivo{limit: 50, latency: 20 * ms, skew: 50 * time.Minute}, 10},
	} {
		synctest.Test(t, func(t *testing.T) {
			server, began := test.civo, time.Now()
			client := clientOver(t, Timing{Request: time.Hour}, server.answer)
			const needed = 400
			inParallel(needed, test.parallel, func(int) {
				_, err := client.getCredential(t.Context(), "LON1", "i")
				failIf(t, err != nil, "%v", err)
			})
			failIf(t, server.tooMany > test.parallel, "%s: %d of %d requests were answered with 429", name, server.tooMany, server.total)
			// The clock of a test starts at midnight, so the first minute is a whole one.
			minimum := time.Duration((needed-1)/server.limit) * time.Minute
			failIf(t, time.Since(began) > minimum*115/100+time.Minute/10+time.Duration(needed/test.parallel)*server.latency,
				"%s: took %v, the limit requires %v", name, time.Since(began), minimum)
		})
	}
}

// Whatever requests fail, and whether or not Civo goes on to report its limit, the client sends the next one.
func TestRateLimit_GoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began, sent := time.Now(), 0
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			sent++
			switch sent {
			case 1:
				return respond(200, readyOne, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(30*time.Second)), nil
			case 2:
				return nil, io.EOF
			case 3:
				return respond(502, `<html>`), nil
			}
			return respond(200, readyOne), nil
		})
		for range 3 {
			_, err := client.getCredential(t.Context(), "LON1", "i")
			wantError(t, err, noError)
		}
		took := time.Since(began)
		failIf(t, took < 30*time.Second || took > 35*time.Second || sent != 5, "%d requests took %v", sent, took)
	})
}

// While one request asks how many requests remain after a reset, they do not count as few. Once few remained, they do.
func TestThrottle_IsScarce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var limit throttle
		scarce := false
		for _, left := range []int{9000, 30, 29, 9000} {
			window, _ := limit.begin(t.Context())
			failIf(t, limit.isScarce() != scarce, "before %d are left, it is scarce: %t", left, !scarce)
			limit.end(window, limitHeaders{reset: time.Minute, left: left}, http.StatusOK)
			scarce = scarce || left < 30
			failIf(t, limit.isScarce() != scarce, "with %d left, it is scarce: %t", left, !scarce)
			time.Sleep(2 * time.Minute)
		}
	})
}

// A 429 about a quota does not mean that no requests are left, so that the quota can still be read.
func TestRateLimit_QuotaIsAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			headers := []string{headerReset, unix(time.Minute), headerRemaining, "40"}
			if req.Method == http.MethodPost {
				return respond(http.StatusTooManyRequests, `{"code":"quota_limit_reached"}`, headers...), nil
			}
			return respond(http.StatusOK, `{"objectstore_gb_limit":1000,"objectstore_gb_usage":900}`, headers...), nil
		})
		began := time.Now()
		_, err := client.postCredential(t.Context(), sentOne)
		wantError(t, err, KindQuota)
		failIf(t, detailsOf(err).Quota == nil || *detailsOf(err).Quota != (Quota{LimitGB: 1000, UsedGB: 900}) || time.Since(began) > 0,
			"quota %+v after %v: %v", detailsOf(err).Quota, time.Since(began), err)
	})
}
