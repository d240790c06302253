// Package acctest supports acceptance tests. It provides a Civo API to test against, which is the simulator or, with TF_ACC set,
// a real account, and workspaces in which the installed Terraform runs the built provider.
package acctest

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// Timing contains short intervals, so that tests of failures end quickly. Its timeouts are so long that they only end a hang. A test of a
// timeout uses simtest.Expiring.
var Timing = civo.Timing{
	Attempt: 5 * time.Minute, Grace: 5 * time.Minute, Request: 5 * time.Minute, RegionCheck: 5 * time.Minute,
	Retries: 3, RetryMin: 5 * time.Millisecond, RetryMax: 50 * time.Millisecond,
	BusyMin: 5 * time.Millisecond, BusyMax: 50 * time.Millisecond,
	PollFirst: 10 * time.Millisecond, PollMin: 20 * time.Millisecond, PollMax: 200 * time.Millisecond,
	Fresh: 5 * time.Minute, Absence: time.Nanosecond, Owner: 5 * time.Minute,
}

// Env is the Civo API that a test runs against.
type Env struct {
	*civosim.Server // nil with the real Civo API

	Timing civo.Timing // timing of the provider; default: the package variable Timing

	Variables map[string]string // environment variables of a provider in the test process
	Home      string            // home directory of a provider in the test process
}

// New returns an environment for one test: a new simulator or, if TF_ACC is set, the real Civo API.
func New(t *testing.T) *Env {
	t.Helper()
	if os.Getenv("TF_ACC") != "" {
		return &Env{}
	}
	return Simulated(t, civosim.Options{})
}

// Simulated returns an environment with a new simulator. It skips the test if TF_ACC is set, because such a test requires the simulator.
func Simulated(t *testing.T, options civosim.Options) *Env {
	t.Helper()
	if os.Getenv("TF_ACC") != "" {
		t.Skip("needs the simulator")
	}
	if options.Token == "" {
		options.Token = "token-of-" + Name(t)
	}
	if options.S3Addr == "" { // otherwise, the test configures the provider for the S3 data plane
		options.StoreEndpoint = cmp.Or(options.StoreEndpoint, strings.TrimPrefix(civo.DefaultObjectStoreEndpoint, "https://"))
	}
	return &Env{Server: simtest.Start(t, options)}
}

// IsLive reports whether the environment uses the real Civo API.
func (w *Env) IsLive() bool { return w.Server == nil }

// Client returns a client for inspecting the environment without the provider.
func (w *Env) Client(t *testing.T) *civo.Client {
	t.Helper()
	var config civo.Config
	if w.IsLive() {
		settings, _, problems := civo.Resolve(civo.Arguments{}, civo.SystemEnvironment())
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		config = civo.Config{Token: settings.Token, Endpoint: settings.Endpoint}
	} else {
		config = civo.Config{Token: civo.NewSecret(w.Token()), Endpoint: w.URL()}
	}
	client, err := civo.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Config returns a configuration with a provider block prepended. With the real Civo API, environment variables configure the
// provider, and the block is omitted.
func (w *Env) Config(body string, arguments ...string) string {
	if w.IsLive() {
		return body
	}
	return fmt.Sprintf("provider \"civo\" {\n  token = %q\n  api_endpoint = %q\n  %s\n}\n%s",
		w.Token(), w.URL(), strings.Join(withRegion(arguments), "\n  "), body)
}

func withRegion(arguments []string) []string {
	for _, argument := range arguments {
		if strings.HasPrefix(argument, "region") {
			return arguments
		}
	}
	return append(arguments, `region = "LON1"`)
}

// Providers returns the factory of a provider that runs inside the test process and reads settings from no environment variables but
// those of the environment.
func (w *Env) Providers() map[string]func() (tfprotov6.ProviderServer, error) {
	environment := civo.Environment{Home: w.Home, Getenv: func(name string) string { return w.Variables[name] }}
	timing := cmp.Or(w.Timing, Timing)
	if w.IsLive() {
		environment, timing = civo.SystemEnvironment(), civo.Timing{}
	}
	return map[string]func() (tfprotov6.ProviderServer, error){
		"civo": func() (tfprotov6.ProviderServer, error) {
			return provider.NewServer("test", environment, timing)(), nil
		},
	}
}

// OnlyReads verifies that no request was sent that could change something at Civo.
func (w *Env) OnlyReads(t *testing.T) {
	t.Helper()
	for _, request := range w.Requests() {
		if request.Method != http.MethodGet {
			t.Errorf("a request could change something: %s %s", request.Method, request.Path)
		}
	}
}

// Test runs a test case of terraform-plugin-testing in the environment.
func (w *Env) Test(t *testing.T, test resource.TestCase) {
	t.Helper()
	SkipIfShort(t)
	test.ProtoV6ProviderFactories = w.Providers()
	test.IsUnitTest = !w.IsLive()
	resource.Test(t, test)
}

// NamePrefix is the prefix of the names of all objects that tests create. The sweepers use it to find objects left behind by failed
// tests.
const NamePrefix = "tf-acc-"

// Name returns a name that no other test uses.
func Name(t *testing.T) string {
	t.Helper()
	return NamePrefix + strings.ToLower(rand.Text()[:18])
}
