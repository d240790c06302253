package civosim

import (
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l := newLimiter(2)
	for i, step := range []struct {
		pass time.Duration
		wait time.Duration // 0: served
	}{
		{0, 0},
		{0, 0},
		{0, 500 * time.Millisecond},
		{250 * time.Millisecond, 250 * time.Millisecond},
		{250 * time.Millisecond, 0},
		{0, 500 * time.Millisecond},
		{time.Hour, 0}, // no more than the burst is saved up
		{0, 0},
		{0, 500 * time.Millisecond},
	} {
		now = now.Add(step.pass)
		wait, limited := l.take(now)
		if wait != step.wait || limited != (step.wait > 0) {
			t.Errorf("step %d: wait %s, limited %t", i, wait, limited)
		}
	}
	if _, limited := newLimiter(0).take(now); limited {
		t.Error("no limit limits")
	}
}
