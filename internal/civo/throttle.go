// The rate limit of the account: its headers, and the pauses of all requests of a client.

package civo

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	longestRetryAfter = time.Minute // the longest wait that Retry-After can request
	firstPause        = time.Second // if a 429 requests no wait
	longestPause      = 10 * time.Second
)

// limitHeaders is what a response says about the rate limit.
type limitHeaders struct {
	retryAfter time.Duration // 0: requests no wait
	reset      time.Duration // until the limit resets; 0: unknown
	left       int           // requests until then; only with reset
}

// readLimit reads the headers of a response. The reset is compared with the server's own clock, if the response contains it. One that is
// not in the next minute counts as none. Without a 429 about the rate limit, requests may be left: a 429 can be about a quota.
func readLimit(resp *http.Response, isLimited bool) (h limitHeaders) {
	now := time.Now()
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
		h.retryAfter = time.Duration(min(seconds, int(longestRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(resp.Header.Get("Retry-After")); err == nil {
		h.retryAfter = min(max(0, at.Sub(now)), longestRetryAfter)
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		now = date
	}
	at, err := strconv.ParseInt(resp.Header.Get(headerReset), 10, 64)
	left, leftErr := strconv.Atoi(resp.Header.Get(headerRemaining))
	if isLimited {
		left, leftErr = 0, nil
	}
	if reset := time.Unix(at, 0).Sub(now); err == nil && leftErr == nil && reset > 0 && reset <= longestWindow {
		h.reset, h.left = reset, max(0, left)
	}
	return h
}

// throttle holds back the requests of a client that would exceed the rate limit, which applies to the account. It sends no more requests at
// the same time than the latest response left. When the limit resets, one request finds out how many are left.
type throttle struct {
	mu      sync.Mutex
	until   time.Time     // no request is sent before this time
	reset   time.Time     // when the limit resets; zero: no limit is known
	left    int           // requests until then, as of the latest response
	asking  bool          // the limit has reset, and no response shows yet how many requests are left
	window  int           // number of resets so far
	pending int           // requests of this window without a response
	scarce  bool          // few requests remained at some time
	changed chan struct{} // closed when a response changes any of this; nil: nobody waits
}

// begin waits until the next request may be sent, or until the context ends. It returns what end requires, and whether it had to wait.
func (h *throttle) begin(ctx context.Context) (window int, held bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		now := time.Now()
		if !h.reset.IsZero() && !now.Before(h.reset) {
			h.window, h.pending, h.left, h.asking, h.reset = h.window+1, 0, 1, true, now.Add(longestWindow)
		}
		wait := h.until.Sub(now)
		if wait <= 0 && !h.reset.IsZero() && h.pending >= h.left {
			wait = h.reset.Sub(now)
		}
		if wait <= 0 || ctx.Err() != nil {
			h.pending++
			return h.window, held
		}
		if h.changed == nil {
			h.changed = make(chan struct{})
		}
		h.await(ctx, wait, h.changed)
		held = true
	}
}

// await waits, without the lock, for a time, a change or the end of the context.
func (h *throttle) await(ctx context.Context, wait time.Duration, changed <-chan struct{}) {
	h.mu.Unlock()
	defer h.mu.Lock()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	case <-ctx.Done():
	}
}

// end notes what the response to a request says about the limit. The status is 0 if there was no response.
func (h *throttle) end(window int, limit limitHeaders, status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if window == h.window {
		h.pending--
	}
	reset := time.Now().Add(limit.reset)
	switch {
	case window != h.window: // a late response, which is about an earlier window
	case limit.reset == 0 && status != 0 && status < http.StatusInternalServerError: // Civo reports no limit; a proxy could not
		h.reset = time.Time{}
	case limit.reset == 0:
	case h.asking, h.reset.IsZero(), reset.Sub(h.reset) > longestWindow/10: // a new limit, or one that was reset early
		h.left, h.reset, h.asking = limit.left, reset, false
	default:
		h.left = min(h.left, limit.left) // responses can arrive in another order
	}
	h.wake()
}

// isScarce reports whether few requests remained at some time. The same is likely after the next reset.
// While one request asks how many remain, nothing is known.
func (h *throttle) isScarce() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.scarce = h.scarce || !h.reset.IsZero() && !h.asking && h.left-h.pending < few
	return h.scarce
}

// wake lets everything that waits look again.
func (h *throttle) wake() {
	if h.changed != nil {
		close(h.changed)
		h.changed = nil
	}
}

// pause holds requests back after a 429: for the wait that it requests, until the limit resets or, by default, for longer after each
// consecutive 429, counted from 0.
func (h *throttle) pause(limit limitHeaders, count int) {
	wait := limit.retryAfter
	switch {
	case wait == 0 && limit.reset > 0:
		return // end noted it
	case wait == 0:
		wait = exponential(firstPause, longestPause, count)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if until := time.Now().Add(wait); until.After(h.until) {
		h.until = until
	}
}
