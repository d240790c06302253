package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var program, _ = os.Executable()

// TestMain runs the test binary in place of Terraform if a test requests it.
func TestMain(m *testing.M) {
	switch os.Getenv("STAND_IN") {
	case "fail":
		fmt.Println("to standard output")          //nolint:forbidigo // as Terraform does
		fmt.Fprintln(os.Stderr, "Error: it fails") // as Terraform does
		os.Exit(3)
	case "wait":
		interrupted := make(chan os.Signal, 1)
		signal.Notify(interrupted, os.Interrupt)
		fmt.Println("waiting") //nolint:forbidigo // as Terraform does
		if file := os.Getenv("STAND_IN_READY"); file != "" {
			_ = os.WriteFile(file, nil, 0o600) //nolint:gosec // the test sets the path
		}
		select {
		case <-interrupted:
			fmt.Println("state saved") //nolint:forbidigo // as Terraform does
		case <-time.After(5 * time.Minute):
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestNew_WithoutUserSettings(t *testing.T) {
	t.Setenv("TF_LOG", "TRACE")
	t.Setenv("CIVO_CONFIG", "/home/user/.civo.json")
	w := New(t.TempDir(), "terraform", "CIVO_REGION=LON1")
	w.Setenv("CIVO_REGION", "FRA1")
	command := w.Command(t.Context(), "plan")
	var kept []string
	for _, variable := range command.Environ() {
		if strings.HasPrefix(variable, "TF_") || strings.HasPrefix(variable, "CIVO_") {
			kept = append(kept, variable)
		}
	}
	slices.Sort(kept)
	want := []string{"CIVO_REGION=FRA1", "TF_CLI_ARGS=-no-color", "TF_CLI_CONFIG_FILE=" + w.path("terraform.tfrc"), "TF_IN_AUTOMATION=1"}
	if !slices.Equal(kept, want) {
		t.Errorf("the environment has %q, want %q", kept, want)
	}
}

func TestRun_Failure(t *testing.T) {
	t.Parallel()
	w := standIn(t, "fail")
	var out bytes.Buffer
	err := w.Run(t.Context(), &out, "apply")
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.HasPrefix(err.Error(), "terraform apply: ") ||
		!strings.Contains(err.Error(), "Error: it fails") {
		t.Errorf("got error %v", err)
	}
	if out.String() != "to standard output\n" {
		t.Errorf("got output %q", out.String())
	}
}

func TestRun_CancelInterrupts(t *testing.T) {
	t.Parallel()
	skipOnWindows(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	err := standIn(t, "wait").Run(ctx, &cancelOnWrite{&out, cancel}, "apply")
	if err == nil || !strings.Contains(out.String(), "state saved") {
		t.Errorf("got error %v and output %q", err, out.String())
	}
}

func skipOnWindows(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent an interrupt on Windows")
	}
}

// Go removes the temporary files of a build only if it is interrupted, not if it is killed.
func TestBuild_CancelInterrupts(t *testing.T) {
	skipOnWindows(t)
	dir := t.TempDir()
	if err := os.Symlink(program, filepath.Join(dir, "go")); err != nil {
		t.Fatal(err)
	}
	ready := filepath.Join(dir, "ready")
	t.Setenv("PATH", dir)
	t.Setenv("STAND_IN", "wait")
	t.Setenv("STAND_IN_READY", ready)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	go func() {
		for _, err := os.Stat(ready); err != nil && ctx.Err() == nil; _, err = os.Stat(ready) {
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
	}()
	if err := Build(ctx, filepath.Join(dir, "binary"), ""); err == nil || !strings.Contains(err.Error(), "state saved") {
		t.Errorf("got error %v", err)
	}
}

// standIn returns a workspace that runs this test binary.
func standIn(t *testing.T, behavior string) *Workspace {
	t.Helper()
	return New(t.TempDir(), program, "STAND_IN="+behavior)
}

// cancelOnWrite cancels a context when something is written to it.
type cancelOnWrite struct {
	out    *bytes.Buffer
	cancel context.CancelFunc
}

func (c *cancelOnWrite) Write(p []byte) (int, error) {
	defer c.cancel()
	return c.out.Write(p)
}
