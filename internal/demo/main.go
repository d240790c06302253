// Command demo demonstrates the provider. It builds the provider, creates a credential and an object store with Terraform, uses them
// with an S3 client, rotates the secret and destroys everything. It does not require a Civo account, because it starts a simulator of
// the Civo API. `make demo` runs it.
//
// If DEMO_LIVE=1, CIVO_TOKEN and CIVO_REGION are set in the environment, it uses a real account instead.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	err := run(ctx, os.Stdout, os.Getenv, filepath.Join("examples", "demo"))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		os.Exit(1)
	}
}

// readyAfter is the time until an object of the simulator is ready, so that the wait is visible.
const readyAfter = 2 * time.Second

// run runs every step. It always deletes everything that it created, even if a step fails.
func run(ctx context.Context, out io.Writer, getenv func(string) string, example string) (err error) {
	settings, name, stopSimulator, err := target(getenv) //nolint:contextcheck // the simulator serves until it is stopped
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopSimulator()) }()
	account, err := civo.NewClient(civo.Config{Token: settings.Token, Endpoint: settings.Endpoint, Region: settings.Region, UserAgent: "terraform-provider-civo demo"})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "terraform-provider-civo-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d := newDemo(out, account, settings, name, dir)
	defer func() { err = errors.Join(err, d.cleanUp(ctx)) }()
	api := "a local simulator of the Civo API"
	if getenv("DEMO_LIVE") == "1" {
		api = "the Civo API"
	}
	if err := d.print("This demo uses %s at %s.\n", api, settings.Endpoint); err != nil {
		return err
	}
	return d.runSteps(ctx, example)
}

// target returns the API that the demo uses, the name of its credential and object store, and a function that stops the simulator.
func target(getenv func(string) string) (settings civo.Settings, name string, stop func() error, err error) {
	none := func() error { return nil }
	if getenv("DEMO_LIVE") != "1" {
		simulator, err := civosim.Start(civosim.Options{ReadyAfter: readyAfter, StoreReadyAfter: readyAfter})
		if err != nil {
			return civo.Settings{}, "", none, err
		}
		return civo.Settings{
			Token: civo.NewSecret(simulator.Token()), Region: "LON1", Endpoint: simulator.URL(), ObjectStoreEndpoint: simulator.S3URL(),
		}, "terraform-demo", simulator.Close, nil
	}
	if getenv(civo.EnvToken) == "" || getenv(civo.EnvRegion) == "" {
		return civo.Settings{}, "", none, fmt.Errorf("DEMO_LIVE=1 requires a real account: set %s and %s", civo.EnvToken, civo.EnvRegion)
	}
	settings, err = civo.Resolve(civo.Arguments{}, civo.Environment{Getenv: getenv})
	return settings, "terraform-demo-" + strings.ToLower(rand.Text()), none, err
}
