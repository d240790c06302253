package main

import (
	"bytes"
	"errors"
	"testing"
)

func TestTranscriptRemembersWhatItPassesOn(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	said := &transcript{out: &out}

	said.printf("begin%s", "ning ")
	said.printf("and end")

	if out.String() != "beginning and end" {
		t.Errorf("passed on %q", out.String())
	}
	if !said.shows("ning and") {
		t.Error("a text that came in two pieces is not found")
	}
	if said.shows("middle") {
		t.Error("a text that never came is found")
	}
}

func TestTranscriptKeepsTheFirstError(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	said := &transcript{out: failing{full}}

	said.printf("lost")

	if !errors.Is(said.err, full) {
		t.Errorf("got error %v, want %v", said.err, full)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
