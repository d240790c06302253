package civosim

import (
	"net/http"
	"strconv"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l := newLimiter(2, 0)
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
		if got := l.take(now); got.wait != step.wait || got.exceeded != (step.wait > 0) {
			t.Errorf("step %d: %+v", i, got)
		}
	}
	if newLimiter(0, 0).take(now).exceeded {
		t.Error("no limit limits")
	}
}

func TestLimiter_PerMinute(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_800_000_000, 0).Truncate(time.Minute)
	l := newLimiter(0, 2)
	for _, step := range []struct {
		at       time.Duration
		exceeded bool
		left     string
		reset    time.Duration
	}{
		{50 * time.Second, false, "1", time.Minute},
		{51 * time.Second, false, "0", time.Minute},
		{52 * time.Second, true, "0", time.Minute},
		{60 * time.Second, false, "1", 2 * time.Minute},
	} {
		state, header := l.take(start.Add(step.at)), http.Header{}
		state.writeHeader(header)
		reset := strconv.FormatInt(start.Add(step.reset).Unix(), 10)
		if state.exceeded != step.exceeded || header.Get("X-Ratelimit-Remaining") != step.left || header.Get("X-Ratelimit-Reset") != reset {
			t.Errorf("after %v: %+v, %v", step.at, state, header)
		}
	}
}
