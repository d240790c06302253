package examples_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/go-version"
)

// The module passes its own tests, as its README describes.
func TestModule_PassesItsTests(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	ws := w.Workspace(t, "")
	ws.Version(version.Must(version.NewVersion("1.8")))
	if err := os.Remove(filepath.Join(ws.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(ws.Dir, os.DirFS(filepath.Join("..", "..", "examples", "modules", "s3-bucket"))); err != nil {
		t.Fatal(err)
	}
	ws.MustRun("test", "-no-color")
	if left := namesOfAll(w); !slices.Equal(left, []string{demo.Name}) {
		t.Errorf("after the tests of the module, %q exist", left)
	}
}
