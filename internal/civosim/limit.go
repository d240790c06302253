// The rate limit.

package civosim

import (
	"sync"
	"time"
)

// limiter is a token bucket.
type limiter struct {
	rate  float64 // tokens per second; 0: no limit
	burst float64

	mu     sync.Mutex
	tokens float64
	last   time.Time
}

func newLimiter(rate float64) *limiter {
	burst := max(1, rate)
	return &limiter{rate: rate, burst: burst, tokens: burst}
}

// take reports whether a request exceeds the limit and, if so, the time until the next token.
func (l *limiter) take(now time.Time) (wait time.Duration, limited bool) {
	if l.rate <= 0 {
		return 0, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.last.IsZero() {
		l.tokens = min(l.burst, l.tokens+max(0, now.Sub(l.last).Seconds())*l.rate)
	}
	l.last = now
	if l.tokens < 1 {
		return time.Duration((1 - l.tokens) / l.rate * float64(time.Second)), true
	}
	l.tokens--
	return 0, false
}
