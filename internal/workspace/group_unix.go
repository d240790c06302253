//go:build unix

package workspace

import (
	"os/exec"
	"syscall"
)

// setProcessGroup makes a command run in a process group of its own. A terminal interrupts only its foreground group.
func setProcessGroup(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
