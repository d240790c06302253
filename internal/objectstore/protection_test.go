package objectstore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Without force_destroy in the state, a store with objects is neither destroyed nor replaced. The configuration of a destroyed store no
// longer contains force_destroy.
func TestForceDestroy_ProtectsObjects(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	s.Apply(minimal)
	s.DriftStore(fill)
	for _, config := range []acctest.Object{nil, other, {"name": "acme-other", "force_destroy": true}} {
		s.Refuse(config, `Object store contains objects.*3 objects \(1200 kB\).*Nothing was deleted.*force_destroy = true`)
		if s.Store().ObjectCount != 3 || s.Count(civosim.KindDeleteStore) != 0 {
			t.Errorf("%v: Civo has %+v", config, s.Stores(""))
		}
	}
	s.Apply(force)
	s.Apply(nil)
	if len(s.Stores("")) != 0 {
		t.Errorf("with force_destroy, Civo still has %+v", s.Stores(""))
	}
}

// Parts of unfinished uploads are data, although they are no objects.
func TestForceDestroy_ProtectsPartsOfUploads(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	s.Apply(minimal)
	s.DriftStore(func(st *civosim.Store) { st.UsedKB = 12 })
	s.Refuse(nil, `0 objects \(12 kB\)`)
}

// A store whose usage cannot be read may contain objects.
func TestForceDestroy_UnknownUsage(t *testing.T) {
	t.Parallel()
	for _, effect := range []civosim.Effect{
		civosim.Effect500, civosim.Effect404Text, civosim.Effect404Account, civosim.EffectHTML200, civosim.EffectEmpty200, civosim.EffectTypes200,
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			s := scenario(t, civosim.Options{})
			s.Apply(minimal)
			s.Inject(civosim.Fault{Kind: civosim.KindStoreStats, Effect: effect})
			s.Refuse(nil, "could not determine whether the object store contains objects.*force_destroy = true")
			s.Store()
		})
	}
}

// A destroy without a refresh succeeds if the store no longer exists.
func TestDestroy_AlreadyDeleted(t *testing.T) {
	t.Parallel()
	for _, config := range []acctest.Object{minimal, force} {
		s := scenario(t, civosim.Options{})
		s.Apply(config)
		s.RemoveStore(s.Store().ID)
		if diags := s.ApplyUnrefreshed(nil); diags.Failed() || s.Exists() {
			t.Errorf("%v: the state has the store: %t, after: %s", config, s.Exists(), diags)
		}
	}
}

// The plan of a destroy warns about objects, and says what the apply does with them.
func TestPlan_DestroyWarns(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	for force, effect := range map[bool]string{false: "The apply fails and does not delete", true: "The apply also deletes all of its objects"} {
		s.ApplyOnce(acctest.Object{"name": "acme", "force_destroy": force})
		for objects, want := range map[int]string{0: "", 1: effect} {
			s.DriftStore(func(st *civosim.Store) { st.ObjectCount, st.UsedKB = objects, objects })
			_, diags := s.Driver.Plan(t.Context(), s.Instance, nil)
			if diags.Failed() || (want == "") != (len(diags) == 0) || !strings.Contains(diags.String(), want) {
				t.Errorf("with force_destroy = %t and %d objects: %s", force, objects, diags)
			}
		}
	}
}

// Whatever happens, plans succeed, and one destroy or one apply is enough with force_destroy. Without it, no objects are lost.
func TestPlan_NeverFails(t *testing.T) {
	t.Parallel()
	replacedOwner := acctest.Object{"access_key_id": acctest.Unknown} // Terraform plans the owner before the store
	for name, test := range map[string]struct {
		happens func(*acctest.Scenario)
		config  acctest.Object // what changes in it
	}{
		"credential deleted": {func(s *acctest.Scenario) { s.RemoveCredential(s.Credentials("")[0].ID) }, replacedOwner},
		"credential created again": {func(s *acctest.Scenario) {
			s.RemoveCredential(s.Credentials("")[0].ID)
			s.AddCredential(civosim.Credential{Region: "LON1", AccessKeyID: "key-two"})
		}, acctest.Object{"access_key_id": "key-two"}},
		"credential tainted or renamed": {func(*acctest.Scenario) {}, replacedOwner},
		"store tainted":                 {func(s *acctest.Scenario) { s.Tainted = true }, nil},
		"store renamed":                 {func(*acctest.Scenario) {}, acctest.Object{"name": "acme-other"}},
	} {
		for _, force := range []bool{false, true} {
			for _, destroys := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/force %t/destroys %t", name, force, destroys), func(t *testing.T) {
					t.Parallel()
					s := scenario(t, civosim.Options{})
					s.AddCredential(civosim.Credential{Region: "LON1", AccessKeyID: "key-one"})
					s.ApplyOnce(with(keyOne, acctest.Object{"force_destroy": force}))
					s.DriftStore(fill)
					id := s.Get("id")
					test.happens(s)
					config := with(keyOne, acctest.Object{"force_destroy": force}, test.config)
					if destroys {
						config = nil
					}
					s.Plan(config)
					if !force {
						diags := s.Refuse(config, "ERROR: Object store contains objects")
						if strings.Count(diags.String(), "ERROR: ") != 1 || s.Store().ID != id || s.Store().ObjectCount != 3 {
							t.Errorf("Civo has %+v: %s", s.Stores(""), diags)
						}
						s.RemoveStore(id) // as the error advises
					}
					if config["access_key_id"] == acctest.Unknown {
						s.AddCredential(civosim.Credential{Region: "LON1", AccessKeyID: "key-new"})
						config["access_key_id"] = "key-new"
					}
					s.ApplyOnce(config)
					if left := s.Stores(""); destroys && len(left) > 0 || !destroys && (len(left) != 1 || left[0].ID == id) {
						t.Errorf("Civo has %+v", left)
					}
				})
			}
		}
	}
}
