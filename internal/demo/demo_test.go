package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// example is the configuration that make demo applies.
var example = filepath.Join("..", "..", "examples", "demo")

// TestMain lets the test binary run as the demo.
func TestMain(m *testing.M) {
	if os.Getenv("DEMO_TEST_RUNS_MAIN") != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// from returns a function like os.Getenv for a map.
func from(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestDemo_Simulator(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer

	if err := run(t.Context(), &out, from(nil), example); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}

	shown := words(out.String())
	for _, want := range []string{
		"+ secret_access_key = (sensitive value)",
		"Plan: 2 to add, 0 to change, 0 to destroy.",
		"Apply complete! Resources: 2 added, 0 changed, 0 destroyed.",
		"secret_access_key = <sensitive>",
		`The object contains "Hello from Terraform".`,
		"Apply complete! Resources: 0 added, 1 changed, 0 destroyed.",
		"With the new secret: GET",
		"/terraform-demo/hello.txt: 200 OK With the old secret: GET",
		"/terraform-demo/hello.txt: 403 Forbidden",
		"Error: Object store contains objects",
		"Civo reports that the object store contains 1 object (1 kB)",
		"[8/8]",
		"/terraform-demo/hello.txt: 204 No Content",
		"Apply complete! Resources: 0 added, 0 changed, 2 destroyed.",
		"Everything that it created is deleted, and the output contains no secret.",
	} {
		_, after, found := strings.Cut(shown, words(want))
		if !found {
			t.Errorf("the demo does not show %q, or not in this order", want)
			continue
		}
		shown = after
	}
	if t.Failed() {
		t.Log(out.String())
	}
}

// A real account can report the usage of a store with a delay.
func TestDemo_LiveAccount(t *testing.T) {
	t.Parallel()
	var account *civosim.Server
	var reports atomic.Int64 // the first one does not count the object
	account, getenv := liveAccount(t, civosim.Options{OnRequest: func(r civosim.Request) {
		if strings.HasSuffix(r.Path, "/stats") && reports.Add(1) == 2 {
			go account.ChangeStore(account.Stores("")[0].ID, func(s *civosim.Store) { s.ObjectCount = 1 })
		}
	}})
	var out bytes.Buffer
	hideObject := &interrupting{on: "[7/8]", interrupt: func() {
		account.ChangeStore(account.Stores("")[0].ID, func(s *civosim.Store) { s.ObjectCount = 0 })
	}}

	if err := run(t.Context(), io.MultiWriter(&out, hideObject), getenv, example); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}

	if want := "Waiting until the number of objects in the usage report is 1..."; !strings.Contains(out.String(), want) {
		t.Errorf("the demo does not show %q:\n%s", want, out.String())
	}
	if account.Count(civosim.KindCreateCredential) != 1 || account.Count(civosim.KindCreateStore) != 1 {
		t.Error("the demo did not create a credential and an object store in the account")
	}
	wantNothingLeft(t, account)
}

func TestDemo_FailsHalfway(t *testing.T) {
	t.Parallel()
	account, getenv := liveAccount(t, civosim.Options{})
	dir := t.TempDir()
	// The lookup of a name that does not exist fails after the credential has been created.
	writeFile(t, filepath.Join(dir, "main.tf"), `
terraform {
  required_providers {
    civo = { source = "seed-0e51fd2b/civo" }
  }
}
variable "name" {}
resource "civo_objectstore_credential" "demo" {
  name = var.name
}
data "civo_objectstore_credential" "other" {
  name       = "nobody-has-this-name"
  depends_on = [civo_objectstore_credential.demo]
}
`)
	var out bytes.Buffer

	err := run(t.Context(), &out, getenv, dir)

	if err == nil || !strings.Contains(err.Error(), "nobody-has-this-name") {
		t.Errorf("got error %v, want Terraform's error about the name", err)
	}
	if account.Count(civosim.KindCreateCredential) != 1 {
		t.Error("the demo did not fail halfway: it created no credential")
	}
	wantNothingLeft(t, account)
}

func TestDemo_Interrupted(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]string{
		"build":             "[1/8]",
		"create credential": "civo_objectstore_credential.demo: Creating...",
		"create store":      "civo_objectstore.demo: Creating...",
		"object exists":     "PUT",
		"rotate":            "civo_objectstore_credential.demo: Modifying...",
		"destroy store":     "civo_objectstore.demo: Destroying...",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var options civosim.Options
			if strings.HasPrefix(name, "create") {
				options = civosim.Options{ReadyAfter: readyAfter, StoreReadyAfter: readyAfter}
			}
			account, getenv := liveAccount(t, options)
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			out := &interrupting{on: on, interrupt: interrupt}

			err := run(ctx, out, getenv, example)

			if !errors.Is(err, context.Canceled) {
				t.Errorf("got error %v, want %v\n%s", err, context.Canceled, out.all.String())
			}
			wantNothingLeft(t, account)
		})
	}
}

// interrupting is a writer that calls a function after a text has been written to it.
type interrupting struct {
	on        string
	interrupt func()
	once      sync.Once
	all       bytes.Buffer
}

func (i *interrupting) Write(p []byte) (int, error) {
	n, err := i.all.Write(p)
	if strings.Contains(i.all.String(), i.on) {
		i.once.Do(i.interrupt)
	}
	return n, err
}

// liveAccount starts a simulator that the demo treats as a real account.
func liveAccount(t *testing.T, options civosim.Options) (account *civosim.Server, getenv func(string) string) {
	t.Helper()
	account, err := civosim.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = account.Close() })
	return account, from(map[string]string{
		"DEMO_LIVE": "1", civo.EnvToken: account.Token(), civo.EnvEndpoint: account.URL(), civo.EnvRegion: "LON1",
		civo.EnvObjectStoreEndpoint: account.S3URL(),
	})
}

func wantNothingLeft(t *testing.T, account *civosim.Server) {
	t.Helper()
	for _, credential := range account.Credentials("") {
		t.Errorf("the demo left the credential %s at Civo", credential.Name)
	}
	for _, store := range account.Stores("") {
		t.Errorf("the demo left the object store %s at Civo", store.Name)
	}
}

func writeFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// words replaces any whitespace with one space, because Terraform aligns its output.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestDemo_LiveNeedsSettings(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), &bytes.Buffer{}, from(map[string]string{"DEMO_LIVE": "1", civo.EnvToken: "token"}), example)
	if err == nil || !strings.Contains(err.Error(), "set CIVO_TOKEN and CIVO_REGION") {
		t.Errorf("got error %v", err)
	}
}
