//go:build unix

package main

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// A terminal sends Ctrl-C to the demo and to the programs that it runs. Terraform must receive only one interrupt, because it stops
// immediately at the second.
func TestMain_CtrlCInTerminal(t *testing.T) {
	t.Parallel()
	creating := make(chan struct{}, 10)
	account, getenv := liveAccount(t, civosim.Options{ReadyAfter: time.Second, OnRequest: func(r civosim.Request) {
		if r.Method == http.MethodPost {
			creating <- struct{}{}
		}
	}})
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program) //nolint:gosec // the test's own binary
	command.Dir = filepath.Join("..", "..")
	command.Env = append(os.Environ(), "DEMO_TEST_RUNS_MAIN=1")
	for _, name := range []string{"DEMO_LIVE", "CIVO_TOKEN", "CIVO_API_URL", "CIVO_REGION", "CIVO_OBJECTSTORE_ENDPOINT"} {
		command.Env = append(command.Env, name+"="+getenv(name))
	}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a shell does
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}

	<-creating
	if err := syscall.Kill(-command.Process.Pid, syscall.SIGINT); err != nil {
		t.Error(err)
	}
	err = command.Wait()

	// After the first interrupt, Terraform waits for the provider.
	if err == nil || !strings.Contains(out.String(), "civo_objectstore_credential.demo: Creation complete") ||
		!strings.Contains(out.String(), "\ndemo: step 3: ") {
		t.Errorf("got error %v and output\n%s", err, out.String())
	}
	wantNothingLeft(t, account)
}
