package objectstore_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

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

// importID returns an import ID with the region and the name in the state.
func importID(state *terraform.State) (string, error) {
	attributes := state.RootModule().Resources[address].Primary.Attributes
	return attributes["region"] + "/" + attributes["name"], nil
}

// terraform-plugin-testing verifies that the plan after each apply is empty.
func TestAccObjectStore_Lifecycle(t *testing.T) {
	t.Parallel()
	w, name := acctest.New(t), acctest.Name(t)
	isUpdate := plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)
	w.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(withCredential(name)), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestMatchResourceAttr(address, "id", regexp.MustCompile(`^[0-9a-f-]{36}$`)),
			resource.TestCheckResourceAttr(address, "max_size_gb", "500"),
			resource.TestCheckResourceAttr(address, "force_destroy", "false"),
			resource.TestCheckResourceAttr(address, "status", "ready"),
			resource.TestMatchResourceAttr(address, "bucket_url", regexp.MustCompile(`^https://objectstore\.[a-z]{3}\d\.civo\.com/`+name+`$`)),
			resource.TestCheckResourceAttrPair(address, "access_key_id", credentialAddress, "access_key_id"),
			resource.TestCheckResourceAttrPair(address, "endpoint", credentialAddress, "endpoint"),
		)},
		{
			Config:           w.Config(withCredential(name, "max_size_gb = 1000")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{isUpdate}},
			Check:            resource.TestCheckResourceAttr(address, "max_size_gb", "1000"),
		},
		{ResourceName: address, ImportState: true, ImportStateVerify: true},
		{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: importID},
	}})
}

func TestAccObjectStore_OwnerCreatedByCivo(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	config := w.Config(fmt.Sprintf("resource \"civo_objectstore\" \"test\" {\n  name = %q\n}\n", acctest.Name(t)))
	w.Test(t, resource.TestCase{Steps: []resource.TestStep{{Config: config, Check: resource.TestCheckResourceAttrSet(address, "access_key_id")}}})
}

// Each change sends the fewest requests. A destroy ends only when Civo no longer has the store.
func TestObjectStore_Requests(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{StoreReadyAfter: 50 * time.Millisecond, StoreGoneAfter: 50 * time.Millisecond})
	s.Apply(minimal)
	id := s.Get("id")
	for _, change := range []struct {
		config  acctest.Object
		drift   int // to this size
		changes []string
		puts    int
	}{
		{config: large, changes: []string{"max_size_gb"}, puts: 1},
		{config: large.With(force), changes: []string{"force_destroy"}},
		{config: large.With(force), drift: 2000, changes: []string{"max_size_gb"}, puts: 1},
	} {
		if change.drift != 0 {
			s.DriftStore(func(st *civosim.Store) { st.MaxSizeGB = change.drift })
		}
		s.ResetRecord()
		plan := s.Apply(change.config)
		puts, size := s.Count(civosim.KindUpdateStore), s.Store().MaxSizeGB
		if !slices.Equal(plan.Changes(), change.changes) || puts != change.puts || size != 1000 {
			t.Errorf("%v changes %v, with %d PUTs, and the size at Civo is %d", change.config, plan.Changes(), puts, size)
		}
		s.Has("id", id)
	}
	if plan := s.Apply(other); len(plan.Replaces) != 1 || only(t, s.Env).Name != "acme-other" || s.Get("id") == id {
		t.Errorf("a change of the name replaces because of %v, and Civo has %+v", plan.Replaces, s.Stores(""))
	}
	s.RemoveStore(s.Store().ID)
	s.Restart()
	if plan := s.Apply(large); !plan.Creates() {
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
	for name, test := range map[string]struct {
		taken                  bool // after the create, somebody else creates a store with the name
		untainted, unrefreshed bool
		config                 acctest.Object
		fails                  bool
		exists                 bool // in the state after the run
	}{
		"destroy, name taken":                 {taken: true},
		"destroy, name free":                  {},
		"apply, name taken":                   {taken: true, config: minimal, fails: true},
		"apply, name free":                    {config: minimal, exists: true},
		"untaint and apply, name taken":       {taken: true, untainted: true, config: large, fails: true, exists: true},
		"destroy without refresh, name taken": {taken: true, unrefreshed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := uncertain(t, minimal, civosim.EffectClose, "how to import the existing object store")
			advice, theirs := "", civosim.Store{}
			if test.taken {
				theirs = s.AddStore(civosim.Store{Name: "acme-backups"})
				owner, _ := s.Credential(theirs.OwnerID)
				advice = owner.AccessKeyID + ".*terraform import 'civo_objectstore.NAME' LON1/" + theirs.ID
			}
			s.Tainted = !test.untainted
			var diags acctest.Diagnostics
			if test.unrefreshed {
				diags = s.ApplyUnrefreshed(test.config)
			} else {
				_, diags = s.Run(t.Context(), s.Instance, test.config)
			}
			if diags.Failed() != test.fails || s.Exists() != test.exists || (s.Get("id") == "") == (test.exists && !test.taken) {
				t.Errorf("the state has %s: %s", s.State, diags)
			}
			if test.taken && (only(t, s.Env) != theirs || !regexp.MustCompile("(?s)"+advice).MatchString(diags.String())) {
				t.Errorf("their store is %+v: %s", only(t, s.Env), diags)
			}
		})
	}
	s := uncertain(t, keyOne, civosim.EffectAfterClose, "contains its name,")
	s.Plan(keyOne)
	s.Has("id", only(t, s.Env).ID)
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
		s, ctx := scenario(t, options), t.Context()
		if options.HideOwners {
			ctx = simtest.ExpiringAt(ctx, s.Server, civosim.KindGetStore, 3)
		}
		_, diags := s.Run(ctx, s.Instance, minimal)
		if diags.Failed() || s.Tainted || strings.Contains(diags.String(), "Owner not known") != options.HideOwners {
			t.Errorf("%s: tainted %t: %s", name, s.Tainted, diags)
		}
		owner, _ := s.Credential(s.Store().OwnerID)
		s.Has("access_key_id", map[string]string{"late": owner.AccessKeyID, "never": ""}[name])
		s.Unchanged(minimal)
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

// A store that fails during its creation remains in the state, and stays as it is until the user replaces it.
func TestObjectStore_Failed(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{StoreReadyAfter: time.Hour})
	failingAtOnce(s.Env)
	s.Refuse(minimal, "Civo could not create the object store.*acme-backups")
	s.Tainted = false
	s.Unchanged(minimal)
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
	applying.Has("region", "fra1", "region", applying.Store().Region, "bucket_url", "https://objectstore.fra1.civo.com/acme-backups")
}
