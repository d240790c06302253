//go:build unix

package release

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
)

// Ctrl-C in a terminal, which interrupts make and the simulator, is the way to stop the simulator. It is therefore not an error.
func TestMake_SimCtrlC(t *testing.T) { //nolint:paralleltest // like the tests of other targets, it writes bin/
	acctest.SkipIfShort(t)
	config := filepath.Join(t.TempDir(), "civo.json")
	command := makeCommand(t, root, t.TempDir(), "sim", "ARGS=-addr 127.0.0.1:0 -s3-addr 127.0.0.1:0 -cli-config "+config)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a shell does
	var problems bytes.Buffer
	command.Stderr = &problems
	out, err := command.StdoutPipe()
	if err = errors.Join(err, command.Start()); err != nil {
		t.Fatal(err)
	}
	lines, started := bufio.NewScanner(out), false
	for !started && lines.Scan() {
		started = strings.HasPrefix(lines.Text(), "export CIVO_REGION=") // the last line
	}
	if err := syscall.Kill(-command.Process.Pid, syscall.SIGINT); err != nil {
		t.Error(err)
	}
	_, _ = io.Copy(io.Discard, out)
	_ = command.Wait() // make ends with the signal
	if printed := problems.String(); !started || printed != "Building the simulator...\n" {
		t.Errorf("the simulator started: %t. After Ctrl-C, make has printed\n%s", started, printed)
	}
	if _, err := os.Stat(config); err == nil {
		t.Error("the simulator did not stop in an orderly way")
	}
}
