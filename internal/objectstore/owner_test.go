package objectstore_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// owned creates a store that a credential with the access key ID key-one owns.
func owned(t *testing.T, w *acctest.Env, d *acctest.Driver) (*acctest.Instance, civosim.Credential) {
	t.Helper()
	owner := w.AddCredential(civosim.Credential{Region: "lon1", AccessKeyID: "key-one"})
	i := d.NewInstance()
	apply(t, d, i, acctest.Object{"name": "acme", "access_key_id": "key-one"})
	return i, owner
}

// changeKey changes the access key ID of a credential in place, with the same provider.
func changeKey(t *testing.T, d *acctest.Driver, c civosim.Credential, key string) {
	t.Helper()
	credentials := d.For("civo_objectstore_credential")
	i, diags := credentials.Import(t.Context(), c.ID)
	if diags.Failed() {
		t.Fatal(diags)
	}
	apply(t, credentials, i, acctest.Object{"name": c.Name, "access_key_id": key, "secret_access_key": c.SecretAccessKey})
}

// If Civo reports the new access key ID of the owner, the provider keeps the store.
func TestOwner_KeyChangedInPlace(t *testing.T) {
	t.Parallel()
	for _, omitsID := range []bool{false, true} {
		t.Run(fmt.Sprintf("credential_id omitted %t", omitsID), func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, civosim.Options{OmitOwnerCredentialID: omitsID})
			i, owner := owned(t, w, d)
			id := only(t, w).ID
			config := acctest.Object{"name": "acme", "access_key_id": "key-two"}
			plan, diags := d.Plan(t.Context(), i, config)
			if diags.Failed() || len(plan.Replaces) > 0 || !plan.Known("owner_credential_id") || !plan.Known("owner_credential_name") {
				t.Fatalf("the plan replaces because of %v, or the owner is not planned as known: %s", plan.Replaces, diags)
			}
			changeKey(t, d, owner, "key-two")
			if diags := d.Apply(t.Context(), i, plan); diags.Failed() {
				t.Fatal(diags)
			}
			if only(t, w).ID != id || i.Get("access_key_id") != "key-two" {
				t.Errorf("the state has %s, Civo has %+v", i.State, only(t, w))
			}
		})
	}
}

// If Civo reports the old access key ID of the owner, the apply fails with advice. Neither this plan nor a later one replaces the store.
func TestOwner_OldKeyReported(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{StaleOwnerKeys: true, OmitOwnerCredentialID: true})
	i, owner := owned(t, w, d)
	id := only(t, w).ID
	config := acctest.Object{"name": "acme", "access_key_id": "key-two"}
	plan, diags := d.Plan(t.Context(), i, config)
	if diags.Failed() {
		t.Fatal(diags)
	}
	changeKey(t, d, owner, "key-two")
	fails(t, d.Apply(t.Context(), i, plan), "Object store has another owner", `AttributeName("access_key_id")`, `"key-one"`, `"key-two"`, "change it back")
	if _, diags := d.Run(t.Context(), i, config); !diags.Failed() || only(t, w).ID != id || i.Get("id") != id {
		t.Errorf("the next run: %s; the state has %s, Civo has %+v", diags, i.State, w.Stores(""))
	}
	changeKey(t, d, owner, "key-one")
	if plan := apply(t, d, i, acctest.Object{"name": "acme", "access_key_id": "key-one"}); !plan.IsEmpty() {
		t.Errorf("after the advice, the plan changes %v", plan.Changes())
	}
}

func TestOwner_OtherCredentialReplaces(t *testing.T) {
	t.Parallel()
	for name, unknown := range map[string]bool{"known": false, "unknown": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, civosim.Options{})
			i, _ := owned(t, w, d)
			w.AddCredential(civosim.Credential{Region: "lon1", AccessKeyID: "key-two"})
			config := acctest.Object{"name": "acme", "access_key_id": "key-two"}
			if unknown {
				config["access_key_id"] = acctest.Unknown
			}
			plan, diags := d.Plan(t.Context(), i, config)
			if diags.Failed() || len(plan.Replaces) != 1 || !strings.Contains(diags.String(), "Replacing an object store deletes its data") {
				t.Errorf("the plan replaces because of %v: %s", plan.Replaces, diags)
			}
		})
	}
}

// checkOwner checks the ID and the name of the owner in a state.
func checkOwner(t *testing.T, where string, state tftypes.Value, diags acctest.Diagnostics, id, name string) {
	t.Helper()
	gotID, gotName := acctest.Get(state, "owner_credential_id"), acctest.Get(state, "owner_credential_name")
	if diags.Failed() || gotID != id || gotName != name {
		t.Errorf("%s: the owner has the ID %q and the name %q, not %q and %q: %s", where, gotID, gotName, id, name, diags)
	}
}

// first returns the first element of a list in the state of a data source.
func first(t *testing.T, state tftypes.Value, attribute string) tftypes.Value {
	t.Helper()
	var attributes map[string]tftypes.Value
	var elements []tftypes.Value
	if err := state.As(&attributes); err != nil {
		t.Fatal(err)
	}
	if err := attributes[attribute].As(&elements); err != nil || len(elements) == 0 {
		t.Fatalf("%s has %d elements: %v", attribute, len(elements), err)
	}
	return elements[0]
}

// The ID and the name of the owner are what Civo reports, and null if it does not.
func TestOwner_IDAndName(t *testing.T) {
	t.Parallel()
	const ownerID = "00000000-0000-4000-8000-000000000003"
	for name, test := range map[string]struct {
		options      civosim.Options
		id, wantName string
	}{
		"reported": {id: ownerID, wantName: "backups"},
		"no ID":    {options: civosim.Options{OmitOwnerCredentialID: true}, wantName: "backups"},
		"hidden":   {options: civosim.Options{HideOwners: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, test.options)
			w.AddCredential(civosim.Credential{ID: ownerID, Name: "backups", Region: "lon1", AccessKeyID: "key-one"})
			i := d.NewInstance()
			plan, diags := d.Plan(t.Context(), i, acctest.Object{"name": "acme", "access_key_id": "key-one"})
			if diags.Failed() || plan.Known("owner_credential_id") || plan.Known("owner_credential_name") {
				t.Fatalf("the owner is planned as known: %s", diags)
			}
			diags = d.Apply(t.Context(), i, plan)
			checkOwner(t, "created", i.State, diags, test.id, test.wantName)
			store, config := only(t, w), acctest.Object{"name": "acme", "access_key_id": "key-one", "max_size_gb": 1000}
			if plan := apply(t, d, i, config); !slices.Equal(plan.Changes(), []string{"max_size_gb"}) {
				t.Errorf("a plan of another size changes %v", plan.Changes())
			}
			checkOwner(t, "resized", i.State, nil, test.id, test.wantName)
			if plan := apply(t, d, i, config); !plan.IsEmpty() {
				t.Errorf("the next plan changes %v", plan.Changes())
			}
			imported, diags := d.Import(t.Context(), "acme")
			checkOwner(t, "imported", imported.State, diags, test.id, test.wantName)
			moved, _ := d.Move(t.Context(), officialAddress, officialType, official(t, w, store, nil))
			diags = d.Refresh(t.Context(), moved)
			checkOwner(t, "moved", moved.State, diags, test.id, test.wantName)
			data, diags := d.Data(t.Context(), acctest.Object{"name": "acme"})
			checkOwner(t, "data source", data, diags, test.id, test.wantName)
			all, diags := d.For("civo_objectstores").Data(t.Context(), acctest.Object{})
			checkOwner(t, "plural data source", first(t, all, "objectstores"), diags, test.id, test.wantName)
			listed, diags := d.List(t.Context(), acctest.Object{}, 0, true)
			checkOwner(t, "list resource", listed[0].Resource, diags, test.id, test.wantName)
		})
	}
}

// If the owner no longer exists, the state keeps what Civo does not report any more, but not values of another owner.
func TestOwner_Deleted(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	i, owner := owned(t, w, d)
	w.RemoveCredential(owner.ID)
	plan := apply(t, d, i, acctest.Object{"name": "acme", "access_key_id": "key-one"})
	if !plan.IsEmpty() || i.Get("owner_credential_id") != owner.ID || i.Get("owner_credential_name") != owner.Name {
		t.Errorf("the plan changes %v, and the state has %s", plan.Changes(), i.State)
	}
	other := w.AddCredential(civosim.Credential{Region: "lon1"})
	w.RemoveStore(only(t, w).ID)
	w.AddStore(civosim.Store{ID: i.Get("id"), Name: "acme", OwnerID: other.ID})
	w.RemoveCredential(other.ID)
	if diags := d.Refresh(t.Context(), i); diags.Failed() || i.Get("owner_credential_id") != other.ID || i.Get("owner_credential_name") != "" {
		t.Errorf("the refreshed state has %s: %s", i.State, diags)
	}
}

// A state of a version without the owner's ID and name needs no changes. A refresh adds them.
func TestOwner_StateOfEarlierVersion(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, required+withCredential("acme"))
	ws.MustRun("apply", "-auto-approve", "-no-color")
	current := ws.Read("terraform.tfstate")
	earlier := regexp.MustCompile(`(?m)^\s*"owner_credential_(id|name)": .*\n`).ReplaceAllString(current, "")
	ws.Write("terraform.tfstate", earlier)
	ws.MustRun("plan", "-detailed-exitcode", "-no-color", "-refresh=false")
	ws.MustRun("plan", "-detailed-exitcode", "-no-color")
	ws.MustRun("apply", "-refresh-only", "-auto-approve", "-no-color")
	for _, words := range []string{`"owner_credential_id": "` + only(t, w).OwnerID + `"`, `"owner_credential_name": "acme"`} {
		if refreshed := ws.Read("terraform.tfstate"); strings.Contains(earlier, words) || !strings.Contains(refreshed, words) {
			t.Errorf("the refreshed state does not contain %s, or the earlier one does:\n%s", words, refreshed)
		}
	}
}

// A store that another credential owns at Civo is drift.
func TestOwner_Drift(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	i, _ := owned(t, w, d)
	other := w.AddCredential(civosim.Credential{Region: "lon1", AccessKeyID: "key-two"})
	w.RemoveStore(only(t, w).ID)
	w.AddStore(civosim.Store{ID: i.Get("id"), Name: "acme", OwnerID: other.ID})
	if diags := d.Refresh(t.Context(), i); diags.Failed() || i.Get("owner_credential_id") != other.ID || i.Get("owner_credential_name") != other.Name {
		t.Errorf("the refreshed state has %s: %s", i.State, diags)
	}
	plan := apply(t, d, i, acctest.Object{"name": "acme", "access_key_id": "key-one"})
	if !slices.Contains(plan.Changes(), "access_key_id") || len(plan.Replaces) != 1 || i.Get("access_key_id") != "key-one" {
		t.Errorf("the plan changes %v and replaces because of %v", plan.Changes(), plan.Replaces)
	}
}

// Regenerating the owner's secret does not change the store.
func TestOwner_RotationKeepsStore(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	config := func(month string) string {
		return w.Config(withCredential("acme")) + fmt.Sprintf("\nlocals {\n  month = %q\n}\n", month)
	}
	rotating := func(month string) string {
		return strings.Replace(config(month), `resource "civo_objectstore_credential" "test" {`,
			"resource \"civo_objectstore_credential\" \"test\" {\n  rotate_when_changed = { month = local.month }", 1)
	}
	ws := w.Workspace(t, `terraform { 
  required_providers { 
    civo = { source = "seed-0e51fd2b/civo" } 
  } 
}
`+rotating("2026-11"))
	ws.MustRun("apply", "-auto-approve", "-no-color")
	store, secret := only(t, w), w.Credentials("")[0].SecretAccessKey
	ws.Write("main.tf", strings.Replace(ws.Read("main.tf"), "2026-11", "2026-12", 1))
	output := ws.MustRun("apply", "-auto-approve", "-no-color")
	if !strings.Contains(output, "Plan: 0 to add, 1 to change, 0 to destroy.") || w.Credentials("")[0].SecretAccessKey == secret || only(t, w) != store {
		t.Errorf("Civo has %+v, and Terraform printed: %s", only(t, w), output)
	}
}
