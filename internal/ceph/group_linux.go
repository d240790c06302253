// The process group of a gateway, which does not outlive the process that started it.

package ceph

import (
	"io"
	"os/exec"
	"syscall"
)

// group is a process group. A shell that leads the group reads from a pipe. When the pipe closes, because of kill or because this
// process has ended for whatever reason, the shell kills the group and deletes the directory. setsid takes it out of the group first.
type group struct {
	leader *exec.Cmd
	pipe   io.Closer
}

const leaderScript = `read -r _; exec setsid sh -c 'kill -KILL "-$1"; rm -rf -- "$2"' sh $$ "$1"`

func startGroup(dir string) (*group, error) {
	leader := exec.Command("sh", "-c", leaderScript, "sh", dir) //nolint:gosec,noctx // a constant; it ends with the pipe
	leader.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := leader.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &group{leader, pipe}, leader.Start()
}

// join lets a command start in the group. Ctrl-C in a terminal therefore does not reach it.
func (g *group) join(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: g.leader.Process.Pid}
}

// kill kills all processes of the group.
func (g *group) kill() {
	_ = g.pipe.Close()
	_ = g.leader.Wait() // killed, or ended after it has started the shell that kills
}

func checkSystem() error { return nil }
