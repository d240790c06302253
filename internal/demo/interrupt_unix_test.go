//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// A terminal sends Ctrl-C to the demo and to the programs that it runs. Terraform must receive only one interrupt, because it stops
// immediately at the second.
func TestMain_CtrlCInTerminal(t *testing.T) {
	t.Parallel()
	created := make(chan struct{}, 10)
	_, env := liveAccount(t, civosim.Options{ReadyAfter: readyAfter, OnRequest: func(r civosim.Request) {
		if r.Kind == civosim.KindCreateCredential {
			created <- struct{}{}
		}
	}})
	command := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // the test's own binary
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	command.Dir = filepath.Join("..", "..")
	command.Env = append(os.Environ(), "DEMO_TEST_RUNS_MAIN=1")
	for name, value := range env {
		command.Env = append(command.Env, name+"="+value)
	}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a shell does
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	<-created
	if err := syscall.Kill(-command.Process.Pid, syscall.SIGINT); err != nil {
		t.Error(err)
	}
	err := command.Wait()
	// After the first interrupt, Terraform waits for the provider.
	if err == nil || !strings.Contains(out.String(), "civo_objectstore_credential.demo: Creation complete") ||
		!strings.Contains(out.String(), "\ndemo: step 3: ") {
		t.Errorf("got error %v and output\n%s", err, out.String())
	}
}
