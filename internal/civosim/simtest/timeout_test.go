package simtest

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestExpiring(t *testing.T) {
	t.Parallel()
	ctx, expire := Expiring(t.Context())
	derived, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	if ctx.Err() != nil || derived.Err() != nil {
		t.Fatalf("got errors %v and %v before the timeout", ctx.Err(), derived.Err())
	}
	expire()
	expire()
	<-derived.Done()
	for name, err := range map[string]error{"context": ctx.Err(), "derived": derived.Err(), "cause": context.Cause(derived)} {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}
