// Command demo shows the provider at work: it builds the provider, lets Terraform plan, apply, plan again and destroy an example
// with it, and checks the results. It needs no Civo account, because it starts a simulator of the Civo API. `make demo` runs it.
//
// With DEMO_LIVE=1, CIVO_TOKEN and CIVO_REGION in the environment, it uses a real account instead.
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

// The simulator takes this long until an object is ready, so that the wait is visible.
const readyAfter = 2 * time.Second

// run runs every step, and removes everything that it created, however it ends.
func run(ctx context.Context, out io.Writer, getenv func(string) string, example string) (err error) {
	settings, name, stopSimulator, err := target(getenv) //nolint:contextcheck // the simulator serves until it is stopped
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopSimulator()) }()
	client, err := civo.NewClient(civo.Config{Token: settings.Token, Endpoint: settings.Endpoint, Region: settings.Region, UserAgent: "terraform-provider-civo demo"})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "terraform-provider-civo-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	tf := newTerraform(dir, out, settings, name)
	defer func() { err = errors.Join(err, tf.cleanUp(ctx)) }()

	steps := []struct {
		shows string
		run   func(context.Context) error
	}{
		{"Build the provider from this checkout.", tf.build},
		{"terraform init installs it, as it would from the registry.", func(ctx context.Context) error { return tf.init(ctx, example) }},
		{"terraform plan: a credential and an object store. The secret access key is sensitive.", func(ctx context.Context) error { return tf.show(ctx, "plan", "-out=plan") }},
		{"terraform apply creates both, waits until they are ready, and reads them with data sources.", func(ctx context.Context) error { return tf.show(ctx, "apply", "plan") }},
		{"The state contains the secret access key, but nothing above shows it.", tf.checkSecret},
		{"terraform plan again: no changes.", func(ctx context.Context) error { return tf.show(ctx, "plan", "-detailed-exitcode") }},
		{"terraform destroy deletes the object store, then the credential that owns it.", func(ctx context.Context) error { return tf.show(ctx, "destroy", "-auto-approve") }},
		{"The API no longer contains them.", func(ctx context.Context) error { return checkDeleted(ctx, out, client, settings.Region, name) }},
	}
	for i, step := range steps {
		if _, err := fmt.Fprintf(out, "\n[%d/%d] %s\n", i+1, len(steps), step.shows); err != nil {
			return err
		}
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("step %d: %w", i+1, errors.Join(context.Cause(ctx), err))
		}
	}
	return nil
}

// target returns the API that the demo uses, the name of its credential and object store, and a function that stops the simulator.
func target(getenv func(string) string) (settings civo.Settings, name string, stop func() error, err error) {
	none := func() error { return nil }
	if getenv("DEMO_LIVE") != "1" {
		simulator, err := civosim.Start(civosim.Options{ReadyAfter: readyAfter, StoreReadyAfter: readyAfter})
		if err != nil {
			return civo.Settings{}, "", none, err
		}
		return civo.Settings{Token: civo.NewSecret(simulator.Token()), Region: "LON1", Endpoint: simulator.URL()}, "terraform-demo", simulator.Close, nil
	}
	if getenv(civo.EnvToken) == "" || getenv(civo.EnvRegion) == "" {
		return civo.Settings{}, "", none, fmt.Errorf("DEMO_LIVE=1 uses a real account: set %s and %s", civo.EnvToken, civo.EnvRegion)
	}
	settings, err = civo.Resolve(civo.Arguments{}, civo.Environment{Getenv: getenv})
	return settings, "terraform-demo-" + strings.ToLower(rand.Text()), none, err
}

func checkDeleted(ctx context.Context, out io.Writer, client *civo.Client, region, name string) error {
	for page, err := range client.CredentialPages(ctx, region) {
		if err != nil {
			return err
		}
		for _, credential := range page {
			if credential.Name == name {
				return fmt.Errorf("the credential %s (%s) still exists in %s", name, credential.ID, region)
			}
		}
	}
	stores, err := client.ObjectStores(ctx, region)
	if err != nil {
		return err
	}
	for _, store := range stores {
		if store.Name == name {
			return fmt.Errorf("the object store %s (%s) still exists in %s", name, store.ID, region)
		}
	}
	_, err = fmt.Fprintf(out, "No credential and no object store named %s in %s.\n", name, region)
	return err
}
