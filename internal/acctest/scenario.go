// A scenario: the life of one resource in the words of a test, such as apply, drift, and refuse.

package acctest

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Scenario is a simulator, a provider that uses it, and one resource, which does not exist yet. Each of its methods runs the provider as
// Terraform does, and fails the test if the provider does something else than the method says.
type Scenario struct {
	*Env
	*Driver
	*Instance

	t         *testing.T
	arguments []Object // of the provider
}

// Scenario starts a scenario of a resource of type TypeName. The arguments configure the provider, as for Driver.
func (w *Env) Scenario(t *testing.T, arguments ...Object) *Scenario {
	t.Helper()
	d := w.Driver(t, arguments...)
	return &Scenario{Env: w, Driver: d, Instance: d.NewInstance(), t: t, arguments: arguments}
}

// NewScenario starts a scenario with a new simulator.
func NewScenario(t *testing.T, options civosim.Options) *Scenario {
	t.Helper()
	return Simulated(t, options).Scenario(t)
}

// Of returns a scenario of another type with the same simulator and provider. Its resource does not exist yet.
func (s *Scenario) Of(typeName string) *Scenario {
	other := *s
	other.Driver = s.For(typeName)
	other.Instance = other.NewInstance()
	return &other
}

// Apply runs terraform apply, and then verifies that the next plan is empty. It returns the plan that it applied. A nil configuration
// destroys the resource.
func (s *Scenario) Apply(config Object) *Plan {
	s.t.Helper()
	plan := s.ApplyOnce(config)
	if config == nil {
		if s.Exists() {
			s.t.Fatalf("the state still contains %s", s.State)
		}
		return plan
	}
	s.Unchanged(config)
	return plan
}

// Unchanged verifies that the plan of a configuration is empty.
func (s *Scenario) Unchanged(config Object) {
	s.t.Helper()
	if plan := s.Plan(config); !plan.IsEmpty() {
		s.t.Fatalf("the plan changes %q", plan.Changes())
	}
}

// ApplyUnrefreshed runs terraform apply -refresh=false, and returns the diagnostics.
func (s *Scenario) ApplyUnrefreshed(config Object) Diagnostics {
	s.t.Helper()
	plan, diags := s.Driver.Plan(s.t.Context(), s.Instance, config)
	if diags.Failed() {
		s.t.Fatalf("terraform plan -refresh=false fails: %s", diags)
	}
	return append(diags, s.Driver.Apply(s.t.Context(), s.Instance, plan)...)
}

// Import imports the resource by an import ID.
func (s *Scenario) Import(id string) {
	s.t.Helper()
	i, diags := s.Driver.Import(s.t.Context(), id)
	if diags.Failed() {
		s.t.Fatalf("terraform import %q fails: %s", id, diags)
	}
	s.Instance = i
}

// Move moves the resource from another provider, which left a state.
func (s *Scenario) Move(fromProvider, fromType, state string) {
	s.t.Helper()
	i, diags := s.Driver.Move(s.t.Context(), fromProvider, fromType, state)
	if diags.Failed() {
		s.t.Fatalf("the move fails: %s", diags)
	}
	s.Instance = i
}

// ApplyOnce is Apply without the next plan.
func (s *Scenario) ApplyOnce(config Object) *Plan {
	s.t.Helper()
	plan, diags := s.Run(s.t.Context(), s.Instance, config)
	if diags.Failed() {
		s.t.Fatalf("terraform apply fails: %s", diags)
	}
	return plan
}

// Plan runs terraform plan, and returns the plan. The instance keeps the refreshed state.
func (s *Scenario) Plan(config Object) *Plan {
	s.t.Helper()
	plan, diags := s.RunPlan(s.t.Context(), s.Instance, config)
	if diags.Failed() {
		s.t.Fatalf("terraform plan fails: %s", diags)
	}
	return plan
}

// Refuse runs terraform apply, which must fail with a message that a regular expression matches. It returns the diagnostics.
func (s *Scenario) Refuse(config Object, message string) Diagnostics {
	s.t.Helper()
	_, diags := s.Run(s.t.Context(), s.Instance, config)
	s.expect(diags, "terraform apply", message)
	return diags
}

// RefusePlan runs terraform plan, which must fail with a message that a regular expression matches. It returns the diagnostics.
func (s *Scenario) RefusePlan(config Object, message string) Diagnostics {
	s.t.Helper()
	_, diags := s.RunPlan(s.t.Context(), s.Instance, config)
	s.expect(diags, "terraform plan", message)
	return diags
}

func (s *Scenario) expect(diags Diagnostics, command, message string) {
	s.t.Helper()
	switch text := diags.String(); {
	case !diags.Failed():
		s.t.Fatalf("%s succeeds, but must fail with %q", command, message)
	case !regexp.MustCompile("(?s)" + message).MatchString(text):
		s.t.Fatalf("%s does not fail with %q: %s", command, message, text)
	}
}

// Has verifies attributes of the state. The name of an attribute and its value alternate; "" is null or an empty string.
func (s *Scenario) Has(attributes ...string) {
	s.t.Helper()
	CheckAttributes(s.t, "the state", s.State, attributes...)
}

// CheckAttributes verifies attributes of a state or of a result, like Scenario.Has.
func CheckAttributes(t *testing.T, where string, object tftypes.Value, attributes ...string) {
	t.Helper()
	for i := 0; i+1 < len(attributes); i += 2 {
		if got := Get(object, attributes[i]); got != attributes[i+1] {
			t.Errorf("%s: %s is %q, not %q", where, attributes[i], got, attributes[i+1])
		}
	}
}

// Remote returns the credential at Civo that the resource manages. It fails the test if there is none.
func (s *Scenario) Remote() civosim.Credential {
	s.t.Helper()
	c, ok := s.Credential(s.Get("id"))
	if !ok {
		s.t.Fatalf("the credential %s is not at Civo", s.Get("id"))
	}
	return c
}

// Drift changes the credential at Civo, as somebody else would.
func (s *Scenario) Drift(change func(*civosim.Credential)) {
	s.t.Helper()
	s.ChangeCredential(s.Remote().ID, change)
}

// Store returns the object store at Civo that the resource manages. It fails the test if there is none.
func (s *Scenario) Store() civosim.Store {
	s.t.Helper()
	st, ok := FindStore(s.Server, s.Get("id"))
	if !ok {
		s.t.Fatalf("the object store %s is not at Civo", s.Get("id"))
	}
	return st
}

// FindStore returns the object store at Civo that has the ID, and whether there is one.
func FindStore(server *civosim.Server, id string) (civosim.Store, bool) {
	for _, one := range server.Stores("") {
		if one.ID == id {
			return one, true
		}
	}
	return civosim.Store{}, false
}

// DriftStore changes the object store at Civo, as somebody else would.
func (s *Scenario) DriftStore(change func(*civosim.Store)) {
	s.t.Helper()
	s.ChangeStore(s.Store().ID, change)
	s.Restart()
}

// Restart starts a new provider, as each command of Terraform does. It has read nothing yet.
func (s *Scenario) Restart() {
	s.t.Helper()
	s.Driver = s.Env.Driver(s.t, s.arguments...).For(s.typeName)
}

// Expect verifies that diagnostics contain an error, and a text that a regular expression matches.
func (s *Scenario) Expect(diags Diagnostics, message string) {
	s.t.Helper()
	s.expect(diags, "the operation", message)
}

// Warn runs terraform plan, which must succeed with a warning that a regular expression matches.
func (s *Scenario) Warn(config Object, message string) {
	s.t.Helper()
	_, diags := s.RunPlan(s.t.Context(), s.Instance, config)
	if text := diags.String(); diags.Failed() || !regexp.MustCompile("(?s)WARNING: .*"+message).MatchString(text) {
		s.t.Fatalf("terraform plan does not warn with %q: %s", message, text)
	}
}
