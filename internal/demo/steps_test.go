package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
)

func TestWalkStopsAtTheFirstStepThatFails(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	broken := errors.New("broken")
	var done []string
	steps := []step{
		{"One.", func(context.Context) error { done = append(done, "one"); return nil }},
		{"Two.", func(context.Context) error { return broken }},
		{"Three.", func(context.Context) error { done = append(done, "three"); return nil }},
	}

	err := walk(t.Context(), &transcript{out: &out}, steps)

	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "step 2 of 3 (Two.)") {
		t.Errorf("got error %v, want the second step's, and which step it is", err)
	}
	if got := strings.Join(done, " "); got != "one" {
		t.Errorf("steps done: %q, want only the first", got)
	}
	if got, want := out.String(), "\n[1/3] One.\n\n[2/3] Two.\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

func TestWalkStopsWhenInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	steps := []step{
		{"One.", func(context.Context) error { cancel(); return nil }},
		{"Two.", func(context.Context) error { t.Error("the second step was done"); return nil }},
	}

	if err := walk(ctx, &transcript{out: &out}, steps); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
}

func TestWalkStopsWhenNobodyReads(t *testing.T) {
	t.Parallel()
	closed := errors.New("closed pipe")
	steps := []step{
		{"One.", func(context.Context) error { return nil }},
		{"Two.", func(context.Context) error { t.Error("the second step was done"); return nil }},
	}

	if err := walk(t.Context(), &transcript{out: failing{closed}}, steps); !errors.Is(err, closed) {
		t.Errorf("got error %v, want %v", err, closed)
	}
}
