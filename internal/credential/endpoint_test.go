package credential_test

import (
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The endpoint of credentials follows the provider's objectstore_endpoint, also when it changes or is not known during plan.
func TestEndpoint_FollowsProvider(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	provider := func(endpoint any) *acctest.Driver {
		return w.Driver(t, acctest.Object{"objectstore_endpoint": endpoint})
	}
	config := acctest.Object{"name": "backups"}
	p := provider(nil)
	i := p.NewInstance()
	run := func(p *acctest.Driver) *acctest.Plan {
		t.Helper()
		plan, diags := p.Run(t.Context(), i, config)
		if diags.Failed() {
			t.Fatal(diags)
		}
		return plan
	}
	run(p)
	if got, want := i.Get("endpoint"), "https://objectstore.lon1.civo.com"; got != want {
		t.Errorf("default: got %q, want %q", got, want)
	}
	run(provider("https://s3.{region}.acme.example"))
	if got, want := i.Get("endpoint"), "https://s3.lon1.acme.example"; got != want {
		t.Errorf("objectstore_endpoint: got %q, want %q", got, want)
	}
	if plan := run(provider(acctest.Unknown)); !plan.IsEmpty() {
		t.Errorf("the plan with an unknown objectstore_endpoint changes %v", plan.Changes())
	}
	if got, want := i.Get("endpoint"), "https://s3.lon1.acme.example"; got != want {
		t.Errorf("unknown objectstore_endpoint: got %q, want %q", got, want)
	}
	plan, diags := provider(acctest.Unknown).Plan(t.Context(), p.NewInstance(), config)
	if diags.Failed() || plan.Known("endpoint") {
		t.Errorf("the endpoint of a new credential is known while objectstore_endpoint is not: %v", diags)
	}
}
