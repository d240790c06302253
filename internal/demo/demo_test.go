package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// example is the configuration that make demo applies.
var example = filepath.Join("..", "..", "examples", "demo")

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

	for _, want := range []string{
		"+ secret_access_key = (sensitive value)",
		"Plan: 2 to add, 0 to change, 0 to destroy.",
		"Apply complete! Resources: 2 added, 0 changed, 0 destroyed.",
		"secret_access_key = <sensitive>",
		"No changes.",
		"Destroy complete! Resources: 2 destroyed.",
		"No credential and no object store named terraform-demo in LON1.",
	} {
		if !strings.Contains(words(out.String()), words(want)) {
			t.Errorf("the demo does not show %q", want)
		}
	}
	if t.Failed() {
		t.Log(out.String())
	}
}

func TestDemo_LiveAccount(t *testing.T) {
	t.Parallel()
	account, getenv := liveAccount(t)
	var out bytes.Buffer

	if err := run(t.Context(), &out, getenv, example); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}

	if account.Count(civosim.KindCreateCredential) != 1 || account.Count(civosim.KindCreateStore) != 1 {
		t.Error("the demo did not work on the account")
	}
	wantNothingLeft(t, account)
}

func TestDemo_FailsHalfway(t *testing.T) {
	t.Parallel()
	account, getenv := liveAccount(t)
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
		t.Errorf("got error %v, want Terraform's about the name", err)
	}
	if account.Count(civosim.KindCreateCredential) != 1 {
		t.Error("the demo did not fail halfway: it made no credential")
	}
	wantNothingLeft(t, account)
}

func TestDemo_Interrupted(t *testing.T) {
	t.Parallel()
	account, getenv := liveAccount(t)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	out := &interrupting{on: "civo_objectstore_credential.demo: Creating...", interrupt: interrupt}

	err := run(ctx, out, getenv, example)

	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v\n%s", err, context.Canceled, out.all.String())
	}
	wantNothingLeft(t, account)
}

// interrupting interrupts once a text has been written to it.
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
func liveAccount(t *testing.T) (account *civosim.Server, getenv func(string) string) {
	t.Helper()
	account, err := civosim.Start(civosim.Options{ReadyAfter: readyAfter})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = account.Close() })
	return account, from(map[string]string{
		"DEMO_LIVE": "1", civo.EnvToken: account.Token(), civo.EnvEndpoint: account.URL(), civo.EnvRegion: "LON1",
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
