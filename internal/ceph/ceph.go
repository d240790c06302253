// Package ceph starts a throwaway Ceph Object Gateway on loopback: one monitor, one OSD that keeps the objects in memory, and radosgw.
// It needs no root and no configuration. The tests and `make sim-ceph` use it to run S3 clients against a real server.
package ceph

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Packages are the Debian packages that contain the programs of a gateway.
const Packages = "ceph-mon ceph-osd radosgw ceph-common"

// programs are the programs that Start runs.
var programs = []string{"ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph"}

// Gateway is a running gateway.
type Gateway struct {
	URL         string // http://127.0.0.1:PORT
	TLSURL      string // https://127.0.0.1:PORT
	Certificate string // file with the certificate of TLSURL, in PEM
	Version     string // of Ceph, such as "16.2.15"

	// AccessKeyID and SecretAccessKey are the keys of a user that can use the admin API.
	AccessKeyID, SecretAccessKey string

	dir     string
	group   *group
	daemons []*daemon
}

// Check returns an error that names the packages to install if a program is missing.
func Check() error {
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("a Ceph gateway requires the program %s. On Debian and Ubuntu: apt-get install %s", program, Packages)
		}
	}
	return checkSystem()
}

// startLimit ends a start that hangs. A start takes seconds.
const startLimit = 5 * time.Minute

// Start starts a gateway, which serves until Stop. If the process ends without Stop, even if it is killed, the gateway stops and its files
// are deleted.
func Start(ctx context.Context) (*Gateway, error) {
	if err := Check(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	dir, err := os.MkdirTemp("", "ceph-")
	if err != nil {
		return nil, err
	}
	g := &Gateway{dir: dir, AccessKeyID: "admin-key", SecretAccessKey: "admin-secret", Certificate: filepath.Join(dir, "certificate.pem")}
	if g.group, err = startGroup(dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := g.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("starting a Ceph gateway: %w", err), g.Stop())
	}
	return g, nil
}

// Stop stops the gateway and deletes its files, with all objects. Further calls do nothing.
func (g *Gateway) Stop() error {
	g.group.kill()
	for _, d := range g.daemons {
		<-d.ended
	}
	return os.RemoveAll(g.dir)
}

// start starts the three servers in their order. radosgw hangs if it starts before the OSD is up.
func (g *Gateway) start(ctx context.Context) error {
	ports, err := freePorts(ctx, 3)
	if err != nil {
		return err
	}
	if err := g.writeFiles(ports[0]); err != nil {
		return err
	}
	printed, err := g.run(ctx, "ceph", "--version")
	if err != nil {
		return err
	}
	if words := strings.Fields(printed); len(words) > 2 {
		g.Version = words[2]
	}

	monMap := filepath.Join(g.dir, "monmap")
	if _, err := g.run(ctx, "monmaptool", "--create", "--clobber", "--fsid", fsid, "--addv", "a", monAddress(ports[0]), monMap); err != nil {
		return err
	}
	if _, err := g.run(ctx, "ceph-mon", "--mkfs", "-i", "a", "--monmap", monMap); err != nil {
		return err
	}
	mon, err := g.serve(ctx, "ceph-mon", "-f", "-i", "a")
	if err != nil {
		return err
	}
	// A command fails until there is a quorum. It can also fail with EPERM ("wrong fsid") if it is sent before the monitor map arrives.
	// The OSD would send such a command and end, so its place in the CRUSH map is set here.
	succeeds := func(args ...string) func() bool {
		return func() bool {
			_, err := g.run(ctx, "ceph", append([]string{"--connect-timeout=5"}, args...)...)
			return err == nil
		}
	}
	if err := g.until(ctx, mon, succeeds("osd", "new", osdID, "0")); err != nil {
		return err
	}
	if err := g.until(ctx, mon, succeeds("osd", "crush", "add", "osd.0", "1", "root=default")); err != nil {
		return err
	}
	if _, err := g.run(ctx, "ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osdID); err != nil {
		return err
	}
	osd, err := g.serve(ctx, "ceph-osd", "-f", "-i", "0")
	if err != nil {
		return err
	}
	isUp := func() bool {
		printed, err := g.run(ctx, "ceph", "--connect-timeout=5", "osd", "stat")
		return err == nil && strings.Contains(printed, "1 up")
	}
	if err := g.until(ctx, osd, isUp); err != nil {
		return err
	}
	if _, err := g.run(ctx, "radosgw-admin", "--no-mon-config", "user", "create", "--uid=admin", "--display-name=admin",
		"--access-key="+g.AccessKeyID, "--secret="+g.SecretAccessKey, "--caps=users=*;buckets=*"); err != nil {
		return err
	}
	return g.startGateway(ctx, ports[1], ports[2])
}

func (g *Gateway) startGateway(ctx context.Context, port, tlsPort int) error {
	g.URL, g.TLSURL = fmt.Sprintf("http://127.0.0.1:%d", port), fmt.Sprintf("https://127.0.0.1:%d", tlsPort)
	gateway, err := g.serve(ctx, "radosgw", "-f", "--no-mon-config", "-n", "client.gateway", fmt.Sprintf(
		"--rgw-frontends=beast endpoint=127.0.0.1:%d ssl_endpoint=127.0.0.1:%d ssl_certificate=%s", port, tlsPort, g.path("key.pem"),
	))
	if err != nil {
		return err
	}
	return g.until(ctx, gateway, func() bool { return accepts(ctx, port) && accepts(ctx, tlsPort) })
}

// run runs a program to its end and returns its standard output.
func (g *Gateway) run(ctx context.Context, program string, args ...string) (string, error) {
	command := g.command(ctx, program, args...)
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", program, strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	return stdout.String(), nil
}

func (g *Gateway) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, program, append([]string{"--conf=" + g.path("ceph.conf")}, args...)...) //nolint:gosec // Ceph's programs
	command.Dir = g.dir
	command.Env = append(os.Environ(), "CEPH_CONF=", "CEPH_ARGS=")
	g.group.join(command)
	return command
}

// daemon is a server that runs until the gateway stops.
type daemon struct {
	log   string        // file
	ended chan struct{} // closed when it has ended
	err   error         // why it has ended
}

// serve starts a server in the background.
func (g *Gateway) serve(ctx context.Context, program string, args ...string) (*daemon, error) {
	d := &daemon{log: g.path(program + ".log"), ended: make(chan struct{})}
	log, err := os.Create(d.log)
	if err != nil {
		return nil, err
	}
	command := g.command(context.WithoutCancel(ctx), program, args...) // it outlives the start
	command.Stdout, command.Stderr = log, log
	if err := errors.Join(command.Start(), log.Close()); err != nil {
		return nil, err
	}
	g.daemons = append(g.daemons, d)
	go func() { d.err = command.Wait(); close(d.ended) }()
	return d, nil
}

// until waits until a server is ready. It returns an error with the server's log if the server ends.
func (g *Gateway) until(ctx context.Context, d *daemon, isReady func() bool) error {
	for !isReady() {
		var err error
		select {
		case <-d.ended:
			err = fmt.Errorf("it has ended: %w", d.err)
		case <-ctx.Done():
			err = ctx.Err()
		case <-time.After(100 * time.Millisecond):
			continue
		}
		log, _ := os.ReadFile(d.log)
		return fmt.Errorf("%s is not ready: %w\n%s", filepath.Base(d.log), err, log[max(0, len(log)-4000):])
	}
	return nil
}

func (g *Gateway) path(name string) string { return filepath.Join(g.dir, name) }
