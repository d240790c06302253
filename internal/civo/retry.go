// Which attempts are retried and when, and the pause after a 429.

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

// attempts records the attempts of one call.
type attempts struct {
	repeatable bool // can be sent again even if it may have been carried out
	failures   int  // failed attempts, not counting those answered with 429
	last       *http.Response
	lastErr    error
}

type attemptsKey struct{}

func withAttempts(ctx context.Context, a *attempts) context.Context {
	return context.WithValue(ctx, attemptsKey{}, a)
}

// newRetryingClient creates the HTTP client that retries requests. Whether a retry is safe depends on the call, so shouldRetry
// reads it from the call's context.
func newRetryingClient(t *transport, timing Timing) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport:     t,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryWaitMin: timing.RetryMin,
		RetryWaitMax: timing.RetryMax,
		RetryMax:     1 << 30, // shouldRetry counts instead, ignoring retries after a 429
		CheckRetry:   timing.shouldRetry,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

func (p Timing) shouldRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	a, _ := ctx.Value(attemptsKey{}).(*attempts)
	a.last, a.lastErr = resp, err
	if ctx.Err() != nil || isFinal(err) {
		return false, nil //nolint:nilerr // the attempt's own outcome is more specific, and failure adds why it ended
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

// backoff returns the wait before a retry. After a 429 it is 0, because the throttle delays every request.
func backoff(shortest, longest time.Duration, attempt int, resp *http.Response) time.Duration {
	if resp == nil {
		return exponential(shortest, longest, attempt)
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		return 0
	}
	return max(retryAfter(resp), exponential(shortest, longest, attempt))
}

// exponential returns a wait that doubles with each attempt, counted from 0, reduced by a random amount of up to a quarter.
func exponential(shortest, longest time.Duration, attempt int) time.Duration {
	wait := longest
	if attempt < 30 {
		wait = min(longest, shortest<<attempt)
	}
	return wait - time.Duration(rand.Int64N(int64(wait)/4+1)) //nolint:gosec // jitter needs no secrecy
}

// maxRetryAfter limits the wait that a server can request.
const maxRetryAfter = time.Minute

// retryAfter returns the wait that the response's Retry-After header requests; 0 if it requests none.
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

// throttle holds back all requests of a client for a while after a 429: the rate limit applies to the account, so any other
// request would be rejected too.
type throttle struct {
	mu     sync.Mutex
	until  time.Time
	streak int // consecutive 429s; each extends the next hold
}

// The first and the longest hold if the response does not request a wait.
const (
	firstHold   = 250 * time.Millisecond
	longestHold = 8 * time.Second
)

// pause holds requests back for the requested wait or, if it is 0, for a wait that grows with each consecutive 429.
func (h *throttle) pause(asked time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	if now.Before(h.until) && asked == 0 {
		return // the response to a request that was sent before this hold began
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

// reset ends a series of 429s. During a hold it does nothing, because the response is to a request that was sent before.
func (h *throttle) reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !time.Now().Before(h.until) {
		h.streak = 0
	}
}

// wait waits until no hold is in effect. If the context ends first, it returns the context's error, and held reports whether a
// hold was the reason.
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

// sleep waits for d. If the context ends first, it returns the context's error.
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
