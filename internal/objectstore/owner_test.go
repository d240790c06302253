package objectstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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
			if diags.Failed() || len(plan.Replaces) > 0 {
				t.Fatalf("the plan replaces because of %v: %s", plan.Replaces, diags)
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

// A store that another credential owns at Civo is drift.
func TestOwner_Drift(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	i, _ := owned(t, w, d)
	other := w.AddCredential(civosim.Credential{Region: "lon1", AccessKeyID: "key-two"})
	w.RemoveStore(only(t, w).ID)
	w.AddStore(civosim.Store{ID: i.Get("id"), Name: "acme", OwnerID: other.ID})
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
