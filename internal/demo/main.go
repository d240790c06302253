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

// run runs the demo with a real account or with a simulator.
func run(ctx context.Context, out io.Writer, getenv func(string) string, example string) (err error) {
	if getenv("DEMO_LIVE") == "1" {
		if getenv(civo.EnvToken) == "" || getenv(civo.EnvRegion) == "" {
			return fmt.Errorf("DEMO_LIVE=1 requires a real account: set %s and %s", civo.EnvToken, civo.EnvRegion)
		}
		settings, _, err := civo.Resolve(civo.Arguments{}, civo.Environment{Getenv: getenv})
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "This demo uses the Civo API at %s.\n", settings.Endpoint)
		return demonstrate(ctx, out, settings, "terraform-demo-"+strings.ToLower(rand.Text()), example)
	}
	options := civosim.Options{ReadyAfter: readyAfter, StoreReadyAfter: readyAfter}
	simulator, err := civosim.Start(options) //nolint:contextcheck // it serves until it is closed
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, simulator.Close()) }()
	_, _ = fmt.Fprintf(out, "This demo uses a local simulator of the Civo API at %s.\n", simulator.URL())
	return demonstrate(ctx, out, civo.Config{
		Token: civo.NewSecret(simulator.Token()), Region: "LON1", Endpoint: simulator.URL(), ObjectStoreEndpoint: simulator.S3URL(),
	}, "terraform-demo", example)
}
