// The rate limits: a token bucket, and a number of requests in each minute.

package civosim

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limiter applies both limits.
type limiter struct {
	rate  float64 // tokens per second; 0: no limit
	burst float64

	perMinute int // 0: no limit

	mu     sync.Mutex
	tokens float64
	last   time.Time
	minute time.Time // of the latest request
	served int       // in that minute
}

// limitState is the state of the limits when a request arrives.
type limitState struct {
	exceeded bool
	wait     time.Duration // until a request is served again

	perMinute int // 0: no such limit
	left      int // in this minute
	reset     time.Time
}

func newLimiter(rate float64, perMinute int) *limiter {
	burst := max(1, rate)
	return &limiter{rate: rate, burst: burst, tokens: burst, perMinute: perMinute}
}

// take counts a request.
func (l *limiter) take(now time.Time) (state limitState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.perMinute > 0 {
		if minute := now.Truncate(time.Minute); !minute.Equal(l.minute) {
			l.minute, l.served = minute, 0
		}
		l.served++
		state = limitState{perMinute: l.perMinute, left: max(0, l.perMinute-l.served), reset: l.minute.Add(time.Minute)}
		state.exceeded, state.wait = l.served > l.perMinute, state.reset.Sub(now)
	}
	if l.rate <= 0 || state.exceeded {
		return state
	}
	if !l.last.IsZero() {
		l.tokens = min(l.burst, l.tokens+max(0, now.Sub(l.last).Seconds())*l.rate)
	}
	l.last = now
	if l.tokens < 1 {
		state.exceeded, state.wait = true, time.Duration((1-l.tokens)/l.rate*float64(time.Second))
		return state
	}
	l.tokens--
	return state
}

// writeHeader adds the headers that Civo has been seen to send.
func (s limitState) writeHeader(header http.Header) {
	if s.perMinute > 0 {
		header.Set("X-Ratelimit-Limit", strconv.Itoa(s.perMinute))
		header.Set("X-Ratelimit-Remaining", strconv.Itoa(s.left))
		header.Set("X-Ratelimit-Reset", strconv.FormatInt(s.reset.Unix(), 10))
	}
}
