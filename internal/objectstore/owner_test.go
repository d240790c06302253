package objectstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

const ownerID = "00000000-0000-4000-8000-000000000003"

// owned creates a store that a credential with the access key ID key-one owns.
func owned(t *testing.T, options civosim.Options) *acctest.Scenario {
	t.Helper()
	s := scenario(t, options)
	s.AddCredential(civosim.Credential{ID: ownerID, Name: "backups", Region: "lon1", AccessKeyID: "key-one"})
	s.Apply(keyOne)
	return s
}

// hasOwner verifies the owner in the state.
func hasOwner(s *acctest.Scenario, key, id, name string) {
	s.Has("access_key_id", key, "owner_credential_id", id, "owner_credential_name", name)
}

// disown makes another credential the owner of the store at Civo.
func disown(s *acctest.Scenario) civosim.Credential {
	other := s.AddCredential(civosim.Credential{Name: "other", Region: "lon1", AccessKeyID: "key-two"})
	s.RemoveStore(s.Store().ID)
	s.AddStore(civosim.Store{ID: s.Get("id"), Name: "acme-backups", OwnerID: other.ID})
	s.Restart()
	return other
}

// changeKey changes the access key ID of the owner in place, with the same provider.
func changeKey(s *acctest.Scenario, key string) {
	owner := s.Of(acctest.TypeName)
	owner.Import(ownerID)
	owner.Apply(acctest.Object{"name": "backups", "access_key_id": key, "secret_access_key": "secret-of-" + key})
}

// If the access key ID of the owner changes in place, the provider keeps the store. The fault table applies such a change.
func TestOwner_KeyChangedInPlace(t *testing.T) {
	t.Parallel()
	for _, omitsID := range []bool{false, true} {
		s := owned(t, civosim.Options{OmitOwnerCredentialID: omitsID})
		plan := s.Plan(keyTwo)
		if !slices.Equal(plan.Changes(), []string{"access_key_id"}) || len(plan.Replaces) > 0 {
			t.Errorf("the plan changes %v, and replaces because of %v", plan.Changes(), plan.Replaces)
		}
	}
}

// If Civo reports the old access key ID of the owner, the apply fails, and neither this plan nor a later one replaces the store.
func TestOwner_OldKeyReported(t *testing.T) {
	t.Parallel()
	s := owned(t, civosim.Options{StaleOwnerKeys: true, OmitOwnerCredentialID: true})
	id := s.Get("id")
	plan := s.Plan(keyTwo)
	changeKey(s, "key-two")
	if diags := s.Driver.Apply(t.Context(), s.Instance, plan); !diags.Failed() {
		t.Error("the apply succeeds")
	}
	s.Refuse(keyTwo, `Object store has another owner.*"key-one".*"key-two".*change it back.*AttributeName\("access_key_id"\)`)
	s.Has("id", s.Store().ID, "id", id)
	changeKey(s, "key-one")
	if plan := s.Apply(keyOne); !plan.IsEmpty() {
		t.Errorf("after the advice, the plan changes %v", plan.Changes())
	}
}

func TestOwner_OtherCredentialReplaces(t *testing.T) {
	t.Parallel()
	for _, key := range []any{"key-two", acctest.Unknown} {
		s := owned(t, civosim.Options{})
		s.AddCredential(civosim.Credential{Region: "lon1", AccessKeyID: "key-two"})
		plan, diags := s.Driver.Plan(t.Context(), s.Instance, with(keyOne, acctest.Object{"access_key_id": key}))
		if diags.Failed() || len(plan.Replaces) != 1 || !strings.Contains(diags.String(), "Replacing an object store deletes its data") {
			t.Errorf("the plan replaces because of %v: %s", plan.Replaces, diags)
		}
	}
}

// The ID and the name of the owner are what Civo reports, and null if it does not.
func TestOwner_IDAndName(t *testing.T) {
	t.Parallel()
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
			s := owned(t, test.options)
			hasOwner(s, "key-one", test.id, test.wantName)
			plan, _ := s.Driver.Plan(t.Context(), s.NewInstance(), with(keyOne, other))
			if plan.Known("owner_credential_id") || plan.Known("owner_credential_name") {
				t.Error("the owner of a new store is planned as known")
			}
			if plan := s.Apply(with(keyOne, large)); !slices.Equal(plan.Changes(), []string{"max_size_gb"}) {
				t.Errorf("a plan of another size changes %v", plan.Changes())
			}
			hasOwner(s, "key-one", test.id, test.wantName)
			results := map[string]tftypes.Value{}
			imported, _ := s.Driver.Import(t.Context(), "acme-backups")
			results["imported"] = imported.State
			moved, _ := s.Driver.Move(t.Context(), officialAddress, officialType, official(t, s, s.Store(), nil))
			s.Driver.Refresh(t.Context(), moved)
			results["moved"] = moved.State
			results["data source"], _ = s.Data(t.Context(), minimal)
			all, _ := s.For("civo_objectstores").Data(t.Context(), acctest.Object{})
			results["plural data source"] = first(t, all, "objectstores")
			listed, _ := s.List(t.Context(), acctest.Object{}, 0, true)
			results["list resource"] = listed[0].Resource
			for where, result := range results {
				has(t, where, result, "owner_credential_id", test.id, "owner_credential_name", test.wantName)
			}
		})
	}
}

// first returns the first element of a list in the state of a data source.
func first(t *testing.T, state tftypes.Value, attribute string) tftypes.Value {
	t.Helper()
	var elements []tftypes.Value
	if err := attributes(t, state)[attribute].As(&elements); err != nil || len(elements) == 0 {
		t.Fatalf("%s has %d elements: %v", attribute, len(elements), err)
	}
	return elements[0]
}

func attributes(t *testing.T, object tftypes.Value) (all map[string]tftypes.Value) {
	t.Helper()
	if err := object.As(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// If the owner no longer exists, the state keeps what Civo does not report any more, but not values of another owner.
func TestOwner_Deleted(t *testing.T) {
	t.Parallel()
	s := owned(t, civosim.Options{})
	s.RemoveCredential(ownerID)
	if plan := s.Apply(keyOne); !plan.IsEmpty() {
		t.Errorf("the plan changes %v", plan.Changes())
	}
	hasOwner(s, "key-one", ownerID, "backups")
	other := disown(s)
	s.RemoveCredential(other.ID)
	s.Plan(keyOne)
	hasOwner(s, "key-one", other.ID, "")
}

// A state of a version without the owner's ID and name needs no changes. A refresh adds them.
func TestOwner_StateOfEarlierVersion(t *testing.T) {
	t.Parallel()
	s := owned(t, civosim.Options{})
	state := attributes(t, s.State)
	state["owner_credential_id"], state["owner_credential_name"] = tftypes.NewValue(tftypes.String, nil), tftypes.NewValue(tftypes.String, nil)
	s.State = tftypes.NewValue(s.State.Type(), state)
	plan, diags := s.Driver.Plan(t.Context(), s.Instance, keyOne) // without a refresh
	if diags.Failed() || !plan.IsEmpty() {
		t.Errorf("the plan changes %v: %s", plan.Changes(), diags)
	}
	if plan := s.Plan(keyOne); !plan.IsEmpty() {
		t.Errorf("the plan after a refresh changes %v", plan.Changes())
	}
	hasOwner(s, "key-one", ownerID, "backups")
}

// A store that another credential owns at Civo is drift.
func TestOwner_Drift(t *testing.T) {
	t.Parallel()
	s := owned(t, civosim.Options{})
	other := disown(s)
	plan := s.Plan(keyOne)
	hasOwner(s, "key-two", other.ID, "other")
	if !slices.Contains(plan.Changes(), "access_key_id") || len(plan.Replaces) != 1 {
		t.Errorf("the plan changes %v and replaces because of %v", plan.Changes(), plan.Replaces)
	}
	s.Apply(keyOne)
	hasOwner(s, "key-one", ownerID, "backups")
}

// Regenerating the owner's secret does not change the store, because the plan of the owner contains its access key ID.
func TestOwner_RotationKeepsStore(t *testing.T) {
	t.Parallel()
	owner := acctest.NewScenario(t, civosim.Options{})
	config := func(month string) acctest.Object {
		return acctest.Object{"name": "backups", "rotate_when_changed": map[string]string{"month": month}}
	}
	owner.Apply(config("2026-11"))
	store := owner.Of(typeName)
	ofOwner := acctest.Object{"name": "acme-backups", "access_key_id": owner.Get("access_key_id")}
	store.Apply(ofOwner)
	before, secret := store.Store(), owner.Get("secret_access_key")
	if plan := owner.Apply(config("2026-12")); len(plan.Replaces) > 0 || !plan.Known("access_key_id") {
		t.Errorf("the plan changes %v, and replaces because of %v", plan.Changes(), plan.Replaces)
	}
	if plan := store.Apply(ofOwner); !plan.IsEmpty() || owner.Get("secret_access_key") == secret || store.Store() != before {
		t.Errorf("the plan changes %v, and Civo has %s", plan.Changes(), fmt.Sprint(store.Store()))
	}
}
