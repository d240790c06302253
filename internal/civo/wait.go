// When to poll something that takes time.

package civo

import (
	"context"
	"sync"
	"time"
)

// readyTimes remembers how long credentials took to become ready, so that the first look at the next one comes shortly after
// that. It keeps the latest bracket: not ready yet after one time, ready after the other.
type readyTimes struct {
	mu        sync.Mutex
	not, done time.Duration // done is 0 before the first observation
	waits     int
}

// freshEvery is how often a wait ignores what was learned: every tenth checks whether credentials are now ready sooner.
const freshEvery = 10

// firstLook returns when to poll first; 0 for a wait that does not use what was learned. It moves towards the lower end of the
// bracket until that is within a tenth.
func (r *readyTimes) firstLook() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waits++
	if r.waits%freshEvery == 0 {
		return 0
	}
	if width := r.done - r.not; width > r.done/10 {
		return r.done - width/3
	}
	return r.done
}

// observe records a credential that was not ready after one time (0: it was not looked at before) and ready after the other.
func (r *readyTimes) observe(not, done time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.done == 0:
		r.not, r.done = not, done
	case not >= r.done || done <= r.not: // slower or faster than known; a single slow one must not delay the others by much
		r.not, r.done = min(not, r.done), min(done, 2*r.done)
	default: // within what is known: narrow it down
		r.not, r.done = max(r.not, not), min(r.done, done)
	}
}

// poller spaces out polls of something that takes time. The interval grows with the time elapsed, so that a wait of any length
// ends soon after the event without many requests.
type poller struct {
	timing  Timing
	times   *readyTimes // nil: nothing is learned
	learned time.Duration
	start   time.Time
	last    time.Duration // of the latest look since the start; 0: none
	before  time.Duration // of the look before it
}

func (c *Client) newPoller(times *readyTimes) *poller {
	p := &poller{timing: c.timing, times: times, start: time.Now()}
	if times != nil {
		p.learned = times.firstLook()
	}
	return p
}

// wait returns when the next look is due, or with the error of the context.
func (p *poller) wait(ctx context.Context) error {
	if err := sleep(ctx, p.interval()); err != nil {
		return err
	}
	p.before, p.last = p.last, time.Since(p.start)
	return nil
}

func (p *poller) interval() time.Duration {
	taken := time.Since(p.start)
	switch {
	case taken < p.learned:
		// With looks on the way where there is time for them, in case that it takes less by now.
		return min(p.learned-taken, max(p.learned/4, p.timing.PollMax))
	case p.last == 0:
		return p.timing.PollFirst
	case p.learned > 0:
		return min(max(taken/10, p.timing.PollMin/4), p.timing.PollMax)
	default:
		return min(max(taken/5, p.timing.PollMin), p.timing.PollMax)
	}
}

// done records that the latest look found the end of the wait.
func (p *poller) done() { p.times.observe(p.before, p.last) }
