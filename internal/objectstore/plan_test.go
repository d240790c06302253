package objectstore_test

import (
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// situation is an applied configuration of a credential and a store with 3 objects, after something happened.
type situation struct {
	*acctest.Workspace

	env *acctest.Env
	id  string // of the store
}

func setUp(t *testing.T, options civosim.Options, arguments ...string) *situation {
	t.Helper()
	w := acctest.Simulated(t, options)
	s := &situation{Workspace: w.Workspace(t, required+withCredential("acme", arguments...)), env: w}
	s.MustRun("apply", "-auto-approve")
	s.id = only(t, w).ID
	fill(t, w)
	return s
}

// edit replaces text in the configuration.
func (s *situation) edit(old, replacement string) {
	s.Write("main.tf", strings.ReplaceAll(s.Read("main.tf"), old, replacement))
}

// holds reports whether Civo still has the store with its objects.
func (s *situation) holds() bool {
	for _, st := range s.env.Stores("") {
		if st.ID == s.id {
			return st.ObjectCount == 3
		}
	}
	return false
}

const (
	credentialAddress = "civo_objectstore_credential.test"
	forceDestroy      = "force_destroy = true"
)

// Whatever Civo contains, plans succeed, and one destroy or one apply is enough with force_destroy. Without it, no objects are lost.
func TestPlan_NeverFails(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]func(*situation){
		"credential deleted": func(s *situation) { s.env.RemoveCredential(s.env.Credentials("")[0].ID) },
		"credential created again": func(s *situation) {
			s.env.RemoveCredential(s.env.Credentials("")[0].ID)
			s.MustRun("apply", "-auto-approve", "-target="+credentialAddress)
		},
		"credential tainted": func(s *situation) { s.MustRun("taint", credentialAddress) },
		"credential renamed": func(s *situation) {
			s.edit(`  name = "acme"`, `  name = "other"`)
		},
		"store tainted": func(s *situation) { s.MustRun("taint", address) },
		"store renamed": func(s *situation) { s.edit(`name          = "acme"`, `name = "acme-new"`) },
	} {
		for _, command := range []string{"destroy", "apply"} {
			t.Run(name+"/"+command, func(t *testing.T) {
				t.Parallel()
				s := setUp(t, civosim.Options{})
				happens(s)
				if output, code := s.Run(command, "-auto-approve"); code == 0 || !s.holds() ||
					!strings.Contains(output, "Error: Object store contains objects") || strings.Count(output, "Error: ") != 1 {
					t.Errorf("without force_destroy, the code is %d, and Civo has %+v: %s", code, s.env.Stores(""), output)
				}
				s.env.RemoveStore(s.id) // as the error advises
				s.MustRun(command, "-auto-approve")

				s = setUp(t, civosim.Options{}, forceDestroy)
				happens(s)
				s.MustRun(command, "-auto-approve")
				if left := s.env.Stores(""); command == "destroy" && len(left)+len(s.env.Credentials("")) > 0 || command == "apply" && (len(left) != 1 || s.holds()) {
					t.Errorf("with force_destroy, Civo has %+v", left)
				}
			})
		}
	}
}

// The plan of a destroy warns about objects, and says what the apply does with them.
func TestPlan_DestroyWarns(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	i := d.NewInstance()
	for force, effect := range map[bool]string{false: "The apply fails and does not delete", true: "The apply also deletes all of its objects"} {
		apply(t, d, i, acctest.Object{"name": "acme", "force_destroy": force})
		for objects, want := range map[int]string{0: "", 1: effect} {
			w.ChangeStore(only(t, w).ID, func(s *civosim.Store) { s.ObjectCount, s.UsedKB = objects, objects })
			_, diags := d.Plan(t.Context(), i, nil)
			if diags.Failed() || (want == "") != (len(diags) == 0) || !strings.Contains(diags.String(), want) {
				t.Errorf("with force_destroy = %t and %d objects: %s", force, objects, diags)
			}
		}
	}
}
