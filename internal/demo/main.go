// Command demo demonstrates the provider. It builds the provider, creates a credential and an object store with Terraform, uses them
// with an S3 client, rotates the secret and destroys everything. It does not require a Civo account, because it starts a simulator of
// the Civo API. `make demo` runs it.
//
// If the environment contains DEMO_LIVE=1, it uses a real account instead. CIVO_TOKEN and CIVO_REGION must then be set.
package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	if err := run(ctx, os.Stdout, os.Getenv, filepath.Join("examples", "demo")); err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		os.Exit(1)
	}
}

// readyAfter is the time until an object of the simulator is ready, so that the wait is visible.
const readyAfter = 2 * time.Second

// run runs the demo with a simulator or a real account. Even if a step fails, it deletes everything that it created.
func run(ctx context.Context, out io.Writer, getenv func(string) string, example string) (err error) {
	name, api := "terraform-demo", "a local simulator of the Civo API"
	var arguments civo.Arguments // without arguments, the environment determines the account
	if getenv("DEMO_LIVE") == "1" {
		if getenv(civo.EnvToken) == "" || getenv(civo.EnvRegion) == "" {
			return fmt.Errorf("DEMO_LIVE=1 requires a real account: set %s and %s", civo.EnvToken, civo.EnvRegion)
		}
		name, api = name+"-"+strings.ToLower(rand.Text()), "the Civo API"
	} else {
		options := civosim.Options{ReadyAfter: readyAfter, StoreReadyAfter: readyAfter}
		simulator, startErr := civosim.Start(options) //nolint:contextcheck // it serves until it is closed
		if startErr != nil {
			return startErr
		}
		defer func() { err = errors.Join(err, simulator.Close()) }()
		arguments = civo.Arguments{
			Token: civo.NewSecret(simulator.Token()), Region: "LON1", Endpoint: simulator.URL(), ObjectStoreEndpoint: simulator.S3URL(),
		}
	}
	settings, _, problems := civo.Resolve(arguments, civo.Environment{Getenv: getenv})
	if len(problems) > 0 {
		return problems[0]
	}
	account, err := civo.NewClient(civo.Config{Token: settings.Token, Endpoint: settings.Endpoint, UserAgent: "terraform-provider-civo demo"})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "terraform-provider-civo-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var printed bytes.Buffer
	d := &demo{account: account, region: settings.Region, name: name, example: example, out: io.MultiWriter(out, &printed)}
	d.Workspace = workspace.New(dir, "terraform", "TF_VAR_name="+name, civo.EnvToken+"="+settings.Token.Reveal(),
		civo.EnvRegion+"="+settings.Region, civo.EnvEndpoint+"="+settings.Endpoint, civo.EnvObjectStoreEndpoint+"="+settings.ObjectStoreEndpoint)
	d.OwnProcessGroup = true
	d.print("This demo uses %s at %s.\n", api, settings.Endpoint)
	if err := errors.Join(d.runSteps(ctx), d.cleanUp(ctx)); err != nil {
		return err
	}
	for _, secret := range []string{settings.Token.Reveal(), d.outputs[0].secret(), d.outputs[1].secret()} {
		if strings.Contains(printed.String(), secret) {
			return errors.New("the token or a secret access key is empty, or the output contains it")
		}
	}
	d.print("%s", ending)
	return nil
}

const ending = `
What you have seen:

  - Terraform creates a credential and an object store that the credential owns, and outputs what an S3 client needs.
  - A change to rotate_when_changed regenerates the secret in place. The old secret stops working immediately.
  - A destroy fails while the object store contains objects.
  - The plans and the outputs hide the secret.

Where to go next:

  - Read the configuration of this demo: examples/demo/main.tf
  - Use the provider in your own configuration: make install, then "Use the provider" in README.md
  - Try your own configuration without an account: make sim
`

// demo is a run of the demo.
type demo struct {
	*workspace.Workspace

	account *civo.Client
	region  string
	name    string // of the credential and of the object store
	example string // directory of the configuration
	out     io.Writer
	outputs []outputs // before and after the rotation
}

// outputs are the outputs of the configuration, as `terraform output -json` prints them.
type outputs map[string]struct {
	Value string `json:"value"`
}

func (o outputs) secret() string { return o["secret_access_key"].Value }

// action is a part of a step.
type action func(context.Context) error

// runSteps runs the steps in order and stops at the first action that fails.
func (d *demo) runSteps(ctx context.Context) error {
	const content = "Hello from Terraform"
	steps := []struct {
		title   string
		actions []action
	}{
		{"Build and install the provider.", []action{d.install, d.terraform(io.Discard, "init")}},
		{"Create a credential and an object store.", []action{d.terraform(d.out, "apply", "-auto-approve"), d.readOutputs}},
		{"Use the object store with the keys from the outputs.", []action{
			d.object("Upload hello.txt", "PUT", content, 0, "200 OK"), d.object("Download hello.txt", "GET", "", 0, "200 OK: "+content),
		}},
		{"Rotate the secret in place.", []action{d.setGeneration, d.terraform(d.out, "apply", "-auto-approve"), d.readOutputs}},
		{"Use the new secret and the old one.", []action{
			d.object("Download hello.txt with the new secret", "GET", "", 1, "200 OK: "+content),
			d.object("Download hello.txt with the old secret, which fails", "GET", "", 0, "403 Forbidden"),
		}},
		{"Try to destroy the object store, which fails because it contains an object.", []action{d.usage("1 object(s)"), d.tryDestroy}},
		{"Delete the object.", []action{d.object("Delete hello.txt", "DELETE", "", 1, "204 No Content"), d.usage("0 object(s)")}},
		{"Destroy the object store and the credential.", []action{d.terraform(&planSummary{out: d.out}, "destroy", "-auto-approve")}},
	}
	for i, step := range steps {
		d.print("\n[%d/%d] %s\n", i+1, len(steps), step.title)
		for _, run := range step.actions {
			if err := run(ctx); err != nil {
				return fmt.Errorf("step %d: %w", i+1, cmp.Or(context.Cause(ctx), err)) // an interruption makes the action fail
			}
		}
	}
	return nil
}

func (d *demo) print(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format, args...) }

// install downloads Terraform unless it is on the PATH, builds the provider into a filesystem mirror and copies the example.
func (d *demo) install(ctx context.Context) error {
	if _, err := exec.LookPath(d.Terraform); err != nil {
		d.print("Downloading Terraform, because it is not on the PATH...\n")
		d.Terraform, err = (&releases.LatestVersion{Product: product.Terraform, InstallDir: d.Dir}).Install(ctx)
		if err != nil {
			return fmt.Errorf("terraform is not on the PATH and could not be downloaded (https://developer.hashicorp.com/terraform/install): %w", err)
		}
	}
	d.print("Building the provider. The first build takes a few minutes...\n")
	mirror := filepath.Join(d.Dir, "mirror")
	err := errors.Join(d.Mirror(mirror), os.CopyFS(d.Dir, os.DirFS(d.example)))
	return errors.Join(err, workspace.BuildMirror(ctx, mirror, provider.Address, "0.1.0"))
}

// terraform returns an action that prints a Terraform command, runs it and writes its output to out.
func (d *demo) terraform(out io.Writer, arguments ...string) action {
	return func(ctx context.Context) error {
		d.print("$ terraform %s\n", strings.Join(arguments, " "))
		return d.Run(ctx, out, arguments...)
	}
}

// setGeneration changes a value of the configuration in a file that stays, so that later commands do not rotate the secret again.
func (d *demo) setGeneration(context.Context) error {
	const file, line = "rotation.auto.tfvars", "generation = 2"
	d.print("$ echo '%s' > %s\n", line, file)
	return d.WriteFile(file, line+"\n")
}

// tryDestroy tries to destroy an object store that contains an object, and prints the error.
func (d *demo) tryDestroy(ctx context.Context) error {
	const want = "Error: Object store contains objects"
	err := d.terraform(io.Discard, "destroy", "-auto-approve")(ctx)
	if err == nil || !strings.Contains(err.Error(), want) {
		return errors.Join(errors.New("terraform destroy did not fail with "+want), err)
	}
	_, reason, _ := strings.Cut(err.Error(), "\n") // after the exit code
	d.print("%s", strings.TrimLeft(reason, "\n"))
	return nil
}

func (d *demo) readOutputs(ctx context.Context) error {
	var printed bytes.Buffer
	if err := d.Run(ctx, &printed, "output", "-json"); err != nil {
		return err
	}
	var read outputs
	err := json.Unmarshal(printed.Bytes(), &read)
	d.outputs = append(d.outputs, read)
	return err
}

// object returns an action that sends an S3 request until the response begins with want: the status and, for a download, the content. The
// request uses the keys from before the rotation (0) or after it (1).
func (d *demo) object(meaning, method, upload string, rotations int, want string) action {
	return func(ctx context.Context) error {
		url := d.outputs[rotations]["bucket_url"].Value + "/hello.txt"
		return d.waitFor(ctx, time.Minute, meaning, want, func() (string, error) {
			return send(ctx, method, url, upload, d.outputs[rotations])
		})
	}
}

// planSummary writes what Terraform prints from the summary of the plan on, without the list of all attributes before it.
type planSummary struct {
	out    io.Writer
	before []byte // what was written before the summary
	began  bool
}

func (p *planSummary) Write(text []byte) (int, error) {
	if p.began {
		return p.out.Write(text)
	}
	p.before = append(p.before, text...)
	at := bytes.Index(p.before, []byte("\nPlan: "))
	if at < 0 {
		return len(text), nil
	}
	p.began = true
	_, err := p.out.Write(p.before[at+1:])
	return len(text), err
}

// send sends a signed S3 request. It returns the status and the body of the response.
func send(ctx context.Context, method, url, upload string, keys outputs) (string, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(upload))
	if err != nil {
		return "", err
	}
	const payload = "UNSIGNED-PAYLOAD"
	request.Header.Set("X-Amz-Content-Sha256", payload)
	pair := aws.Credentials{AccessKeyID: keys["access_key_id"].Value, SecretAccessKey: keys.secret()}
	if err := signer.NewSigner().SignHTTP(ctx, pair, request, payload, "s3", keys["region"].Value, time.Now()); err != nil {
		return "", err
	}
	response, err := (&http.Client{Timeout: 30 * time.Second}).Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return response.Status + ": " + string(body), err
}

// usage returns an action that waits until Civo reports the wanted number of objects in the store. The reported usage can be out of date.
func (d *demo) usage(want string) action {
	return func(ctx context.Context) error {
		store, err := d.account.ObjectStores(d.region).Find(ctx, civo.By(d.name, civo.FieldName))
		if err != nil {
			return err
		}
		return d.waitFor(ctx, 10*time.Minute, "Usage report", want, func() (string, error) {
			usage, err := d.account.ObjectStoreUsage(ctx, store.Region, store.ID)
			return fmt.Sprintf("%d object(s)", usage.Objects), err
		})
	}
}

// waitFor calls get until the result begins with want. It fails after the limit. Civo may need time to apply a change.
func (d *demo) waitFor(ctx context.Context, limit time.Duration, what, want string, get func() (string, error)) error {
	timeout := time.After(limit)
	for waiting := false; ; waiting = true {
		got, err := get()
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(got, want):
			d.print("%s: %s\n", what, want)
			return nil
		case !waiting:
			d.print("Waiting for %s: %s...\n", what, want)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timeout:
			return fmt.Errorf("timed out after %s waiting for %s: %s; got %s", limit, what, want, got)
		case <-time.After(time.Second):
		}
	}
}

// cleanUp deletes the object store with its objects, and the credential, if they still exist.
func (d *demo) cleanUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
	defer cancel()
	store, storeErr := d.account.ObjectStores(d.region).Find(ctx, civo.By(d.name, civo.FieldName))
	if storeErr == nil {
		d.print("\nDeleting the object store of this demo...\n")
		storeErr = d.account.DeleteObjectStore(ctx, store)
	}
	credential, err := d.account.Credentials(d.region).Find(ctx, civo.By(d.name, civo.FieldName))
	if err == nil {
		d.print("\nDeleting the credential of this demo...\n")
		err = d.account.DeleteCredential(ctx, credential)
	}
	failed := slices.DeleteFunc([]error{storeErr, err}, func(err error) bool { return err == nil || civo.Is(err, civo.KindNotFound) })
	if len(failed) > 0 {
		return fmt.Errorf("could not delete the object store or the credential %s in %s. If either still exists, delete it manually: %w",
			d.name, d.region, errors.Join(failed...))
	}
	return nil
}
