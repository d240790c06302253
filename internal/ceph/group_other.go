//go:build !linux

package ceph

import (
	"errors"
	"os/exec"
)

type group struct{}

var errSystem = errors.New("a Ceph gateway requires Linux")

func startGroup(string) (*group, error) { return nil, errSystem }

func (*group) join(*exec.Cmd) {}

func (*group) kill() {}

func checkSystem() error { return errSystem }
