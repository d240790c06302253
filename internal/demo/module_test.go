package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestModulePassesItsOwnTests runs terraform test in a copy of the module, as its README says.
func TestModulePassesItsOwnTests(t *testing.T) {
	t.Parallel()
	stage, err := newStage(from(nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stage.close() })
	room, err := newWorkspace(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	module := filepath.Join(room.root, "examples", "modules", "s3-credential")
	if err := os.CopyFS(filepath.Join(room.configuration(), "tests"), os.DirFS(filepath.Join(module, "tests"))); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	tour := &tour{stage: stage, room: room, said: &transcript{out: &out}, opts: options{environ: os.Environ(), example: module}}
	for _, step := range []step{{"", tour.build}, {"", tour.init}} {
		if err := step.do(t.Context()); err != nil {
			t.Fatal(err)
		}
	}

	if err := tour.terraform.loud.Test(t.Context(), &out); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := stage.checkEmpty(t.Context()); err != nil {
		t.Error(err)
	}
}
