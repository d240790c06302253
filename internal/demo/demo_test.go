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
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// example is the configuration that make demo applies.
var example = filepath.Join("..", "..", "examples", "demo")

// variables are environment variables.
type variables map[string]string

func (v variables) get(name string) string { return v[name] }

// liveAccount starts a simulator that the demo uses as a real account. At the end of the test, the account must be empty.
func liveAccount(t *testing.T, options civosim.Options) (*civosim.Server, variables) {
	t.Helper()
	account := simtest.Start(t, options)
	t.Cleanup(func() {
		if credentials, stores := account.Credentials(""), account.Stores(""); len(credentials)+len(stores) > 0 {
			t.Errorf("the demo left %d credentials and %d object stores at Civo", len(credentials), len(stores))
		}
	})
	return account, variables{
		"DEMO_LIVE": "1", civo.EnvToken: account.Token(), civo.EnvEndpoint: account.URL(), civo.EnvRegion: "LON1",
		civo.EnvObjectStoreEndpoint: account.S3URL(),
	}
}

// trigger is a writer that calls a function after a text has been written to it.
type trigger struct {
	text string
	call func()
	once sync.Once
	all  bytes.Buffer
}

func (w *trigger) Write(p []byte) (int, error) {
	n, err := w.all.Write(p)
	if strings.Contains(w.all.String(), w.text) {
		w.once.Do(w.call)
	}
	return n, err
}

func TestDemo_Simulator(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), &out, variables{}.get, example); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") } // Terraform aligns its output
	shown := words(out.String())
	for _, want := range []string{
		"+ secret_access_key = (sensitive value)",
		"Plan: 2 to add, 0 to change, 0 to destroy.",
		"Apply complete! Resources: 2 added, 0 changed, 0 destroyed.",
		"secret_access_key = <sensitive>",
		`The object contains "Hello from Terraform".`,
		"Apply complete! Resources: 0 added, 1 changed, 0 destroyed.",
		"With the new secret: GET",
		"/terraform-demo/hello.txt: 200 OK",
		"With the old secret: GET",
		"/terraform-demo/hello.txt: 403 Forbidden",
		"Error: Object store contains objects",
		"Civo reports that the object store contains 1 object (1 kB)",
		"[8/8]",
		"/terraform-demo/hello.txt: 204 No Content",
		"Apply complete! Resources: 0 added, 0 changed, 2 destroyed.",
		"Everything that it created is deleted, and the output contains no secret.",
	} {
		_, after, found := strings.Cut(shown, want)
		if !found {
			t.Fatalf("the demo does not show %q, or not in this order:\n%s", want, out.String())
		}
		shown = after
	}
}

// A real account can report the usage of a store with a delay.
func TestDemo_LiveAccount(t *testing.T) {
	t.Parallel()
	var account *civosim.Server
	setObjects := func(count int) {
		account.ChangeStore(account.Stores("")[0].ID, func(s *civosim.Store) { s.ObjectCount = count })
	}
	var reports atomic.Int64 // the first one does not count the object
	account, env := liveAccount(t, civosim.Options{OnRequest: func(r civosim.Request) {
		if strings.HasSuffix(r.Path, "/stats") && reports.Add(1) == 2 {
			go setObjects(1)
		}
	}})
	out := &trigger{text: "[7/8]", call: func() { setObjects(0) }}
	if err := run(t.Context(), out, env.get, example); err != nil {
		t.Fatalf("%v\n%s", err, out.all.String())
	}
	if want := "Waiting until the number of objects in the usage report is 1..."; !strings.Contains(out.all.String(), want) {
		t.Errorf("the demo does not show %q:\n%s", want, out.all.String())
	}
	if account.Count(civosim.KindCreateCredential) != 1 || account.Count(civosim.KindCreateStore) != 1 {
		t.Error("the demo did not create a credential and an object store in the account")
	}
}

func TestDemo_LiveNeedsSettings(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), io.Discard, variables{"DEMO_LIVE": "1", civo.EnvToken: "token"}.get, example)
	if err == nil || !strings.Contains(err.Error(), "set CIVO_TOKEN and CIVO_REGION") {
		t.Errorf("got error %v", err)
	}
}

func TestDemo_FailsHalfway(t *testing.T) {
	t.Parallel()
	account, env := liveAccount(t, civosim.Options{})
	account.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Effect: civosim.Effect403})
	err := run(t.Context(), io.Discard, env.get, example)
	if err == nil || !strings.Contains(err.Error(), "step 3: ") {
		t.Errorf("got error %v, want an error in step 3", err)
	}
	if account.Count(civosim.KindCreateCredential) != 1 {
		t.Error("the demo created no credential")
	}
}

func TestDemo_Interrupted(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]string{
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
			_, env := liveAccount(t, options)
			ctx, interrupt := context.WithCancel(t.Context())
			out := &trigger{text: at, call: interrupt}
			if err := run(ctx, out, env.get, example); !errors.Is(err, context.Canceled) {
				t.Errorf("got error %v, want %v\n%s", err, context.Canceled, out.all.String())
			}
		})
	}
}

// TestMain lets the test binary run as the demo.
func TestMain(m *testing.M) {
	if os.Getenv("DEMO_TEST_RUNS_MAIN") != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}
