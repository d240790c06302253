package objectstore_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Without force_destroy in the state, a store with data is neither destroyed nor replaced. The parts of unfinished uploads are data,
// although they are no objects. The plan of a destroy warns about data, and says what the apply does with it.
func TestForceDestroy_ProtectsData(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	for force, effect := range map[bool]string{false: "The apply fails and does not delete", true: "The apply also deletes all of its objects"} {
		config := minimal.With(acctest.Object{"force_destroy": force})
		s.ApplyOnce(config)
		for usage, text := range map[[2]int]string{{0, 0}: "", {3, 1200}: "3 objects (1200 kB)", {1, 0}: "1 object (0 kB)", {0, 1}: "0 objects (1 kB)"} {
			s.DriftStore(func(st *civosim.Store) { st.ObjectCount, st.UsedKB = usage[0], usage[1] })
			_, diags := s.Driver.Plan(t.Context(), s.Instance, nil)
			warns := strings.Contains(diags.String(), text) && strings.Contains(diags.String(), effect)
			if diags.Failed() || warns == (text == "") || len(diags) > 0 != warns {
				t.Errorf("with force_destroy = %t and %v: %s", force, usage, diags)
			}
			if force || !warns {
				continue
			}
			for _, refused := range []acctest.Object{nil, other, config.With(other, acctest.Object{"force_destroy": true})} {
				s.Refuse(refused, "Object store contains objects.*"+regexp.QuoteMeta(text)+".*Nothing was deleted.*force_destroy = true")
				if s.Count(civosim.KindDeleteStore) != 0 {
					t.Errorf("with %v, a deletion was sent for %v", usage, refused)
				}
			}
		}
	}
}

// A destroy without a refresh succeeds if the store no longer exists.
func TestDestroy_AlreadyDeleted(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	for _, config := range []acctest.Object{minimal, force} {
		s.Apply(config)
		s.RemoveStore(s.Store().ID)
		if diags := s.ApplyUnrefreshed(nil); diags.Failed() || s.Exists() {
			t.Errorf("%v: the state has the store: %t, after: %s", config, s.Exists(), diags)
		}
	}
}
