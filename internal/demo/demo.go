// The steps of the demo.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/hashicorp/go-version"
	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/fs"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

// content is the content of the object that the demo stores.
const content = "Hello from Terraform"

// demo is a run of the demo.
type demo struct {
	*workspace.Workspace

	account      *civo.Client
	region, name string // of the credential and of the object store
	out          io.Writer
	outputs      []map[string]output // of the configuration: before and after the rotation
	applied      bool                // a credential or an object store may exist
}

// output is an output of the configuration, as `terraform output -json` prints it.
type output struct {
	Value string `json:"value"`
}

// action is a part of a step.
type action func(context.Context) error

// demonstrate runs every step. It always deletes everything that it created, even if a step fails.
func demonstrate(ctx context.Context, out io.Writer, settings civo.Config, name, example string) (err error) {
	account, err := civo.NewClient(settings)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "terraform-provider-civo-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var printed bytes.Buffer
	d := &demo{account: account, region: settings.Region, name: name, out: io.MultiWriter(out, &printed)}
	d.Workspace = workspace.New(dir, "terraform", "TF_VAR_name="+name, civo.EnvToken+"="+settings.Token.Reveal(),
		civo.EnvRegion+"="+settings.Region, civo.EnvEndpoint+"="+settings.Endpoint, civo.EnvObjectStoreEndpoint+"="+settings.ObjectStoreEndpoint)
	d.OwnProcessGroup = true
	err = d.runSteps(ctx, example)
	found, cleanUpErr := d.cleanUp(ctx)
	switch {
	case err != nil || cleanUpErr != nil:
		return errors.Join(err, cleanUpErr)
	case found > 0:
		return fmt.Errorf("%d resources named %s still existed after the last step", found, name)
	}
	for _, secret := range []string{settings.Token.Reveal(), d.secret(0), d.secret(1)} {
		if secret == "" || strings.Contains(printed.String(), secret) {
			return errors.New("the token or a secret access key is empty, or the output contains it")
		}
	}
	d.print("\nDemo complete. Everything that it created is deleted, and the output contains no secret.\n")
	return nil
}

// runSteps runs the steps in order and stops at the first action that fails.
func (d *demo) runSteps(ctx context.Context, example string) error {
	steps := []struct {
		title   string
		actions []action
	}{
		{"Build and install the provider.", []action{d.build(example), d.findTerraform, d.terraform(io.Discard, "init")}},
		{"Plan a credential and an object store.", []action{d.terraform(d.out, "plan", "-out=plan")}},
		{"Create the credential and the object store.", []action{d.terraform(d.out, "apply", "plan"), d.readOutputs}},
		{"Upload and download an object with the keys from the outputs.", []action{
			d.object("", http.MethodPut, 0, "200 OK"), d.object("", http.MethodGet, 0, "200 OK"),
		}},
		{"Rotate the secret access key in place.", []action{
			d.terraform(d.out, "apply", "-auto-approve", "-var=generation=2"), d.readOutputs,
		}},
		{"Download the object with the new secret, which works, and with the old secret, which fails.", []action{
			d.object("With the new secret: ", http.MethodGet, 1, "200 OK"),
			d.object("With the old secret: ", http.MethodGet, 0, "403 Forbidden"),
		}},
		{"Try to destroy the object store, which fails because it contains an object.", []action{
			d.usage(1), d.refused("Object store contains objects", "destroy", "-auto-approve"),
		}},
		// Applying a plan shows the progress without the plan.
		{"Delete the object. Then destroy the object store and the credential.", []action{
			d.object("", http.MethodDelete, 1, "204 No Content"), d.usage(0),
			d.terraform(io.Discard, "plan", "-destroy", "-out=plan"), d.terraform(d.out, "apply", "plan"),
		}},
	}
	for i, step := range steps {
		d.print("\n[%d/%d] %s\n", i+1, len(steps), step.title)
		for _, run := range step.actions {
			if err := run(ctx); err != nil {
				if interrupted := context.Cause(ctx); interrupted != nil {
					err = interrupted // the interruption made the action fail
				}
				return fmt.Errorf("step %d: %w", i+1, err)
			}
		}
	}
	return nil
}

func (d *demo) print(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format, args...) }

// build builds the provider into a filesystem mirror and copies the example.
func (d *demo) build(example string) action {
	const built = "0.0.1" // Terraform installs the provider from a path that contains the version
	return func(ctx context.Context) error {
		mirror := filepath.Join(d.Dir, "mirror")
		err := errors.Join(d.Mirror(mirror), os.CopyFS(d.Dir, os.DirFS(example)))
		return errors.Join(err, workspace.BuildMirror(ctx, mirror, provider.Address, built))
	}
}

// findTerraform finds Terraform on the PATH. If it is not installed, findTerraform downloads it.
func (d *demo) findTerraform(ctx context.Context) (err error) {
	d.Terraform, err = install.NewInstaller().Ensure(ctx, []src.Source{
		&fs.AnyVersion{Product: &product.Terraform},
		&releases.LatestVersion{
			Product: product.Terraform, InstallDir: d.Dir, Constraints: version.MustConstraints(version.NewConstraint(">= 1.8, < 2.0")),
		},
	})
	if err != nil {
		return fmt.Errorf("terraform is not on the PATH and could not be downloaded (see https://developer.hashicorp.com/terraform/install): %w", err)
	}
	return nil
}

// terraform prints a command, runs it and writes its output to out.
func (d *demo) terraform(out io.Writer, arguments ...string) action {
	return func(ctx context.Context) error {
		d.print("$ terraform %s\n", strings.Join(arguments, " "))
		d.applied = d.applied || arguments[0] == "apply"
		return d.Run(ctx, out, arguments...)
	}
}

// refused runs a command that must fail with the wanted error, and prints the error.
func (d *demo) refused(want string, arguments ...string) action {
	return func(ctx context.Context) error {
		err := d.terraform(io.Discard, arguments...)(ctx)
		if err == nil {
			return fmt.Errorf("terraform %s succeeded, but must fail with the error %q", arguments[0], want)
		}
		_, shown, found := strings.Cut(err.Error(), "Error: "+want)
		if !found {
			return err
		}
		d.print("Error: %s%s\n", want, strings.TrimRight(shown, "\n"))
		return nil
	}
}

func (d *demo) readOutputs(ctx context.Context) error {
	var printed bytes.Buffer
	if err := d.Run(ctx, &printed, "output", "-json"); err != nil {
		return err
	}
	var outputs map[string]output
	err := json.Unmarshal(printed.Bytes(), &outputs)
	d.outputs = append(d.outputs, outputs)
	return err
}

// secret returns the secret access key before the rotation (0) or after it (1).
func (d *demo) secret(rotations int) string { return d.outputs[rotations]["secret_access_key"].Value }

// object sends an S3 request for the object until the response has the expected status. Civo may need time to apply a change to a
// credential or an object store. object uses the secret access key before the rotation (0) or after it (1).
func (d *demo) object(title, method string, rotations int, want string) action {
	return func(ctx context.Context) error {
		url := d.outputs[rotations]["bucket_url"].Value + "/hello.txt"
		var status, body string
		err := d.waitUntil(ctx, time.Minute, "the response is "+want, func() (done bool, err error) {
			status, body, err = d.send(ctx, method, url, d.secret(rotations))
			return status == want, err
		})
		if err != nil {
			return fmt.Errorf("%s %s: %w: %s %s", method, url, err, status, body)
		}
		d.print("%s%s %s: %s\n", title, method, url, status)
		if method == http.MethodGet && status == "200 OK" {
			if body != content {
				return fmt.Errorf("the object contains %q, not %q", body, content)
			}
			d.print("The object contains %q.\n", body)
		}
		return nil
	}
}

// client sends the S3 requests. The timeout applies to each request.
var client = http.Client{Timeout: 30 * time.Second}

// send sends a signed S3 request. It returns the status of the response, such as "200 OK", and its body.
func (d *demo) send(ctx context.Context, method, url, secret string) (status, body string, err error) {
	var upload io.Reader = http.NoBody
	if method == http.MethodPut {
		upload = strings.NewReader(content)
	}
	request, err := http.NewRequestWithContext(ctx, method, url, upload)
	if err != nil {
		return "", "", err
	}
	const payload = "UNSIGNED-PAYLOAD"
	request.Header.Set("X-Amz-Content-Sha256", payload)
	keys := aws.Credentials{AccessKeyID: d.outputs[0]["access_key_id"].Value, SecretAccessKey: secret}
	if err := signer.NewSigner().SignHTTP(ctx, keys, request, payload, "s3", d.outputs[0]["region"].Value, time.Now()); err != nil {
		return "", "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	return response.Status, string(data), err
}

// usage waits until Civo reports the given number of objects in the store, because the reported usage can be out of date.
func (d *demo) usage(objects int64) action {
	return func(ctx context.Context) error {
		store, err := d.account.ObjectStores(d.region).Find(ctx, civo.Lookup{Name: d.name})
		if err != nil {
			return err
		}
		return d.waitUntil(ctx, 10*time.Minute, fmt.Sprintf("the number of objects in the usage report is %d", objects), func() (bool, error) {
			usage, err := d.account.ObjectStoreUsage(ctx, d.region, store.ID)
			return usage.Objects == objects, err
		})
	}
}

// waitUntil waits until a condition is true or its check fails, up to a limit.
func (d *demo) waitUntil(ctx context.Context, limit time.Duration, condition string, check func() (bool, error)) error {
	deadline := time.Now().Add(limit)
	for waiting := false; ; waiting = true {
		if done, err := check(); done || err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("timed out after %s waiting until %s", limit, condition)
		}
		if !waiting {
			d.print("Waiting until %s...\n", condition)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// cleanUp deletes the object store with its objects, and the credential, if they still exist. It returns how many of them it found.
func (d *demo) cleanUp(ctx context.Context) (found int, err error) {
	if !d.applied {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
	defer cancel()
	for page, pageErr := range d.account.ObjectStores(d.region).Pages(ctx) {
		err = errors.Join(err, pageErr)
		for _, store := range page {
			if store.Name == d.name {
				found++
				d.print("\nDeleting the object store of this demo...\n")
				err = errors.Join(err, d.account.DeleteObjectStore(ctx, store))
			}
		}
	}
	for page, pageErr := range d.account.Credentials(d.region).Pages(ctx) {
		err = errors.Join(err, pageErr)
		for _, credential := range page {
			if credential.Name == d.name {
				found++
				d.print("\nDeleting the credential of this demo...\n")
				err = errors.Join(err, d.account.DeleteCredential(ctx, credential))
			}
		}
	}
	if err != nil {
		err = fmt.Errorf("could not delete the object store and the credential %s in %s. If they still exist, delete them manually: %w",
			d.name, d.region, err)
	}
	return found, err
}
