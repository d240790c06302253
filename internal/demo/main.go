// Demo shows the provider at work: it builds it, lets a real Terraform plan, apply, plan again and destroy an example
// with it, and checks that what it says is so. It needs no Civo account, as it brings a Civo API of its own.
//
// With DEMO_LIVE=1, CIVO_TOKEN and CIVO_REGION in the environment it works on a real account instead.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the program at once.
	context.AfterFunc(ctx, stop)
	// Whoever stops reading does not stop the cleaning up: a write to a closed pipe is an error like any other.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	err := run(ctx, options{out: os.Stdout, getenv: os.Getenv, environ: os.Environ()})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		os.Exit(1)
	}
}

// options are what the demo takes from the process that it is.
type options struct {
	out     io.Writer
	getenv  func(string) string
	environ []string // what Terraform's environment is made of
	temp    string   // where the demo makes its directory; empty: where the system wants such directories
	example string   // the configuration that is applied; empty: the example made for this
}

// run shows everything and leaves nothing behind, however it ends.
func run(ctx context.Context, opts options) (err error) {
	said := &transcript{out: opts.out}
	stage, err := newStage(opts.getenv) //nolint:contextcheck // the simulator serves until it is closed, so that it is there for the cleaning up after a Ctrl-C
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.close()) }()

	room, err := newWorkspace(ctx, opts.temp)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, room.remove()) }()

	tour := &tour{stage: stage, room: room, said: said, opts: opts}
	defer func() { err = errors.Join(err, tour.cleanUp(ctx)) }()

	said.printf("%s\n", stage.introduction())
	if err := walk(ctx, said, tour.steps()); err != nil {
		return err
	}
	said.printf("\nAll of this was so, and nothing is left of it.\n")
	return said.err
}
