package objectstore_test

import (
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// fill makes Civo report objects in the only store.
func fill(t *testing.T, w *acctest.Env) {
	t.Helper()
	w.ChangeStore(only(t, w).ID, func(s *civosim.Store) { s.ObjectCount, s.UsedKB = 3, 1200 })
}

// Without force_destroy, a store with objects is neither destroyed nor replaced.
func TestForceDestroy_ProtectsObjects(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	i := d.NewInstance()
	apply(t, d, i, acctest.Object{"name": "acme"})
	fill(t, w)
	id := only(t, w).ID
	for name, config := range map[string]acctest.Object{"destroy": nil, "replace": {"name": "other"}} {
		_, diags := d.Run(t.Context(), i, config)
		fails(t, diags, "Object store contains objects", "3 objects (1200 kB)", "force_destroy = true", "Nothing was deleted")
		if only(t, w).ID != id || i.Get("id") != id || w.Count(civosim.KindDeleteStore) != 0 {
			t.Errorf("%s: the state has %s, Civo has %+v", name, i.State, w.Stores(""))
		}
	}
	apply(t, d, i, acctest.Object{"name": "acme", "force_destroy": true})
	apply(t, d, i, nil)
	if len(w.Stores("")) != 0 {
		t.Errorf("with force_destroy, Civo still has %+v", w.Stores(""))
	}
}

// force_destroy must be applied before the destroy, because the configuration no longer contains the resource then.
func TestForceDestroy_MustBeInState(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	i := d.NewInstance()
	apply(t, d, i, acctest.Object{"name": "acme"})
	fill(t, w)
	_, diags := d.Run(t.Context(), i, acctest.Object{"name": "other", "force_destroy": true})
	fails(t, diags, "Object store contains objects")
	if only(t, w).Name != "acme" {
		t.Errorf("Civo has %+v", w.Stores(""))
	}
}

// A store whose usage cannot be read may contain objects.
func TestForceDestroy_UnknownUsage(t *testing.T) {
	t.Parallel()
	for _, effect := range []civosim.Effect{
		civosim.Effect500, civosim.Effect404Text, civosim.Effect404Account, civosim.EffectHTML200, civosim.EffectEmpty200, civosim.EffectTypes200,
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, civosim.Options{})
			i := d.NewInstance()
			apply(t, d, i, acctest.Object{"name": "acme"})
			w.Inject(civosim.Fault{Kind: civosim.KindStoreStats, Effect: effect})
			_, diags := d.Run(t.Context(), i, nil)
			fails(t, diags, "could not determine whether the object store contains objects", "force_destroy = true")
			if !i.Exists() || len(w.Stores("")) != 1 {
				t.Errorf("the state has %s, Civo has %+v", i.State, w.Stores(""))
			}
		})
	}
}

// Civo deletes the credential only after the stores that it owns.
func TestDestroy_Order(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{StoreGoneAfter: 300 * time.Millisecond})
	ws := w.Workspace(t, `
terraform {
  required_providers {
    civo = { source = "seed-0e51fd2b/civo" }
  }
}
resource "civo_objectstore" "other" {
  name          = "acme-other"
  access_key_id = civo_objectstore_credential.test.access_key_id
}
`+withCredential("acme"))
	ws.MustRun("apply", "-auto-approve", "-no-color")
	ws.MustRun("plan", "-detailed-exitcode", "-no-color")
	fill := w.Stores("")[0].ID
	w.ChangeStore(fill, func(s *civosim.Store) { s.ObjectCount = 3 })
	if output, code := ws.Run("destroy", "-auto-approve", "-no-color"); code != 1 || len(w.Credentials("")) != 1 {
		t.Errorf("code %d, Civo has %+v: %s", code, w.Credentials(""), output)
	}
	if !w.ChangeStore(fill, func(s *civosim.Store) { s.ObjectCount = 0 }) {
		t.Error("the store with objects no longer exists")
	}
	ws.MustRun("destroy", "-auto-approve", "-no-color")
	if len(w.Stores(""))+len(w.Credentials("")) != 0 {
		t.Errorf("Civo has %+v and %+v", w.Stores(""), w.Credentials(""))
	}
}

// Parts of unfinished uploads are data, although they are no objects.
func TestForceDestroy_ProtectsPartsOfUploads(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	i := d.NewInstance()
	apply(t, d, i, minimal)
	w.ChangeStore(only(t, w).ID, func(s *civosim.Store) { s.UsedKB = 12 })
	_, diags := d.Run(t.Context(), i, nil)
	fails(t, diags, "0 objects (12 kB)")
}

// A destroy without a refresh succeeds if the store no longer exists.
func TestDestroy_AlreadyDeleted(t *testing.T) {
	t.Parallel()
	for name, force := range map[string]bool{"protected": false, "force_destroy": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, civosim.Options{})
			i := d.NewInstance()
			apply(t, d, i, acctest.Object{"name": "acme", "force_destroy": force})
			w.RemoveStore(only(t, w).ID)
			plan, diags := d.Plan(t.Context(), i, nil)
			if diags.Failed() {
				t.Fatal(diags)
			}
			if diags := d.Apply(t.Context(), i, plan); diags.Failed() || i.Exists() {
				t.Errorf("the state has the store: %t, after: %s", i.Exists(), diags)
			}
		})
	}
}
