//go:build linux

package ceph_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/ceph"
)

// startsGateway is set in the environment of a process that starts a gateway, prints the file with its certificate, and hangs.
const startsGateway = "CEPH_TEST_STARTS_GATEWAY"

func TestMain(m *testing.M) {
	if os.Getenv(startsGateway) == "" {
		os.Exit(m.Run())
	}
	g, err := ceph.Start(context.Background())
	if err != nil {
		_, _ = fmt.Fprintln(os.Stdout, err)
		os.Exit(1)
	}
	_, _ = fmt.Fprintln(os.Stdout, g.Certificate)
	select {}
}

// A process that is killed leaves no process and no file behind.
func TestStart_KilledProcess(t *testing.T) {
	t.Parallel()
	if err := ceph.Check(); err != nil {
		t.Skip(err)
	}
	parent := exec.Command(os.Args[0]) //nolint:gosec,noctx // this test; killed below
	parent.Env = append(os.Environ(), startsGateway+"=yes")
	printed, err := parent.StdoutPipe()
	if err := errors.Join(err, parent.Start()); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(printed).ReadString('\n')
	dir := filepath.Dir(line)
	if n := len(processes(t, dir)); err != nil || !strings.HasSuffix(line, ".pem\n") || n < 3 {
		t.Fatalf("%d processes use %q: %v", n, line, err)
	}
	killErr := parent.Process.Kill()
	_ = parent.Wait() // reports the kill
	isGone := func() bool {
		_, err := os.Stat(dir)
		return os.IsNotExist(err) && len(processes(t, dir)) == 0
	}
	for deadline := time.Now().Add(5 * time.Minute); !isGone(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the processes %q or %s are left: %v", processes(t, dir), dir, killErr)
		}
	}
}

// processes returns the files with the command lines that contain a text.
func processes(t *testing.T, text string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(files, func(file string) bool {
		line, _ := os.ReadFile(file) //nolint:gosec // of the system; the process can have ended
		return !strings.Contains(string(line), text)
	})
}

func TestCheck_MissingProgram(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := ceph.Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "apt-get install ceph-mon ceph-osd radosgw ceph-common") {
		t.Errorf("the error does not name the packages: %v", err)
	}
}
