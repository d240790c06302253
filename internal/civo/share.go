package civo

import (
	"context"
	"time"

	"golang.org/x/sync/singleflight"
)

// share runs a function once for all callers that ask with the same key at the same time, and returns its result to each.
// The function runs for at most the timeout and does not end when a caller gives up, since others may still wait.
func share[T any](ctx context.Context, flights *singleflight.Group, key string, timeout time.Duration, run func(context.Context) (T, error)) (T, error) {
	results := flights.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
		defer cancel()
		return run(ctx)
	})
	select {
	case result := <-results:
		value, _ := result.Val.(T)
		return value, result.Err
	case <-ctx.Done():
		var zero T
		return zero, &Error{Kind: KindUnavailable, Err: ctx.Err(), Reason: "no response yet"}
	}
}
