package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

// envDemo makes this program the demo.
const envDemo = "DEMO_TEST_RUNS_DEMO"

// TestMain builds the provider once, and puts a program in place of Go that copies it. A demo spends most of its time in the linker.
func TestMain(m *testing.M) {
	if os.Getenv(envDemo) != "" {
		main()
		return
	}
	flag.Parse()
	if testing.Short() || runtime.GOOS == "windows" {
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "demo-test-")
	build := filepath.Join(dir, "provider")
	standIn := "#!/bin/sh\n# go build -trimpath -ldflags FLAGS -o BINARY PACKAGE\nmkdir -p \"${6%/*}\" && exec cp " + build + " \"$6\"\n"
	err = errors.Join(err, workspace.Build(context.Background(), build, "-X main.version=0.1.0"),
		os.WriteFile(filepath.Join(dir, "go"), []byte(standIn), 0o700), //nolint:gosec // a program
		os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH")))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// account is a simulator that the demo uses like a real account.
type account struct {
	*civosim.Server

	env       map[string]string // of the demo; nil: the demo starts its own simulator
	at        map[string]func() // functions by text; each is called once, after the demo prints the text
	interrupt func()
	printed   bytes.Buffer
}

// liveAccount starts a simulator that the demo uses like a real account. At the end of the test, the account must be empty.
func liveAccount(t *testing.T) *account {
	t.Helper()
	a := &account{Server: simtest.Start(t, civosim.Options{ReadyAfter: readyAfter, StoreReadyAfter: readyAfter}), at: map[string]func(){}}
	t.Cleanup(func() {
		if credentials, stores := a.Credentials(""), a.Stores(""); len(credentials)+len(stores) > 0 {
			t.Errorf("the demo left %d credentials and %d object stores at Civo", len(credentials), len(stores))
		}
	})
	a.env = map[string]string{
		"DEMO_LIVE": "1", civo.EnvToken: a.Token(), civo.EnvEndpoint: a.URL(), civo.EnvRegion: "LON1", civo.EnvObjectStoreEndpoint: a.S3URL(),
	}
	return a
}

func (a *account) Write(p []byte) (int, error) {
	n, err := a.printed.Write(p)
	for text, call := range a.at {
		if strings.Contains(a.printed.String(), text) {
			delete(a.at, text)
			call()
		}
	}
	return n, err
}

// report sets the reported usage of the store to a number of objects of 1 kB each.
func (a *account) report(objects int) {
	a.ChangeStore(a.Stores("")[0].ID, func(s *civosim.Store) { s.ObjectCount, s.UsedKB = objects, objects })
}

// demo runs the demo and returns what it prints, followed by its error.
func (a *account) demo(ctx context.Context) string {
	err := run(ctx, a, func(name string) string { return a.env[name] }, filepath.Join("..", "..", "examples", "demo"))
	return fmt.Sprintf("%s\nerror: %v", &a.printed, err)
}

func TestDemo_Simulator(t *testing.T) {
	t.Parallel()
	acctest.SkipIfShort(t)
	out := new(account).demo(t.Context())
	// The README shows lines of the demo in their order.
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(readme), "```text\n[")
	block, _, _ = strings.Cut("["+block, "```")
	lines := strings.FieldsFunc(block, func(r rune) bool { return r == '\n' })
	if len(lines) < 10 || len(lines) > 30 {
		t.Errorf("the README shows %d lines", len(lines))
	}
	checkShown(t, out, lines)
	checkShown(t, strings.Join(strings.Fields(out), " "), []string{ // Terraform aligns its output
		"Building the provider. The first build takes a few minutes...",
		"+ secret_access_key = (sensitive value)",
		"secret_access_key = <sensitive>",
		"Civo reports that the object store contains 1 object (1 kB)",
		"Delete hello.txt: 204 No Content Usage report: 0 object(s) [8/8]",
		"$ terraform destroy -auto-approve Plan: 0 to add, 0 to change, 2 to destroy.",
		"Destroy complete! Resources: 2 destroyed. What you have seen:",
		"make sim error: <nil>",
	})
}

// checkShown checks that an output contains texts in their order.
func checkShown(t *testing.T, out string, texts []string) {
	t.Helper()
	rest := out
	for _, text := range texts {
		var found bool
		if _, rest, found = strings.Cut(rest, text); !found {
			t.Fatalf("the demo does not show %q, or not in this order:\n%s", text, out)
		}
	}
}

func TestDemo_LiveAccount(t *testing.T) {
	t.Parallel()
	acctest.SkipIfShort(t)
	const deletesOne = "Deleting the credential of this demo...\n\n"
	const deletesBoth = "Deleting the object store of this demo...\n\n" + deletesOne
	for want, setUp := range map[string]func(*account){
		"error: DEMO_LIVE=1 requires a real account: set CIVO_TOKEN and CIVO_REGION": func(a *account) { delete(a.env, civo.EnvRegion) },
		// A real account can report the usage of a store with a delay.
		"error: the token or a secret access key is empty, or the output contains it": func(a *account) {
			a.env[civo.EnvToken] = "complete"
			a.SetToken("complete")
			a.at["[6/8]"] = func() { a.report(0) }
			a.at["Waiting for Usage report: 1 object(s)..."] = func() { a.report(1) }
		},
		deletesOne + "error: step 2: terraform apply: ": func(a *account) {
			a.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Effect: civosim.Effect403})
		},
		"error: step 6: terraform destroy did not fail": func(a *account) { a.at["Usage report: 1"] = func() { a.report(0) } },
		deletesBoth + "error: step 3: context canceled": func(a *account) { a.at["Upload hello.txt"] = a.interrupt },
		"error: step 8: context canceled":               func(a *account) { a.OnArrival(civosim.KindDeleteStore, 1, a.interrupt) },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			a := liveAccount(t)
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			a.interrupt = interrupt
			setUp(a)
			if out := a.demo(ctx); !strings.Contains(out, want) {
				t.Errorf("the demo does not end with %q:\n%s", want, out)
			}
		})
	}
}
