// One request for concurrent callers that need the same data.

package civo

import (
	"context"
	"sync"
	"time"
)

// sharing runs a function once for all callers that ask for the same thing at the same time. The zero value is ready for use.
type sharing[T any] struct {
	mu    sync.Mutex
	under map[string]*sharedRun[T] // by key
}

// sharedRun is one run of a function and the callers that wait for it.
type sharedRun[T any] struct {
	waiting int
	cancel  context.CancelFunc
	done    chan struct{} // closed when the fields below are set
	value   T
	err     error
}

// do runs a function, or waits for the run with the same key that is in progress, and returns its result. The run lasts for at
// most the timeout. It continues when a caller gives up, and ends when all callers have.
func (s *sharing[T]) do(ctx context.Context, key string, timeout time.Duration, run func(context.Context) (T, error)) (T, error) {
	joined := s.join(ctx, key, timeout, run)
	select {
	case <-joined.done:
		return joined.value, joined.err
	case <-ctx.Done():
		s.leave(key, joined)
		var zero T
		return zero, &Error{Kind: KindUnavailable, Err: ctx.Err(), Reason: "Civo has not responded yet"}
	}
}

func (s *sharing[T]) join(ctx context.Context, key string, timeout time.Duration, run func(context.Context) (T, error)) *sharedRun[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	joined, ok := s.under[key]
	if !ok {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
		joined = &sharedRun[T]{cancel: cancel, done: make(chan struct{})}
		if s.under == nil {
			s.under = map[string]*sharedRun[T]{}
		}
		s.under[key] = joined
		go func() {
			defer cancel()
			joined.value, joined.err = run(ctx)
			s.mu.Lock()
			s.forget(key, joined)
			s.mu.Unlock()
			close(joined.done)
		}()
	}
	joined.waiting++
	return joined
}

func (s *sharing[T]) leave(key string, left *sharedRun[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left.waiting--
	if left.waiting == 0 {
		left.cancel()
		s.forget(key, left)
	}
}

// forget lets the next caller start a run of its own. The caller holds the lock.
func (s *sharing[T]) forget(key string, ended *sharedRun[T]) {
	if s.under[key] == ended {
		delete(s.under, key)
	}
}
