// Waiting until a record is ready, and poll intervals.

package civo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// readyTimes records how long records took to become ready, so that the first poll of the next one happens shortly after that time. It
// keeps the latest bracket: the record was not ready after the shorter time, and was ready after the longer time.
type readyTimes struct {
	mu        sync.Mutex
	not, done time.Duration // done is 0 before the first observation
	waits     int
}

const freshEvery = 10 // every tenth wait ignores the recorded times, to check whether records are now ready sooner

// firstLook returns when to poll first; 0: unknown. It moves towards the lower end of the bracket until that is within a tenth, unless few
// requests remain: an early poll then costs more than it can gain.
func (r *readyTimes) firstLook(isScarce bool) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if isScarce {
		return r.done
	}
	r.waits++
	if r.waits%freshEvery == 0 {
		return 0
	}
	if width := r.done - r.not; width > r.done/10 {
		return r.done - width/3
	}
	return r.done
}

// observe notes a record that was not ready at one poll and ready at the next. If there was no earlier poll, not is 0.
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

// poller spaces out polls. The interval grows with the time elapsed, so that a wait of any length ends soon after the event.
type poller struct {
	timing  Timing
	limit   *throttle
	learned time.Duration // when the first poll is due; 0: unknown
	start   time.Time
	last    time.Duration // of the latest look since the start; 0: none
	before  time.Duration // of the look before it
}

func (c *Client) newPoller() *poller {
	return &poller{timing: c.timing, limit: &c.throttle, start: time.Now()}
}

// wait returns when the next look is due, or with the error of the context.
func (p *poller) wait(ctx context.Context) error {
	if err := sleep(ctx, p.interval()); err != nil {
		return err
	}
	p.before, p.last = p.last, time.Since(p.start)
	return nil
}

const scarcePoll = 2 * time.Second // minimum between polls if few requests remain

func (p *poller) interval() time.Duration {
	taken := time.Since(p.start)
	switch {
	case p.limit.isScarce(): // polls delay what the rate limit still allows
		return max(p.learned-taken, taken/2, scarcePoll)
	case taken < p.learned:
		// With looks on the way where there is time for them, in case that it takes less by now.
		return min(p.learned-taken, max(p.learned/4, p.timing.PollMax))
	case p.last == 0:
		return p.timing.PollFirst
	case p.learned > 0:
		return min(max(taken/10, p.timing.PollMin/4), p.timing.PollMax)
	}
	return min(max(taken/5, p.timing.PollMin), p.timing.PollMax)
}

// WaitReady waits until a record is ready. It always returns the latest known record. The error is of KindFailed if the status is "failed".
func (c *Collection[T]) WaitReady(ctx context.Context, latest T) (T, error) {
	if latest.Ref().Status.IsFinal() {
		return latest, c.failure(latest)
	}
	return c.waitReady(ctx, latest, c.readyTimes.firstLook(c.client.throttle.isScarce()), true)
}

// WaitCreated is like WaitReady for a record that this run has created. It reads the record at least once, whatever status Civo returned.
// Until then, a missing record is one that Civo does not return yet, and the status in the result is not final. The error is of
// KindOtherName if Civo returns another name.
func (c *Collection[T]) WaitCreated(ctx context.Context, created T) (T, error) {
	firstLook := c.readyTimes.firstLook(c.client.throttle.isScarce())
	if created.Ref().Status.IsFinal() { // it may be readable already
		created = created.withStatus("")
		firstLook = time.Nanosecond
	}
	return c.waitReady(ctx, created, firstLook, false)
}

func (c *Collection[T]) waitReady(ctx context.Context, latest T, firstLook time.Duration, seen bool) (T, error) {
	defer c.client.invalidate() // a cached list contains the previous status
	look := c.client.newPoller()
	look.learned = firstLook
	for {
		if err := look.wait(ctx); err != nil {
			reason := "the " + c.recordType.noun + " is not ready yet"
			return latest, &Error{Kind: KindUnavailable, Err: err, About: new(latest.Ref()), Reason: reason}
		}
		current, err := c.look(ctx, latest.Ref().ID, !seen && time.Since(look.start) < c.client.timing.Absence)
		switch {
		case err != nil && ctx.Err() != nil:
			continue // the wait above returns why the context ended
		case !seen && (Is(err, KindNotFound) || errors.Is(err, errUnsettled)):
			continue
		case err != nil:
			return latest, err
		}
		current = current.completedBy(latest)
		if err := OtherName(current.Ref(), latest.Ref().Name); err != nil && !seen {
			return current, err
		}
		latest, seen = current, true
		if latest.Ref().Status.IsFinal() {
			c.readyTimes.observe(look.before, look.last)
			return latest, c.failure(latest)
		}
	}
}

// look reads a record that the client waits for. For one that was just created, it does not read the list after a 404 with Civo's own code.
func (c *Collection[T]) look(ctx context.Context, id string, isNew bool) (T, error) {
	found, err := c.get(ctx, id)
	switch {
	case !isMissing(err):
		return found, err
	case isNew && isExplicitlyMissing(err, c.recordType.codeNotFound):
		return found, &Error{Kind: KindNotFound, Err: err}
	}
	c.client.invalidate() // a cached list may be from before the record was in it
	return c.confirmMissing(ctx, id, err)
}

// OtherName returns an error if a new record has a name that differs from the one that was sent in more than the letter case.
func OtherName(created Ref, sent string) error {
	if sameName(created.Name, sent) {
		return nil
	}
	reason := fmt.Sprintf("Civo created the %s with the name %s instead of %s", created.Noun, Quote(created.Name), Quote(sent))
	return &Error{Kind: KindOtherName, About: &created, Reason: reason}
}

// failure returns the error for a record whose status is "failed".
func (c *Collection[T]) failure(about T) error {
	if about.Ref().Status != StatusFailed {
		return nil
	}
	return &Error{Kind: KindFailed, About: new(about.Ref()), Reason: `Civo reports the status "failed" for the ` + c.recordType.noun}
}
