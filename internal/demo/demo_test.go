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

func TestDemo(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	temp := t.TempDir()

	if err := run(t.Context(), options{out: &out, getenv: from(nil), environ: os.Environ(), temp: temp}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}

	for _, want := range []string{
		"+ secret_access_key = (sensitive value)",
		"Plan: 1 to add, 0 to change, 0 to destroy.",
		"Apply complete! Resources: 1 added, 0 changed, 0 destroyed.",
		"secret_access_key = <sensitive>",
		"No changes.",
		"Destroy complete! Resources: 1 destroyed.",
		"No credential named terraform-demo in LON1.",
	} {
		if !strings.Contains(words(out.String()), words(want)) {
			t.Errorf("the demo does not show %q", want)
		}
	}
	wantEmpty(t, temp)
	if t.Failed() {
		t.Log(out.String())
	}
}

func TestDemoOnALiveAccountLeavesNothingThere(t *testing.T) {
	t.Parallel()
	account, getenv := liveAccount(t)
	var out bytes.Buffer
	temp := t.TempDir()

	if err := run(t.Context(), options{out: &out, getenv: getenv, environ: os.Environ(), temp: temp}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}

	if account.Count(civosim.KindCreateCredential) != 1 {
		t.Error("the demo did not work on the account")
	}
	wantEmpty(t, temp)
	wantNoCredentials(t, account)
}

func TestDemoThatFailsHalfwayLeavesNothing(t *testing.T) {
	t.Parallel()
	account, getenv := liveAccount(t)
	temp := t.TempDir()
	example := t.TempDir()
	// The lookup of a name that nobody has fails after the credential has been made.
	writeFile(t, filepath.Join(example, "main.tf"), `
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

	err := run(t.Context(), options{out: &out, getenv: getenv, environ: os.Environ(), temp: temp, example: example})

	if err == nil || !strings.Contains(err.Error(), "nobody-has-this-name") {
		t.Errorf("got error %v, want Terraform's about the name", err)
	}
	if account.Count(civosim.KindCreateCredential) != 1 {
		t.Error("the demo did not fail halfway: it made no credential")
	}
	wantEmpty(t, temp)
	wantNoCredentials(t, account)
}

func TestDemoThatIsInterruptedLeavesNothing(t *testing.T) {
	t.Parallel()
	account, getenv := liveAccount(t)
	temp := t.TempDir()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	out := &interrupting{on: "civo_objectstore_credential.demo: Creating...", interrupt: interrupt}

	err := run(ctx, options{out: out, getenv: getenv, environ: os.Environ(), temp: temp})

	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v\n%s", err, context.Canceled, out.all.String())
	}
	wantEmpty(t, temp)
	wantNoCredentials(t, account)
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

// liveAccount is a simulator that the demo takes for a real account.
func liveAccount(t *testing.T) (account *civosim.Server, getenv func(string) string) {
	t.Helper()
	account, err := civosim.Start(civosim.Options{ReadyAfter: readyAfter})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = account.Close() })
	return account, from(map[string]string{
		envLive: "1", civo.EnvToken: account.Token(), civo.EnvEndpoint: account.URL(), civo.EnvRegion: "LON1",
	})
}

func wantEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		t.Errorf("the demo left %s", entry.Name())
	}
}

func wantNoCredentials(t *testing.T, account *civosim.Server) {
	t.Helper()
	for _, credential := range account.Credentials("") {
		t.Errorf("the demo left the credential %s at Civo", credential.Name)
	}
}

func writeFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// words makes any white space one space, since Terraform aligns what it prints.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
