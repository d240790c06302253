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

			imported, _ := s.Driver.Import(t.Context(), "acme-backups")
			read, _ := s.Data(t.Context(), minimal)
			for where, result := range map[string]tftypes.Value{"imported": imported.State, "data source": read} {
				acctest.CheckAttributes(t, where, result, "owner_credential_id", test.id, "owner_credential_name", test.wantName)
			}
		})
	}
}

// While Civo still returns the access key ID that the owner had before, the plan is empty.
func TestOwner_StaleKey(t *testing.T) {
	t.Parallel()
	s := owned(t, civosim.Options{StaleOwnerKeys: true})
	owner := s.Of("civo_objectstore_credential")
	owner.Import("backups")
	owner.Apply(acctest.Object{"name": "backups", "access_key_id": "key-new"})
	s.Unchanged(keyOne)
	hasOwner(s, "key-one", ownerID, "backups")
}

// If the owner no longer exists, the state keeps what Civo does not report any more, but not values of another owner. A store that another
// credential owns at Civo is drift.
func TestOwner_Drift(t *testing.T) {
	t.Parallel()
	s := owned(t, civosim.Options{})
	s.RemoveCredential(ownerID)
	s.Restart()
	s.Unchanged(keyOne)
	hasOwner(s, "key-one", ownerID, "backups")
	if plan := s.Plan(keyTwo); len(plan.Replaces) != 1 {
		t.Error("an access key ID that will be that of a new credential does not replace the store")
	}

	other := civosim.Credential{ID: "00000000-0000-4000-8000-000000000004", Name: "other", Region: "lon1", AccessKeyID: "key-two"}
	s.RemoveStore(s.Store().ID)
	s.AddStore(civosim.Store{ID: s.Get("id"), Name: "acme-backups", OwnerID: other.ID})
	s.Restart()
	s.Plan(keyOne)
	hasOwner(s, "key-one", other.ID, "")

	s.AddCredential(other)
	s.Restart()
	s.Plan(keyTwo)
	hasOwner(s, "key-two", other.ID, "other")
	s.AddCredential(civosim.Credential{ID: ownerID, Name: "backups", Region: "lon1", AccessKeyID: "key-one"})
	if plan := s.Plan(keyOne); len(plan.Replaces) != 1 {
		t.Error("another credential does not replace the store while its owner exists")
	}
	s.RemoveCredential(other.ID)
	s.Restart()
	if plan := s.Apply(keyOne); !slices.Contains(plan.Changes(), "access_key_id") || len(plan.Replaces) != 1 {
		t.Errorf("the plan changes %v and replaces because of %v", plan.Changes(), plan.Replaces)
	}
	hasOwner(s, "key-one", ownerID, "backups")
}
