package objectstore_test

import (
	"fmt"
	"regexp"
	"slices"
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
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// required is the block that names the provider.
const required = "terraform {\n  required_providers {\n    civo = { source = \"seed-0e51fd2b/civo\" }\n  }\n}\n"

// withCredential returns the configuration of a credential and a store that it owns. The store has additional arguments.
func withCredential(name string, arguments ...string) string {
	return fmt.Sprintf(`
resource "civo_objectstore_credential" "test" {
  name = %q
}

resource "civo_objectstore" "test" {
  name          = %q
  access_key_id = civo_objectstore_credential.test.access_key_id
  %s
}
`, name, name, strings.Join(arguments, "\n  "))
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

// importID returns an import ID with the region of the state.
func importID(attribute string) resource.ImportStateIdFunc {
	return func(state *terraform.State) (string, error) {
		attributes := state.RootModule().Resources[address].Primary.Attributes
		return attributes["region"] + "/" + attributes[attribute], nil
	}
}

func TestAccObjectStore_Lifecycle(t *testing.T) {
	t.Parallel()
	w, name := acctest.New(t), acctest.Name(t)
	sameID := statecheck.CompareValue(compare.ValuesSame())
	run(t, w, resource.TestCase{
		Steps: []resource.TestStep{
			{
				Config:           w.Config(withCredential(name)),
				ConfigPlanChecks: planned(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					sameID.AddStateValue(address, tfjsonpath.New("id")),
					attribute("id", knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f-]{36}$`))),
					attribute("max_size_gb", knownvalue.Int64Exact(500)),
					attribute("force_destroy", knownvalue.Bool(false)),
					attribute("status", knownvalue.StringExact("ready")),
					attribute("bucket_url", knownvalue.StringRegexp(regexp.MustCompile(`^https://objectstore\.[a-z]{3}\d\.civo\.com/`+name+`$`))),
					statecheck.CompareValuePairs(address, tfjsonpath.New("access_key_id"),
						"civo_objectstore_credential.test", tfjsonpath.New("access_key_id"), compare.ValuesSame()),
					statecheck.CompareValuePairs(address, tfjsonpath.New("endpoint"),
						"civo_objectstore_credential.test", tfjsonpath.New("endpoint"), compare.ValuesSame()),
				},
			},
			{Config: w.Config(withCredential(name)), ConfigPlanChecks: unchanged()},
			{
				Config:           w.Config(withCredential(name, "max_size_gb = 1000")),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{
					sameID.AddStateValue(address, tfjsonpath.New("id")), attribute("max_size_gb", knownvalue.Int64Exact(1000)),
				},
			},
			{ResourceName: address, ImportState: true, ImportStateVerify: true},
			{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: importID("id")},
			{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: importID("name")},
			{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateId: name},
		},
	})
}

func TestAccObjectStore_OwnerCreatedByCivo(t *testing.T) {
	t.Parallel()
	w, name := acctest.New(t), acctest.Name(t)
	config := fmt.Sprintf("resource \"civo_objectstore\" \"test\" {\n  name = %q\n}\n", name)
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(config), ConfigStateChecks: []statecheck.StateCheck{attribute("access_key_id", knownvalue.StringRegexp(regexp.MustCompile(`.`)))}},
		{Config: w.Config(config), ConfigPlanChecks: unchanged()},
	}})
}

// Each change sends the fewest requests. A destroy ends only when Civo no longer has the store.
func TestObjectStore_Requests(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{StoreReadyAfter: 50 * time.Millisecond, StoreGoneAfter: 50 * time.Millisecond})
	s.Apply(minimal)
	id := s.Get("id")
	s.Apply(large)
	if s.Count(civosim.KindUpdateStore) != 1 || s.Store().MaxSizeGB != 1000 {
		t.Errorf("%d PUTs, and Civo has %+v", s.Count(civosim.KindUpdateStore), s.Store())
	}
	s.Has("id", id)

	s.ResetRecord()
	plan := s.Apply(with(large, acctest.Object{"force_destroy": true}))
	if !slices.Equal(plan.Changes(), []string{"force_destroy"}) || s.Count(civosim.KindUpdateStore) != 0 {
		t.Errorf("force_destroy changes %v, with %d PUTs", plan.Changes(), s.Count(civosim.KindUpdateStore))
	}
	plan = s.Apply(with(large, other))
	if len(plan.Replaces) != 1 || only(t, s.Env).Name != "acme-other" || s.Get("id") == id {
		t.Errorf("a change of the name replaces because of %v, and Civo has %+v", plan.Replaces, s.Stores(""))
	}
	s.DriftStore(func(st *civosim.Store) { st.MaxSizeGB = 2000 })
	if plan := s.Apply(other); !slices.Equal(plan.Changes(), []string{"max_size_gb"}) || s.Store().MaxSizeGB != 500 {
		t.Errorf("after drift, the plan changes %v, and Civo has %+v", plan.Changes(), s.Store())
	}
	s.RemoveStore(s.Store().ID)
	s.Restart()
	if plan := s.Apply(large); !plan.Creates() || s.Store().MaxSizeGB != 1000 {
		t.Errorf("a store deleted elsewhere is not created again: %+v", s.Stores(""))
	}
	s.Apply(nil)
	if left := s.Stores(""); len(left) > 0 {
		t.Errorf("destroy returned while Civo still had %+v", left)
	}
}

// After a create with an unknown outcome, the state contains the store without an ID. The name and the owner identify the store in the
// next run. Without an owner, only the name is known, which can belong to a store of somebody else. No later run changes that store.
func TestObjectStore_UncertainCreate(t *testing.T) {
	t.Parallel()
	type run func(*acctest.Scenario) acctest.Diagnostics
	applying := func(config acctest.Object) run {
		return func(s *acctest.Scenario) acctest.Diagnostics {
			_, diags := s.Run(t.Context(), s.Instance, config)
			return diags
		}
	}
	untainted := func(s *acctest.Scenario) acctest.Diagnostics {
		s.Tainted = false
		return applying(large)(s)
	}
	destroyingWithoutRefresh := func(s *acctest.Scenario) acctest.Diagnostics { return s.ApplyUnrefreshed(nil) }
	for name, test := range map[string]struct {
		taken  bool // after the create, somebody else creates a store with the name
		run    run
		fails  bool
		exists bool // in the state after the run
	}{
		"destroy, name taken":                 {taken: true, run: applying(nil)},
		"destroy, name free":                  {run: applying(nil)},
		"apply, name taken":                   {taken: true, run: applying(minimal), fails: true},
		"apply, name free":                    {run: applying(minimal), exists: true},
		"untaint and apply, name taken":       {taken: true, run: untainted, fails: true, exists: true},
		"destroy without refresh, name taken": {taken: true, run: destroyingWithoutRefresh},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := uncertain(t, minimal, civosim.EffectClose, "how to import the existing object store")
			if !test.taken {
				if diags := test.run(s); diags.Failed() || s.Exists() != test.exists || test.exists && s.Get("id") == "" {
					t.Errorf("the state has %s: %s", s.State, diags)
				}
				return
			}
			theirs := s.AddStore(civosim.Store{Name: "acme-backups"})
			diags := test.run(s)
			if diags.Failed() != test.fails || s.Exists() != test.exists || s.Get("id") != "" || only(t, s.Env) != theirs {
				t.Errorf("the state has %s, and their store is %+v: %s", s.State, only(t, s.Env), diags)
			}
			owner, _ := s.Credential(theirs.OwnerID)
			for _, text := range []string{owner.AccessKeyID, "terraform import 'civo_objectstore.NAME' LON1/" + theirs.ID} {
				if !strings.Contains(diags.String(), text) {
					t.Errorf("the diagnostics do not show %s: %s", text, diags)
				}
			}
		})
	}
	t.Run("with owner", func(t *testing.T) {
		t.Parallel()
		s := uncertain(t, keyOne, civosim.EffectAfterClose, "contains its name,")
		s.Plan(keyOne)
		s.Has("id", only(t, s.Env).ID)
	})
}

// uncertain creates a store with an unknown outcome: the POST has an effect, and the lists after it fail.
func uncertain(t *testing.T, config acctest.Object, effect civosim.Effect, message string) *acctest.Scenario {
	t.Helper()
	s := scenario(t, civosim.Options{})
	s.AddCredential(civosim.Credential{AccessKeyID: "key-one"})
	s.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Effect: effect},
		civosim.Fault{Kind: civosim.KindListStores, Nth: 2, Times: 100, Effect: civosim.Effect503})
	s.Refuse(config, "may have created the object store.*"+message)
	if !s.Exists() || s.Get("id") != "" {
		t.Fatalf("the state has %s", s.State)
	}
	s.ClearFaults()
	return s
}

// Civo creates the owner's keys after the store, or never returns them. The next plan is empty.
func TestObjectStore_OwnerAppearsLate(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]civosim.Options{"late": {ReadyAfter: 100 * time.Millisecond}, "never": {HideOwners: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := scenario(t, options)
			ctx := t.Context()
			if options.HideOwners {
				ctx = simtest.ExpiringAt(ctx, s.Server, civosim.KindGetStore, 3)
			}
			_, diags := s.Run(ctx, s.Instance, minimal)
			if diags.Failed() || s.Tainted || strings.Contains(diags.String(), "Owner not known") != options.HideOwners {
				t.Errorf("tainted %t: %s", s.Tainted, diags)
			}
			owner, _ := s.Credential(s.Store().OwnerID)
			s.Has("access_key_id", map[string]string{"late": owner.AccessKeyID, "never": ""}[name])
			if plan := s.Apply(minimal); !plan.IsEmpty() {
				t.Errorf("the next plan changes %v", plan.Changes())
			}
		})
	}
}

// The warning about another endpoint appears once in a run, and its advice works.
func TestObjectStore_OtherEndpoint(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{StoreEndpoint: "s3.{region}.example.com"})
	s := w.Scenario(t).Of(typeName)
	_, first := s.Run(t.Context(), s.Instance, minimal)
	_, second := s.Run(t.Context(), s.NewInstance(), other)
	if !strings.Contains(first.String(), `objectstore_endpoint = "https://s3.{region}.example.com"`) || len(second) > 0 {
		t.Errorf("the diagnostics are %s and %s", first, second)
	}
	advised := w.Scenario(t, acctest.Object{"objectstore_endpoint": "https://s3.{region}.example.com"}).Of(typeName)
	advised.Instance = s.Instance
	if _, diags := advised.Run(t.Context(), advised.Instance, minimal); len(diags) > 0 {
		t.Errorf("after the advice: %s", diags)
	}
	advised.Has("endpoint", "https://s3.lon1.example.com")
}

// A store that fails during its creation is tainted. It then stays as it is until the user replaces it.
func TestObjectStore_Failed(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{StoreReadyAfter: time.Hour})
	s.OnArrival(civosim.KindGetStore, 1, func() { s.ChangeStore(s.Stores("")[0].ID, func(st *civosim.Store) { st.Status = "failed" }) })
	s.Refuse(minimal, "Civo could not create the object store.*acme-backups")
	if !s.Tainted {
		t.Error("the store is not tainted")
	}
	s.Tainted = false
	if plan := s.Plan(minimal); !plan.IsEmpty() {
		t.Errorf("the plan changes %v", plan.Changes())
	}
	s.Has("id", s.Store().ID, "status", "failed")
}

// If the provider's region is known only when the plan is applied, the store is created there.
func TestCreate_RegionKnownAtApply(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	planning := w.Scenario(t, acctest.Object{"region": acctest.Unknown}).Of(typeName)
	applying := w.Scenario(t, acctest.Object{"region": "fra1"}).Of(typeName)
	plan := planning.Plan(minimal)
	if diags := applying.Driver.Apply(t.Context(), applying.Instance, plan); diags.Failed() || plan.Known("region") {
		t.Errorf("the region is planned as known: %t. %s", plan.Known("region"), diags)
	}
	applying.Has("region", "fra1", "region", applying.Store().Region)
}

// Creating 100 stores, which become ready after 1 s, takes one POST, one list and one or two GETs for each store. The tests of the client
// check the number of GETs in simulated time. A plan of 100 credentials and 100 stores takes one GET and one list for each type.
func TestRequests_HundredOfEach(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{StoreReadyAfter: time.Second})
	ws := w.Workspace(t, required+`
resource "civo_objectstore_credential" "test" {
  count = 100
  name  = "owner-${count.index}"
}
resource "civo_objectstore" "test" {
  count         = 100
  name          = "acme-${count.index}"
  access_key_id = civo_objectstore_credential.test[count.index].access_key_id
}
`)
	ws.MustRun("apply", "-auto-approve")
	posts, gets, lists := w.Count(civosim.KindCreateStore), w.Count(civosim.KindGetStore), w.Count(civosim.KindListStores)
	if posts != 100 || gets > 250 || lists > 100 {
		t.Errorf("%d POSTs, %d GETs and %d lists, not at most 100, 250 and 100", posts, gets, lists)
	}
	w.ResetRecord()
	const fresh = 30 * time.Second // afterwards, the provider lists again
	began := time.Now()
	ws.MustRun("plan", "-detailed-exitcode")
	if n, most := w.Count(), 4+4*int(time.Since(began)/fresh); n > most {
		t.Errorf("the plan sent %d requests, not at most %d", n, most)
	}
}
