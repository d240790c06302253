// Which attempts are repeated and when, and the pause after a 429.

package civo

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// attempts is the memory of one call about its attempts so far.
type attempts struct {
	repeatable bool // may be sent again even if it may have been carried out
	failures   int  // attempts that failed, those answered with 429 not counted
	last       *http.Response
	lastErr    error
}

type attemptsKey struct{}

func withAttempts(ctx context.Context, a *attempts) context.Context {
	return context.WithValue(ctx, attemptsKey{}, a)
}

// newRetryingClient makes the client that repeats requests. What to repeat is a question of the call, so the rules read
// it from the call's context.
func newRetryingClient(t *transport, timing Timing) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport:     t,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryWaitMin: timing.RetryMin,
		RetryWaitMax: timing.RetryMax,
		RetryMax:     1 << 30, // shouldRetry counts, and leaves out those that a 429 asked for
		CheckRetry:   timing.shouldRetry,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

func (p Timing) shouldRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	a, _ := ctx.Value(attemptsKey{}).(*attempts)
	a.last, a.lastErr = resp, err
	if ctx.Err() != nil || isFinal(err) {
		return false, nil //nolint:nilerr // the attempt's own outcome says more, and failure adds why it ended
	}
	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		return true, nil
	}
	a.failures++
	return a.failures <= p.Retries && a.worthRepeating(resp, err), nil
}

func (a *attempts) worthRepeating(resp *http.Response, err error) bool {
	if err != nil {
		return a.repeatable || wasNeverSent(err)
	}
	return a.repeatable && resp.StatusCode >= http.StatusInternalServerError
}

// backoff is how long to wait before a repetition. After a 429 the hold does the waiting, for every request alike.
func backoff(shortest, longest time.Duration, attempt int, resp *http.Response) time.Duration {
	if resp == nil {
		return exponential(shortest, longest, attempt)
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		return 0
	}
	return max(retryAfter(resp), exponential(shortest, longest, attempt))
}

// exponential doubles the wait with each attempt (from 0), and takes off up to a quarter at random.
func exponential(shortest, longest time.Duration, attempt int) time.Duration {
	wait := longest
	if attempt < 30 {
		wait = min(longest, shortest<<attempt)
	}
	return wait - time.Duration(rand.Int64N(int64(wait)/4+1)) //nolint:gosec // jitter needs no secrecy
}

// maxRetryAfter bounds how long a server can make the client wait before it asks again.
const maxRetryAfter = time.Minute

// retryAfter is what the answer's Retry-After asks for; 0 if it asks for nothing.
func retryAfter(resp *http.Response) time.Duration {
	value := resp.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds > 0 {
		return time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, time.Until(at)), maxRetryAfter)
	}
	return 0
}

// throttle keeps back every request of a client for a while after a 429: the limit is the account's, so whoever asks next
// would only be refused as well.
type throttle struct {
	mu     sync.Mutex
	until  time.Time
	streak int // 429s in a row, each making the next hold longer
}

// The first hold and the longest where the answer does not say how long.
const (
	firstHold   = 250 * time.Millisecond
	longestHold = 8 * time.Second
)

// pause holds requests back from now on, for as long as the server asked or, if it did not, for longer and longer.
func (h *throttle) pause(asked time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	if now.Before(h.until) && asked == 0 {
		return // the answer to a request that was sent before this hold began
	}
	wait := asked
	if wait == 0 {
		wait = exponential(firstHold, longestHold, h.streak)
		h.streak++
	}
	if until := now.Add(wait); until.After(h.until) {
		h.until = until
	}
}

// reset ends a row of 429s, unless a hold is on: then the answer is that to a request sent before.
func (h *throttle) reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !time.Now().Before(h.until) {
		h.streak = 0
	}
}

// wait returns when no hold is on. If the context ends first, held reports whether that was because of a hold.
func (h *throttle) wait(ctx context.Context) (held bool, err error) {
	for {
		h.mu.Lock()
		left := time.Until(h.until)
		h.mu.Unlock()
		if left <= 0 {
			return held, ctx.Err()
		}
		held = true
		if err := sleep(ctx, left); err != nil {
			return held, err
		}
	}
}

// sleep waits for a time, or until the context ends, whose error it gives.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
