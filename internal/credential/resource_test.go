package credential_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// address is the resource address in the configurations of these tests.
const address = "civo_objectstore_credential.test"

// credentialNamed returns the configuration of a credential with a name and other arguments, one per line.
func credentialNamed(name string, arguments ...string) string {
	config := fmt.Sprintf("resource \"civo_objectstore_credential\" \"test\" {\n  name = %q\n", name)
	for _, argument := range arguments {
		config += "  " + argument + "\n"
	}
	return config + "}\n"
}

func attribute(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), check)
}

func planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

func unchanged() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

var (
	generatedAccessKey = knownvalue.StringRegexp(regexp.MustCompile(`^[A-Z0-9]{20}$`))
	generatedSecret    = knownvalue.StringRegexp(regexp.MustCompile(`^[A-Za-z0-9]{40}$`))
)

// only returns the one credential in the simulator.
func only(t *testing.T, w *acctest.Env) civosim.Credential {
	t.Helper()
	all := w.Credentials("")
	if len(all) != 1 {
		t.Fatalf("there are %d credentials at Civo, not 1: %+v", len(all), all)
	}
	return all[0]
}

func TestAccCredential_Lifecycle(t *testing.T) {
	t.Parallel()
	w, name := acctest.New(t), acctest.Name(t)
	ids := statecheck.CompareValue(compare.ValuesSame())
	sameID := func() statecheck.StateCheck { return ids.AddStateValue(address, tfjsonpath.New("id")) }
	supplied := fmt.Sprintf("access_key_id = %q", name)
	w.Test(t, resource.TestCase{
		CheckDestroy: isGone(t, w, name),
		Steps: []resource.TestStep{
			{
				Config: w.Config(credentialNamed(name)),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
						plancheck.ExpectKnownValue(address, tfjsonpath.New("endpoint"), knownvalue.StringRegexp(regexp.MustCompile(`^https://objectstore\.[a-z]{3}\d\.civo\.com$`))),
						plancheck.ExpectSensitiveValue(address, tfjsonpath.New("secret_access_key")),
					},
				},
				ConfigStateChecks: []statecheck.StateCheck{
					sameID(),
					attribute("id", knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f-]{36}$`))),
					attribute("name", knownvalue.StringExact(name)),
					attribute("access_key_id", generatedAccessKey),
					attribute("secret_access_key", generatedSecret),
					attribute("status", knownvalue.StringExact("ready")),
					attribute("suspended", knownvalue.Bool(false)),
				},
				Check: isAtCivo(t, w, name),
			},
			{Config: w.Config(credentialNamed(name)), ConfigPlanChecks: unchanged()},
			{
				Config:            w.Config(credentialNamed(name, supplied)),
				ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{sameID(), attribute("access_key_id", knownvalue.StringExact(name))},
				Check:             isAtCivo(t, w, name),
			},
			{
				Config:           w.Config(credentialNamed(name, `access_key_id = "`+name+`-b"`, `secret_access_key = "second"`)),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), ConfigStateChecks: []statecheck.StateCheck{sameID()},
				Check: isAtCivo(t, w, name),
			},
			// After they are removed from the configuration, they keep their values.
			{Config: w.Config(credentialNamed(name)), ConfigPlanChecks: unchanged()},
			{ResourceName: address, ImportState: true, ImportStateVerify: true},
			{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: withRegion},
		},
	})
}

// withRegion returns the import ID REGION/ID.
func withRegion(state *terraform.State) (string, error) {
	attributes := state.RootModule().Resources[address].Primary.Attributes
	return attributes["region"] + "/" + attributes["id"], nil
}

func isAtCivo(t *testing.T, w *acctest.Env, name string) resource.TestCheckFunc {
	t.Helper()
	return func(state *terraform.State) error {
		attributes := state.RootModule().Resources[address].Primary.Attributes
		got, err := w.Client(t).Credentials(attributes["region"]).Get(t.Context(), attributes["id"])
		if err != nil {
			return err
		}
		if got.Name != name || got.AccessKeyID != attributes["access_key_id"] || got.SecretAccessKey.Reveal() != attributes["secret_access_key"] {
			return fmt.Errorf("at Civo is %+v, which is not what the state says", got)
		}
		return nil
	}
}

func isGone(t *testing.T, w *acctest.Env, name string) resource.TestCheckFunc {
	t.Helper()
	return func(*terraform.State) error {
		all, err := w.Client(t).Credentials("LON1").All(t.Context())
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Name == name {
				return fmt.Errorf("the credential %s is still there", c.ID)
			}
		}
		return nil
	}
}

func TestRegion_CaseAndDefaultChangeNothing(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Apply(acctest.Object{"name": "some-name", "region": "fra1"})
	s.Unchanged(acctest.Object{"name": "some-name", "region": "FRA1"})
	s.Unchanged(acctest.Object{"name": "some-name", "region": "Fra1"})
	for _, region := range []string{"LON1", "NYC1"} { // of the provider
		s.Driver = s.Env.Driver(t, acctest.Object{"region": region})
		s.Unchanged(acctest.Object{"name": "some-name"})
	}
	s.Has("region", "fra1")
}

func TestCredential_NameAndRegionReplace(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Apply(acctest.Object{"name": "some-name"})
	first := s.Get("id")
	if plan := s.Apply(acctest.Object{"name": "other-name"}); len(plan.Replaces) == 0 || s.Get("id") == first {
		t.Errorf("another name replaces %q", plan.Replaces)
	}
	second := s.Get("id")
	if plan := s.Apply(acctest.Object{"name": "other-name", "region": "NYC1"}); len(plan.Replaces) == 0 || s.Get("id") == second {
		t.Errorf("another region replaces %q", plan.Replaces)
	}
	s.Has("endpoint", "https://objectstore.nyc1.civo.com")
	if all := s.Credentials(""); len(all) != 1 {
		t.Errorf("at Civo are %+v", all)
	}
}

func TestCredential_Requests(t *testing.T) {
	t.Parallel()
	s, config := acctest.NewScenario(t, civosim.Options{}), acctest.Object{"name": "some-name"}
	s.ApplyOnce(config)
	post, get, regions := s.Count(civosim.KindCreateCredential), s.Count(civosim.KindGetCredential), s.Count(civosim.KindListRegions)
	if post != 1 || get != 1 || regions != 1 || s.Count() != 3 {
		t.Errorf("a create that is ready at once sent %d POSTs, %d GETs, %d requests for the regions, and %d requests in all", post, get, regions, s.Count())
	}
	s.Restart()
	s.ResetRecord()
	s.Unchanged(config)
	if n := s.Count(); n != 1 {
		t.Errorf("a plan of one unchanged credential sent %d requests", n)
	}
}

func TestTimeouts_NoRequest(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Apply(acctest.Object{"name": "some-name"})
	s.ResetRecord()
	if plan := s.Apply(acctest.Object{"name": "some-name", "timeouts": acctest.Object{"create": "7m"}}); plan.IsEmpty() {
		t.Error("the timeout is not planned")
	}
	if n := s.Count(civosim.KindUpdateCredential); n != 0 {
		t.Errorf("%d updates were sent", n)
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		config  acctest.Object
		drift   func(*civosim.Credential)
		changes string   // what the next plan changes
		has     []string // the state after the next apply
	}{
		"supplied secret": {
			acctest.Object{"name": "some-name", "secret_access_key": "ours"},
			func(c *civosim.Credential) { c.SecretAccessKey = "theirs" },
			"secret_access_key",
			[]string{"secret_access_key", "ours"},
		},
		"generated keys": {
			acctest.Object{"name": "some-name"},
			func(c *civosim.Credential) {
				c.AccessKeyID, c.SecretAccessKey, c.Suspended = "their-key", "their-secret", true
			},
			"",
			[]string{"access_key_id", "their-key", "secret_access_key", "their-secret", "suspended", "true"},
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, civosim.Options{})
			s.Apply(c.config)
			s.Drift(c.drift)
			if plan := s.Apply(c.config); strings.Join(plan.Changes(), " ") != c.changes {
				t.Errorf("the plan changes %q, not %q", plan.Changes(), c.changes)
			}
			s.Has(c.has...)
			s.Has("secret_access_key", s.Remote().SecretAccessKey)
		})
	}
}

func TestCreate_Failed(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{ReadyAfter: 50 * time.Millisecond})
	s.FailCreates(true)
	s.Refuse(acctest.Object{"name": "some-name"}, `Civo could not create the credential`)
	failed := s.Get("id")
	s.FailCreates(false)
	s.Apply(acctest.Object{"name": "some-name"})
	s.Has("status", "ready")
	if only(t, s.Env).ID == failed {
		t.Error("the failed credential was not replaced")
	}
}
