// The steps of the demo.

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// object is the key of the object that the demo stores, and content is its content.
const (
	object  = "hello.txt"
	content = "Hello from Terraform"
)

// demo is a run of the demo.
type demo struct {
	out     io.Writer // also writes to printed
	printed *bytes.Buffer
	account *civo.Client
	token   civo.Secret
	region  string
	name    string // name of the credential and of the object store
	tf      *terraform

	before, now bucket // the bucket with the keys before and after the rotation
}

func newDemo(out io.Writer, account *civo.Client, settings civo.Settings, name, dir string) *demo {
	printed := &bytes.Buffer{}
	out = io.MultiWriter(out, printed)
	return &demo{
		out: out, printed: printed, account: account, token: settings.Token, region: settings.Region, name: name,
		tf: newTerraform(dir, out, settings, name),
	}
}

// runSteps runs the steps in order and stops at the first one that fails.
func (d *demo) runSteps(ctx context.Context, example string) error {
	steps := []struct {
		title string
		run   func(context.Context) error
	}{
		{"Build and install the provider.", func(ctx context.Context) error { return d.tf.install(ctx, example) }},
		{"Plan a credential and an object store.", func(ctx context.Context) error { return d.tf.show(ctx, "plan", "-out=plan") }},
		{"Create the credential and the object store.", func(ctx context.Context) error { return d.tf.show(ctx, "apply", "plan") }},
		{"Upload and download an object with the keys from the outputs.", d.transfer},
		{"Rotate the secret access key in place.", d.rotate},
		{"Download the object with the new secret, which works, and with the old secret, which fails.", d.compareSecrets},
		{"Try to destroy the object store, which fails because it contains an object.", d.destroyRefused},
		{"Delete the object. Then destroy the object store and the credential.", d.destroy},
	}
	for i, step := range steps {
		if err := d.print("\n[%d/%d] %s\n", i+1, len(steps), step.title); err != nil {
			return err
		}
		if err := step.run(ctx); err != nil {
			if interrupted := context.Cause(ctx); interrupted != nil {
				err = interrupted // the step failed because of it
			}
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (d *demo) print(format string, args ...any) error {
	_, err := fmt.Fprintf(d.out, format, args...)
	return err
}

func (d *demo) transfer(ctx context.Context) (err error) {
	if d.now, err = d.tf.bucket(ctx); err != nil {
		return err
	}
	if _, err := d.request(ctx, d.now, http.MethodPut, content, "200 OK"); err != nil {
		return err
	}
	got, err := d.request(ctx, d.now, http.MethodGet, "", "200 OK")
	if err != nil {
		return err
	}
	if got != content {
		return fmt.Errorf("the object contains %q, not %q", got, content)
	}
	return d.print("The object contains %q.\n", got)
}

func (d *demo) rotate(ctx context.Context) (err error) {
	if err := d.tf.show(ctx, "apply", "-auto-approve", "-var=generation=2"); err != nil {
		return err
	}
	d.before = d.now
	d.now, err = d.tf.bucket(ctx)
	return err
}

func (d *demo) compareSecrets(ctx context.Context) error {
	for _, secret := range []struct {
		title  string
		bucket bucket
		want   string
	}{{"new", d.now, "200 OK"}, {"old", d.before, "403 Forbidden"}} {
		if err := d.print("With the %s secret: ", secret.title); err != nil {
			return err
		}
		if _, err := d.request(ctx, secret.bucket, http.MethodGet, "", secret.want); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) destroyRefused(ctx context.Context) error {
	if err := d.waitForUsage(ctx, 1); err != nil {
		return err
	}
	return d.tf.refused(ctx, "Object store contains objects", "destroy", "-auto-approve")
}

func (d *demo) destroy(ctx context.Context) error {
	if _, err := d.request(ctx, d.now, http.MethodDelete, "", "204 No Content"); err != nil {
		return err
	}
	if err := d.waitForUsage(ctx, 0); err != nil {
		return err
	}
	// Applying a plan shows the progress without the plan.
	if err := d.tf.quietly(ctx, "plan", "-destroy", "-out=plan"); err != nil {
		return err
	}
	if err := d.tf.show(ctx, "apply", "plan"); err != nil {
		return err
	}
	return d.checkEnd(ctx)
}

// request sends an S3 request for the object until the response has the expected status, because Civo may need time to apply a change to
// a credential or an object store. It returns the body of the response.
func (d *demo) request(ctx context.Context, b bucket, method, body, want string) (response string, err error) {
	var status string
	err = d.waitUntil(ctx, time.Minute, "the response is "+want, func() (done bool, err error) {
		status, response, err = b.send(ctx, method, object, body)
		return status == want, err
	})
	if err != nil {
		return "", fmt.Errorf("%s %s/%s: %w: %s %s", method, b.url, object, err, status, response)
	}
	return response, d.print("%s %s/%s: %s\n", method, b.url, object, status)
}

// waitForUsage waits until Civo reports a number of objects in the store, because Civo can report the usage with a delay.
func (d *demo) waitForUsage(ctx context.Context, objects int64) error {
	store, err := d.account.FindObjectStore(ctx, d.region, civo.Lookup{Name: d.name})
	if err != nil {
		return err
	}
	return d.waitUntil(ctx, 10*time.Minute, fmt.Sprintf("the number of objects in the usage report is %d", objects), func() (bool, error) {
		usage, err := d.account.ObjectStoreUsage(ctx, d.region, store.ID)
		return usage.Objects == objects, err
	})
}

// waitUntil waits until a condition is true or its check fails, up to a limit.
func (d *demo) waitUntil(ctx context.Context, limit time.Duration, condition string, check func() (bool, error)) error {
	deadline := time.Now().Add(limit)
	for first := true; ; first = false {
		if done, err := check(); done || err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("timed out after %s waiting until %s", limit, condition)
		}
		if first {
			if err := d.print("Waiting until %s...\n", condition); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// checkEnd checks that the credential and the object store no longer exist, and that the output contains no secret.
func (d *demo) checkEnd(ctx context.Context) error {
	credentials, stores, err := d.left(ctx)
	if err != nil {
		return err
	}
	if len(credentials)+len(stores) > 0 {
		return fmt.Errorf("%d credentials and %d object stores named %s still exist in %s", len(credentials), len(stores), d.name, d.region)
	}
	for _, secret := range []string{d.token.Reveal(), d.before.keys.SecretAccessKey, d.now.keys.SecretAccessKey} {
		if secret == "" || strings.Contains(d.printed.String(), secret) {
			return errors.New("the token or a secret access key is empty, or the output contains it")
		}
	}
	return d.print("\nDemo complete. Everything that it created is deleted, and the output contains no secret.\n")
}

// left returns the credentials and the object stores of the demo that still exist.
func (d *demo) left(ctx context.Context) (credentials []civo.Credential, stores []civo.ObjectStore, err error) {
	for page, err := range d.account.CredentialPages(ctx, d.region) {
		if err != nil {
			return nil, nil, err
		}
		for _, credential := range page {
			if credential.Name == d.name {
				credentials = append(credentials, credential)
			}
		}
	}
	for page, err := range d.account.ObjectStorePages(ctx, d.region) {
		if err != nil {
			return nil, nil, err
		}
		for _, store := range page {
			if store.Name == d.name {
				stores = append(stores, store)
			}
		}
	}
	return credentials, stores, nil
}

// cleanUp deletes the credential and the object store if the demo ended early. Civo also deletes the objects in the object store.
func (d *demo) cleanUp(ctx context.Context) error {
	if !d.tf.applied {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
	defer cancel()
	credentials, stores, err := d.left(ctx)
	if len(credentials)+len(stores) > 0 {
		err = errors.Join(err, d.print("\nDeleting the credential and the object store of this demo...\n"))
	}
	for _, store := range stores {
		err = errors.Join(err, d.account.DeleteObjectStore(ctx, store))
	}
	for _, credential := range credentials {
		err = errors.Join(err, d.account.DeleteCredential(ctx, credential))
	}
	if err != nil {
		return fmt.Errorf("could not delete the object store and the credential %s in %s. If they still exist, delete them manually: %w", d.name, d.region, err)
	}
	return nil
}
