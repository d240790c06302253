package main

import (
	"context"
	"errors"
	"fmt"
)

// step is a part of the demo.
type step struct {
	shows string // a line that tells the reader what comes
	do    func(context.Context) error
}

// walk does the steps one after the other, each under its line, and stops at the first that fails.
func walk(ctx context.Context, said *transcript, steps []step) error {
	for i, step := range steps {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("stopped before step %d of %d: %w", i+1, len(steps), err)
		}
		said.printf("\n[%d/%d] %s\n", i+1, len(steps), step.shows)
		if err := errors.Join(step.do(ctx), said.err); err != nil {
			return fmt.Errorf("step %d of %d (%s): %w", i+1, len(steps), step.shows, err)
		}
	}
	return nil
}
