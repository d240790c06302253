// Which attempts are retried and when, and the pause after a 429.

package civo

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// shouldRetry reports whether a call is sent again after an attempt with the given outcome. A write is sent again only if it
// cannot have been carried out.
func (c call) shouldRetry(resp response, failed *attemptError) bool {
	if failed != nil {
		return !failed.final && (failed.neverSent || !c.isWrite())
	}
	return resp.status >= http.StatusInternalServerError && !c.isWrite()
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
	mu    sync.Mutex
	until time.Time
}

// The first and the longest hold if the response does not request a wait.
const (
	firstHold   = 250 * time.Millisecond
	longestHold = 8 * time.Second
)

// pause holds requests back for the wait that a response with the status 429 requests. If that is 0, the hold grows with the
// number of consecutive 429s, counted from 0.
func (h *throttle) pause(wait time.Duration, count int) {
	if wait == 0 {
		wait = exponential(firstHold, longestHold, count)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if until := time.Now().Add(wait); until.After(h.until) {
		h.until = until
	}
}

// wait waits until no hold is in effect or the context ends. It reports whether it had to.
func (h *throttle) wait(ctx context.Context) (held bool) {
	for {
		h.mu.Lock()
		left := time.Until(h.until)
		h.mu.Unlock()
		if left <= 0 || sleep(ctx, left) != nil {
			return held || left > 0
		}
		held = true
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
