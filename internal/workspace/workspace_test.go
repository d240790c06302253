package workspace

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNew_WithoutUserSettings(t *testing.T) {
	t.Setenv("TF_LOG", "TRACE")
	t.Setenv("CIVO_CONFIG", "/home/user/.civo.json")
	w := New(t.TempDir(), "terraform", "CIVO_REGION=LON1")
	w.Setenv("CIVO_REGION", "FRA1")
	kept := slices.DeleteFunc(w.Command(t.Context(), "plan").Environ(), func(variable string) bool {
		return !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "CIVO_")
	})
	slices.Sort(kept)
	want := []string{"CIVO_REGION=FRA1", "TF_CLI_ARGS=-no-color", "TF_CLI_CONFIG_FILE=" + w.path("terraform.tfrc"), "TF_IN_AUTOMATION=1"}
	if !slices.Equal(kept, want) {
		t.Errorf("the environment has %q, want %q", kept, want)
	}
}

// program writes a program in place of Terraform or Go.
func program(t *testing.T, name, script string) (path string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a script is no program on Windows, and a process cannot be sent an interrupt")
	}
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	return path
}

func TestRun_Failure(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	terraform := program(t, "terraform", "echo to standard output; echo Error: it fails >&2; exit 3")
	err := New(t.TempDir(), terraform).Run(t.Context(), &out, "apply")
	if err == nil || err.Error() != "terraform apply: exit status 3\nError: it fails\n" || out.String() != "to standard output\n" {
		t.Errorf("got error %v and output %q", err, &out)
	}
}

// Terraform saves the state only if it is interrupted, not if it is killed, and Go removes the temporary files of a build.
func TestCancelInterrupts(t *testing.T) {
	stand := program(t, "go", "trap 'echo cleaned up >&2; exit 1' INT; echo waiting > \"$READY\"; while :; do /bin/sleep 0.01; done")
	t.Setenv("PATH", filepath.Dir(stand))
	for name, run := range map[string]func(context.Context, *Workspace) error{
		"Terraform": func(ctx context.Context, w *Workspace) error { return w.Run(ctx, os.Stdout, "apply") },
		"Go":        func(ctx context.Context, w *Workspace) error { return Build(ctx, w.path("binary"), "") },
	} {
		ready := filepath.Join(t.TempDir(), "ready")
		t.Setenv("READY", ready)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		t.Cleanup(cancel)
		go func() {
			for _, err := os.Stat(ready); err != nil && ctx.Err() == nil; _, err = os.Stat(ready) {
				time.Sleep(10 * time.Millisecond)
			}
			cancel()
		}()
		if err := run(ctx, New(t.TempDir(), stand)); err == nil || !strings.Contains(err.Error(), "cleaned up") {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}
