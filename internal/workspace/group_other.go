//go:build !unix

package workspace

import "os/exec"

// setProcessGroup has no effect: a process can be interrupted only through its console, which interrupts all of them.
func setProcessGroup(*exec.Cmd) {}
