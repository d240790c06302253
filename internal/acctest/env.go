// Package acctest is what acceptance tests have in common: a Civo to test against, which is the simulator or, with TF_ACC
// set, a real account; and workspaces in which the built provider is run by the real Terraform.
package acctest

import (
	"cmp"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-uuid"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// Timing has short waits, so that tests of failures end soon.
var Timing = civo.Timing{
	Attempt: 2 * time.Second, Grace: time.Second, Request: 10 * time.Second,
	Retries: 3, RetryMin: 5 * time.Millisecond, RetryMax: 50 * time.Millisecond,
	PollFirst: 10 * time.Millisecond, PollMin: 20 * time.Millisecond, PollMax: 200 * time.Millisecond,
	Fresh: time.Second,
}

// Env is the Civo that a test runs against.
type Env struct {
	*civosim.Server // nil if it is the real one

	Timing civo.Timing // of the provider; the zero value is the package's Timing
}

// New gives the test a world of its own: a simulator, or the real Civo where TF_ACC is set.
func New(t *testing.T) *Env {
	t.Helper()
	if os.Getenv("TF_ACC") != "" {
		return &Env{}
	}
	return Simulated(t, civosim.Options{})
}

// Simulated gives the test a simulator of its own. The test is skipped where TF_ACC asks for the real Civo, which cannot
// be changed behind the provider's back.
func Simulated(t *testing.T, options civosim.Options) *Env {
	t.Helper()
	if os.Getenv("TF_ACC") != "" {
		t.Skip("needs the simulator")
	}
	if options.Token == "" {
		options.Token = "token-of-" + Name(t)
	}
	return &Env{Server: simtest.Start(t, options)}
}

// IsLive reports whether the world is the real Civo.
func (w *Env) IsLive() bool { return w.Server == nil }

// Client talks to the world directly, to see what is there.
func (w *Env) Client(t *testing.T) *civo.Client {
	t.Helper()
	settings := civo.Settings{Region: "LON1"}
	if w.IsLive() {
		var err error
		if settings, err = civo.Resolve(civo.Arguments{}, civo.SystemEnvironment()); err != nil {
			t.Fatal(err)
		}
	} else {
		settings.Token, settings.Endpoint = civo.NewSecret(w.Token()), w.URL()
	}
	client, err := civo.NewClient(civo.Config{Token: settings.Token, Endpoint: settings.Endpoint, Region: settings.Region})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Config puts a provider block before a configuration. Against the real Civo the provider is configured by the environment.
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

// Providers serves the provider inside the test. It finds no settings in the environment.
func (w *Env) Providers() map[string]func() (tfprotov6.ProviderServer, error) {
	var options []provider.Option
	if !w.IsLive() {
		options = []provider.Option{
			provider.WithTiming(cmp.Or(w.Timing, Timing)), provider.WithEnvironment(civo.Environment{Getenv: func(string) string { return "" }}),
		}
	}
	return map[string]func() (tfprotov6.ProviderServer, error){
		"civo": providerserver.NewProtocol6WithError(provider.New("test", options...)()),
	}
}

// NamePrefix is what the names of all test credentials begin with, so that a sweeper finds those that were left.
const NamePrefix = "tf-acc-"

// Name makes a name for a credential that no other test uses.
func Name(t *testing.T) string {
	t.Helper()
	id, err := uuid.GenerateUUID()
	if err != nil {
		t.Fatal(err)
	}
	return NamePrefix + id[:18]
}
