package credential_test

import (
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The endpoint of credentials follows the provider's objectstore_endpoint, also when it changes or is not known during plan.
func TestEndpoint_FollowsProvider(t *testing.T) {
	t.Parallel()
	s, config := acctest.NewScenario(t, civosim.Options{}), acctest.Object{"name": "backups"}
	s.Apply(config)
	s.Has("endpoint", "https://objectstore.lon1.civo.com")

	s.Driver = s.Env.Driver(t, acctest.Object{"objectstore_endpoint": "https://s3.{region}.acme.example"})
	s.Apply(config)
	s.Has("endpoint", "https://s3.lon1.acme.example")

	s.Driver = s.Env.Driver(t, acctest.Object{"objectstore_endpoint": acctest.Unknown})
	s.Unchanged(config)
	s.Has("endpoint", "https://s3.lon1.acme.example")
	plan, diags := s.Driver.Plan(t.Context(), s.NewInstance(), config)
	if diags.Failed() || plan.Known("endpoint") {
		t.Errorf("the endpoint of a new credential is known while objectstore_endpoint is not: %v", diags)
	}
}
