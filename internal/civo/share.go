// One request for concurrent callers that need the same data.

package civo

import (
	"context"
	"time"

	"golang.org/x/sync/singleflight"
)

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
