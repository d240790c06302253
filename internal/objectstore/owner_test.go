package objectstore_test

import (
	"slices"
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

// The ID and the name of the owner are what Civo reports, and null if it does not. They stay the same if the size or the owner's access
// key ID changes in place.
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
			plan, _ := s.Driver.Plan(t.Context(), s.NewInstance(), keyOne.With(other))
			if plan.Known("owner_credential_id") || plan.Known("owner_credential_name") {
				t.Error("the owner of a new store is planned as known")
			}
			if plan := s.Plan(keyTwo); !slices.Equal(plan.Changes(), []string{"access_key_id"}) || len(plan.Replaces) > 0 {
				t.Errorf("a plan of another key changes %v, and replaces because of %v", plan.Changes(), plan.Replaces)
			}
			if plan := s.Apply(keyOne.With(large)); !slices.Equal(plan.Changes(), []string{"max_size_gb"}) {
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
				acctest.CheckAttributes(t, where, result, "owner_credential_id", test.id, "owner_credential_name", test.wantName)
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
	s.Restart()
	s.Unchanged(keyOne)
	hasOwner(s, "key-one", ownerID, "backups")
	other := disown(s)
	s.RemoveCredential(other.ID)
	s.Plan(keyOne)
	hasOwner(s, "key-one", other.ID, "")
}

// A store that another credential owns at Civo is drift.
func TestOwner_Drift(t *testing.T) {
	t.Parallel()
	s := owned(t, civosim.Options{})
	other := disown(s)
	s.Plan(keyOne)
	hasOwner(s, "key-two", other.ID, "other")
	if plan := s.Apply(keyOne); !slices.Contains(plan.Changes(), "access_key_id") || len(plan.Replaces) != 1 {
		t.Errorf("the plan changes %v and replaces because of %v", plan.Changes(), plan.Replaces)
	}
	hasOwner(s, "key-one", ownerID, "backups")
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
	s.Unchanged(keyOne)
	hasOwner(s, "key-one", ownerID, "backups")
}

// Regenerating the owner's secret does not change the store, because the plan of the owner contains its access key ID.
func TestOwner_RotationKeepsStore(t *testing.T) {
	t.Parallel()
	owner := acctest.NewScenario(t, civosim.Options{})
	rotating := func(month string) acctest.Object {
		return acctest.Object{"name": "backups", "rotate_when_changed": map[string]string{"month": month}}
	}
	owner.Apply(rotating("2026-11"))
	store, secret := owner.Of(typeName), owner.Get("secret_access_key")
	config := acctest.Object{"name": "acme-backups", "access_key_id": owner.Get("access_key_id")}
	store.Apply(config)
	if plan := owner.Apply(rotating("2026-12")); !plan.Known("access_key_id") || owner.Get("secret_access_key") == secret {
		t.Errorf("the plan changes %v", plan.Changes())
	}
	store.Restart()
	store.Unchanged(config)
}
