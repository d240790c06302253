//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// After Ctrl-C, a terminal interrupts the demo and the programs that it runs. Terraform must receive only the interrupt from the demo,
// because a second interrupt ends Terraform immediately. While the demo is suspended, Terraform must therefore create the object store.
func TestMain_CtrlCInTerminal(t *testing.T) {
	t.Parallel()
	acctest.SkipIfShort(t)
	a := liveAccount(t)
	command := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this program, as the demo
	command.Dir = filepath.Join("..", "..")
	command.Env = append(os.Environ(), envDemo+"=yes")
	for name, value := range a.env {
		command.Env = append(command.Env, name+"="+value)
	}
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a shell does
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	demo := command.Process.Pid
	waitFor := func(kind string) {
		for deadline := time.Now().Add(5 * time.Minute); a.Count(kind) == 0 && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
		}
	}
	waitFor(civosim.KindCreateCredential)
	interrupted := errors.Join(syscall.Kill(demo, syscall.SIGSTOP), syscall.Kill(-demo, syscall.SIGINT))
	waitFor(civosim.KindCreateStore)
	interrupted = errors.Join(interrupted, syscall.Kill(demo, syscall.SIGCONT))
	err := command.Wait()
	// After the interrupt, Terraform waits for the provider.
	if err == nil || interrupted != nil || !strings.Contains(out.String(), "civo_objectstore.demo: Creation complete") ||
		!strings.Contains(out.String(), "\ndemo: step 2: ") {
		t.Errorf("got errors %v and %v and output\n%s", interrupted, err, &out)
	}
}
