// What concurrent callers share: values by key, and requests for the same data.

package civo

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// table contains values by key. The zero value is ready for use.
type table[V any] struct {
	mu     sync.Mutex
	values map[string]V
}

// get returns the value of a key, and creates it if there is none.
func (t *table[V]) get(key string, create func() V) V {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.values == nil {
		t.values = map[string]V{}
	}
	if _, ok := t.values[key]; !ok {
		t.values[key] = create()
	}
	return t.values[key]
}

// sharing runs a function once for all callers that ask for the same thing at the same time. The zero value is ready for use.
type sharing[T any] struct{ group singleflight.Group }

// do runs a function, or waits for the run with the same key that is in progress, and returns its result. The run lasts for at
// most the timeout. It continues when a caller gives up, for the others and for those that come later.
func (s *sharing[T]) do(ctx context.Context, key string, timeout time.Duration, run func(context.Context) (T, error)) (value T, err error) {
	results := s.group.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
		defer cancel()
		return run(ctx)
	})
	select {
	case result := <-results:
		value, _ = result.Val.(T)
		return value, result.Err
	case <-ctx.Done():
		return value, &Error{Kind: KindUnavailable, Err: ctx.Err(), Reason: "Civo has not responded yet"}
	}
}
