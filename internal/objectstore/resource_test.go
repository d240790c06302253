package objectstore_test

import (
	"context"
	"fmt"
	"net/http"
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

func TestObjectStore_Requests(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{StoreReadyAfter: 50 * time.Millisecond, StoreGoneAfter: 50 * time.Millisecond})
	i := d.NewInstance()
	apply(t, d, i, acctest.Object{"name": "acme"})
	id := only(t, w).ID

	w.ResetRecord()
	apply(t, d, i, acctest.Object{"name": "acme", "max_size_gb": 1000})
	if w.Count(civosim.KindUpdateStore) != 1 || only(t, w).ID != id || only(t, w).MaxSizeGB != 1000 {
		t.Errorf("%d PUTs, and Civo has %+v", w.Count(civosim.KindUpdateStore), only(t, w))
	}

	w.ResetRecord()
	if plan := apply(t, d, i, acctest.Object{"name": "acme", "max_size_gb": 1000, "force_destroy": true}); plan.IsEmpty() {
		t.Error("force_destroy does not change the plan")
	}
	if w.Count(civosim.KindUpdateStore) != 0 {
		t.Error("a change of force_destroy alone sends a PUT")
	}

	plan := apply(t, d, i, acctest.Object{"name": "other", "max_size_gb": 1000})
	if len(plan.Replaces) != 1 || only(t, w).Name != "other" || only(t, w).ID == id {
		t.Errorf("a change of the name replaces because of %v, and Civo has %+v", plan.Replaces, only(t, w))
	}

	w.RemoveStore(only(t, w).ID)
	if plan := apply(t, d, i, acctest.Object{"name": "other"}); !plan.Creates() || only(t, w).MaxSizeGB != 500 {
		t.Errorf("a store deleted elsewhere is not created again: %+v", w.Stores(""))
	}
	apply(t, d, i, nil)
	if left := w.Stores(""); len(left) > 0 {
		t.Errorf("destroy returned while Civo still had %+v", left)
	}
}

func TestObjectStore_DriftInSize(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	i := d.NewInstance()
	apply(t, d, i, acctest.Object{"name": "acme"})
	w.ChangeStore(only(t, w).ID, func(s *civosim.Store) { s.MaxSizeGB = 2000 })
	plan := apply(t, d, i, acctest.Object{"name": "acme"})
	if got, want := plan.Changes(), []string{"max_size_gb"}; !slices.Equal(got, want) || only(t, w).MaxSizeGB != 500 {
		t.Errorf("the plan changes %v, and Civo has %+v", got, only(t, w))
	}
}

func TestObjectStore_InvalidArguments(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	for _, test := range []struct {
		name     string
		config   acctest.Object
		contains []string
	}{
		{"empty name", acctest.Object{"name": ""}, []string{"Invalid object store name", `AttributeName("name")`}},
		{"size 0", acctest.Object{"name": "acme", "max_size_gb": 0}, []string{"Invalid object store size", "Use 500.", `AttributeName("max_size_gb")`}},
		{"size 700", acctest.Object{"name": "acme", "max_size_gb": 700}, []string{"Invalid object store size", "Use 500 or 1000."}},
		{"size 500.5", acctest.Object{"name": "acme", "max_size_gb": 500.5}, []string{"Invalid object store size", "the value is 500.5 GB. Use 500 or 1000."}},
		{"size 1e30", acctest.Object{"name": "acme", "max_size_gb": 1e30}, []string{"Invalid object store size", "the value is 1e+30 GB. Use 500."}},
		{"negative size", acctest.Object{"name": "acme", "max_size_gb": -500}, []string{"Invalid object store size", "Use 500."}},
		{"empty owner", acctest.Object{"name": "acme", "access_key_id": ""}, []string{"Invalid access key ID", `AttributeName("access_key_id")`}},
		{"region", acctest.Object{"name": "acme", "region": "lon don"}, []string{"Invalid region code", `AttributeName("region")`}},
		{"timeout", acctest.Object{"name": "acme", "timeouts": acctest.Object{"delete": "0s"}}, []string{"Invalid timeout"}},
	} {
		t.Log(test.name)
		fails(t, d.Validate(t.Context(), test.config), test.contains...)
	}
	for _, config := range []acctest.Object{{"name": "acme", "id": "acme"}, {}} {
		_, diags := d.Data(t.Context(), config)
		fails(t, diags, `AttributeName("name")`)
	}
	if w.Count() != 0 {
		t.Errorf("%d requests were sent", w.Count())
	}
}

// A refresh that fails for any reason does not remove the store from the state.
func TestObjectStore_StateSurvivesErrors(t *testing.T) {
	t.Parallel()
	for _, effect := range []civosim.Effect{
		civosim.Effect404Account, civosim.Effect401, civosim.Effect403, civosim.Effect500, civosim.Effect502HTML,
		civosim.EffectHTML200, civosim.EffectClose,
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, civosim.Options{})
			i := d.NewInstance()
			apply(t, d, i, acctest.Object{"name": "acme"})
			w.Inject(civosim.Fault{Effect: effect})
			if diags := d.Refresh(t.Context(), i); !diags.Failed() || !i.Exists() {
				t.Errorf("the store is in the state: %t, %s", i.Exists(), diags)
			}
		})
	}
	t.Run("region down", func(t *testing.T) {
		t.Parallel()
		w, d := simulated(t, civosim.Options{})
		i := d.NewInstance()
		apply(t, d, i, acctest.Object{"name": "acme"})
		w.SetRegionDown("lon1", true)
		if diags := d.Refresh(t.Context(), i); !diags.Failed() || !i.Exists() {
			t.Errorf("the store is in the state: %t, %s", i.Exists(), diags)
		}
	})
}

func TestObjectStore_LostResponse(t *testing.T) {
	t.Parallel()
	for _, effect := range []civosim.Effect{civosim.EffectAfterClose, civosim.EffectAfter500, civosim.EffectAfterCut} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, civosim.Options{})
			w.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Nth: 1, Effect: effect})
			i := d.NewInstance()
			apply(t, d, i, acctest.Object{"name": "acme"})
			if i.Get("id") != only(t, w).ID || i.Tainted {
				t.Errorf("the state has %s, tainted %t; Civo has %+v", i.State, i.Tainted, only(t, w))
			}
		})
	}
}

// After a create with an unknown outcome, the state contains the store without an ID, and the next refresh finds it by its name and owner.
func TestObjectStore_UncertainCreate(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	w.AddCredential(civosim.Credential{AccessKeyID: "key"})
	config := acctest.Object{"name": "acme", "access_key_id": "key"}
	i := uncertain(t, w, d, config, civosim.EffectAfterClose, "contains its name,")
	if diags := d.Refresh(t.Context(), i); diags.Failed() || i.Get("id") != only(t, w).ID {
		t.Errorf("the refresh found %q: %s", i.Get("id"), diags)
	}
}

// uncertain creates a store with an unknown outcome: the POST has an effect, and the lists after it fail.
func uncertain(
	t *testing.T, w *acctest.Env, d *acctest.Driver, config acctest.Object, effect civosim.Effect, message string,
) *acctest.Instance {
	t.Helper()
	w.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Effect: effect},
		civosim.Fault{Kind: civosim.KindListStores, Nth: 2, Times: 100, Effect: civosim.Effect503})
	i := d.NewInstance()
	_, diags := d.Run(t.Context(), i, config)
	fails(t, diags, "may have created the object store", message)
	if !i.Exists() || i.Get("id") != "" {
		t.Fatalf("the state has %s", i.State)
	}
	w.ClearFaults()
	return i
}

// Without an owner, only the name is known, which can belong to a store of somebody else. No later run changes that store.
func TestObjectStore_UncertainCreateOwnerless(t *testing.T) {
	t.Parallel()
	config, larger := acctest.Object{"name": "acme"}, acctest.Object{"name": "acme", "max_size_gb": 1000}
	for name, test := range map[string]struct {
		taken  bool
		run    func(context.Context, *acctest.Driver, *acctest.Instance) acctest.Diagnostics
		fails  bool
		exists bool // in the state after the run
	}{
		"destroy, name taken": {taken: true, run: running(nil)},
		"destroy, name free":  {run: running(nil)},
		"apply, name taken":   {taken: true, run: running(config), fails: true},
		"apply, name free":    {run: running(config), exists: true},
		"untaint and apply, name taken": {taken: true, fails: true, exists: true, run: func(ctx context.Context, d *acctest.Driver, i *acctest.Instance) acctest.Diagnostics {
			i.Tainted = false
			return running(larger)(ctx, d, i)
		}},
		"destroy without refresh, name taken": {taken: true, run: func(ctx context.Context, d *acctest.Driver, i *acctest.Instance) acctest.Diagnostics {
			plan, diags := d.Plan(ctx, i, nil)
			return append(diags, d.Apply(ctx, i, plan)...)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, civosim.Options{})
			i := uncertain(t, w, d, config, civosim.EffectClose, "how to import the existing object store")
			var theirs civosim.Store
			if test.taken {
				theirs = w.AddStore(civosim.Store{Name: "acme"})
			}
			diags := test.run(t.Context(), d, i)
			if diags.Failed() != test.fails || i.Exists() != test.exists || test.exists && test.fails != (i.Get("id") == "") {
				t.Errorf("the state has %s: %s", i.State, diags)
			}
			if !test.taken {
				return
			}
			if only(t, w) != theirs {
				t.Errorf("their store is %+v", only(t, w))
			}
			owner, _ := w.Credential(theirs.OwnerID)
			for _, text := range []string{owner.AccessKeyID, "terraform import 'civo_objectstore.NAME' LON1/" + theirs.ID} {
				if !strings.Contains(diags.String(), text) {
					t.Errorf("the diagnostics do not show %s: %s", text, diags)
				}
			}
		})
	}
}

// running returns a whole run with a configuration.
func running(config acctest.Object) func(context.Context, *acctest.Driver, *acctest.Instance) acctest.Diagnostics {
	return func(ctx context.Context, d *acctest.Driver, i *acctest.Instance) acctest.Diagnostics {
		_, diags := d.Run(ctx, i, config)
		return diags
	}
}

// Civo creates the owner's keys after the store, or never returns them. The next plan is empty.
func TestObjectStore_OwnerAppearsLate(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]civosim.Options{"late": {ReadyAfter: 100 * time.Millisecond}, "never": {HideOwners: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, options)
			i := d.NewInstance()
			ctx := t.Context()
			if options.HideOwners {
				ctx = simtest.ExpiringAt(ctx, w.Server, civosim.KindGetStore, 3)
			}
			_, diags := d.Run(ctx, i, acctest.Object{"name": "acme"})
			owner, _ := w.Credential(only(t, w).OwnerID)
			if want := map[string]string{"late": owner.AccessKeyID, "never": ""}[name]; diags.Failed() || i.Tainted || i.Get("access_key_id") != want {
				t.Errorf("the state has %s: %s", i.State, diags)
			}
			if warns := strings.Contains(diags.String(), "Owner not known"); warns != options.HideOwners {
				t.Errorf("the diagnostics are %s", diags)
			}
			if plan := apply(t, d, i, acctest.Object{"name": "acme"}); !plan.IsEmpty() {
				t.Errorf("the next plan changes %v", plan.Changes())
			}
		})
	}
}

// The warning about another endpoint appears once in a run, and its advice works.
func TestObjectStore_OtherEndpoint(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{StoreEndpoint: "s3.{region}.example.com"})
	one, two := d.NewInstance(), d.NewInstance()
	const line = `objectstore_endpoint = "https://s3.{region}.example.com"`
	_, first := d.Run(t.Context(), one, acctest.Object{"name": "acme-one"})
	_, second := d.Run(t.Context(), two, acctest.Object{"name": "acme-two"})
	if !strings.Contains(first.String(), line) || len(second) > 0 {
		t.Errorf("the diagnostics are %s and %s", first, second)
	}
	d = w.Driver(t, acctest.Object{"objectstore_endpoint": "https://s3.{region}.example.com"}).For(typeName)
	if _, diags := d.Run(t.Context(), one, acctest.Object{"name": "acme-one"}); len(diags) > 0 || one.Get("endpoint") != "https://s3.lon1.example.com" {
		t.Errorf("the endpoint is %s: %s", one.Get("endpoint"), diags)
	}
}

func TestObjectStore_NameTaken(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{TakenStoreNames: []string{"theirs"}})
	ours := w.AddStore(civosim.Store{Name: "ours"})
	for _, lost := range []bool{false, true} {
		if lost {
			w.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Nth: 1, Effect: civosim.EffectClose})
		}
		i := d.NewInstance()
		_, diags := d.Run(t.Context(), i, acctest.Object{"name": "ours"})
		fails(t, diags, "Object store name already taken", `AttributeName("name")`, "terraform import 'civo_objectstore.NAME' LON1/"+ours.ID)
		if i.Exists() {
			t.Errorf("a store that existed before is in the state: %s", i.State)
		}
		_, diags = d.Run(t.Context(), i, acctest.Object{"name": "theirs"})
		fails(t, diags, "Object store name already taken", "another customer probably has it")
		if strings.Contains(diags.String(), "terraform import") {
			t.Errorf("a store of another customer cannot be imported: %s", diags)
		}
	}
	if only(t, w).ID != ours.ID {
		t.Errorf("Civo has %+v", w.Stores(""))
	}
}

func TestObjectStore_MissingOwner(t *testing.T) {
	t.Parallel()
	_, d := simulated(t, civosim.Options{})
	_, diags := d.Run(t.Context(), d.NewInstance(), acctest.Object{"name": "acme", "access_key_id": "NOSUCHKEY"})
	fails(t, diags, "Owner not found", `AttributeName("access_key_id")`)
}

func TestObjectStore_Failed(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{StoreReadyAfter: time.Hour})
	w.OnArrival(civosim.KindGetStore, 1, func() { w.ChangeStore(w.Stores("")[0].ID, func(s *civosim.Store) { s.Status = "failed" }) })
	i := d.NewInstance()
	_, diags := d.Run(t.Context(), i, acctest.Object{"name": "acme"})
	fails(t, diags, "Civo could not create the object store", "acme")
	if !i.Tainted || i.Get("id") != only(t, w).ID {
		t.Errorf("tainted %t, state %s", i.Tainted, i.State)
	}
}

// Creating 100 stores, which become ready after 1 s, takes one POST, one list and one or two GETs for each store. The tests of the client
// check the number of GETs in simulated time.
func TestObjectStore_RequestsOfHundred(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes 12 s")
	}
	w := acctest.Simulated(t, civosim.Options{StoreReadyAfter: time.Second})
	owner := w.AddCredential(civosim.Credential{})
	ws := w.Workspace(t, fmt.Sprintf(`
terraform {
  required_providers {
    civo = { source = %q }
  }
}
resource "civo_objectstore" "test" {
  count         = 100
  name          = "acme-${count.index}"
  access_key_id = %q
}
`, strings.TrimPrefix(acctest.Address(), "registry.terraform.io/"), owner.AccessKeyID))
	const fresh = 30 * time.Second
	w.ResetRecord()
	ws.MustRun("apply", "-auto-approve", "-no-color")
	posts, gets, lists := w.Count(civosim.KindCreateStore), w.Count(civosim.KindGetStore), w.Count(civosim.KindListStores)
	t.Logf("apply of 100 stores: %d POSTs, %d GETs, %d lists", posts, gets, lists)
	if posts != 100 || gets > 250 || lists > 100 {
		t.Error("more than 100 POSTs, 250 GETs and 100 lists")
	}
	w.ResetRecord()
	began := time.Now()
	ws.MustRun("plan", "-detailed-exitcode", "-no-color")
	if n, most := w.Count(), 2+2*int(time.Since(began)/fresh); n > most {
		t.Errorf("the plan of 100 unchanged stores sent %d requests, not at most %d", n, most)
	}
}

// If Civo rejects a deletion, the error contains Civo's response, and the store remains in the state.
func TestObjectStore_DeletionRejected(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	i := d.NewInstance()
	apply(t, d, i, acctest.Object{"name": "acme"})
	w.Inject(civosim.Fault{Method: http.MethodDelete, Effect: civosim.Effect400})
	_, diags := d.Run(t.Context(), i, nil)
	fails(t, diags, "Could not delete the object store")
	if !i.Exists() {
		t.Error("the store is no longer in the state")
	}
}

// If the provider's region is known only when the plan is applied, the store is created there.
func TestCreate_RegionKnownAtApply(t *testing.T) {
	t.Parallel()
	w, _ := simulated(t, civosim.Options{})
	planning, diags := w.Configure(t.Context(), acctest.Object{"region": acctest.Unknown})
	if diags.Failed() {
		t.Fatal(diags)
	}
	applying, _ := w.Configure(t.Context(), acctest.Object{"region": "fra1"})
	i := applying.For(typeName).NewInstance()
	plan, diags := planning.For(typeName).Plan(t.Context(), i, acctest.Object{"name": "acme-backups"})
	if diags.Failed() || plan.Known("region") {
		t.Fatalf("the region is planned as known: %s", diags)
	}
	if diags := applying.For(typeName).Apply(t.Context(), i, plan); diags.Failed() {
		t.Fatal(diags)
	}
	if i.Get("region") != "fra1" || only(t, w).Region != "fra1" {
		t.Errorf("the region is %q in the state and %q at Civo", i.Get("region"), only(t, w).Region)
	}
}

// A store that failed stays as it is until the user replaces it.
func TestPlan_FailedStore(t *testing.T) {
	t.Parallel()
	w, p := simulated(t, civosim.Options{})
	i := p.NewInstance()
	config := acctest.Object{"name": "acme-backups"}
	apply(t, p, i, config)
	w.ChangeStore(only(t, w).ID, func(s *civosim.Store) { s.Status = "failed" })
	if diags := p.Refresh(t.Context(), i); diags.Failed() || i.Get("status") != "failed" {
		t.Fatalf("the status is %q: %s", i.Get("status"), diags)
	}
	if plan, diags := p.Plan(t.Context(), i, config); diags.Failed() || !plan.IsEmpty() {
		t.Errorf("the plan changes %v: %s", plan.Changes(), diags)
	}
}
