package objectstore_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestDataSource_Usage(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	store := w.AddStore(civosim.Store{Name: "acme", MaxSizeGB: 1500, ObjectCount: 2408, UsedKB: 27449274})
	w.AddStore(civosim.Store{Name: "acme-2"}) // part of a name does not match
	for _, config := range []acctest.Object{{"name": "acme"}, {"id": store.ID}} {
		data, diags := d.Data(t.Context(), config)
		if diags.Failed() {
			t.Fatal(diags)
		}
		for attribute, want := range map[string]string{
			"id": store.ID, "name": "acme", "region": "LON1", "status": "ready", "access_key_id": w.Credentials("")[0].AccessKeyID,
			"endpoint": "https://objectstore.lon1.civo.com", "bucket_url": "https://objectstore.lon1.civo.com/acme",
		} {
			if got := acctest.Get(data, attribute); got != want {
				t.Errorf("%s: got %q, want %q", attribute, got, want)
			}
		}
		for attribute, want := range map[string]string{"max_size_gb": "1500", "object_count": "2408", "used_size_kb": "27449274"} {
			if got := acctest.Get(data, attribute); got != want {
				t.Errorf("%s: got %s, want %s", attribute, got, want)
			}
		}
	}
}

func TestDataSource_List(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{PageCap: 2})
	for _, name := range []string{"c", "a", "e", "b", "d"} {
		w.AddStore(civosim.Store{Name: name})
	}
	w.AddStore(civosim.Store{Name: "elsewhere", Region: "fra1"})
	data, diags := d.For("civo_objectstores").Data(t.Context(), acctest.Object{})
	if diags.Failed() {
		t.Fatal(diags)
	}
	text, last := data.String(), 0
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		at := strings.Index(text, fmt.Sprintf(`"name":tftypes.String<%q>`, name))
		if at < last {
			t.Errorf("%q is missing or not in order in %s", name, text)
		}
		last = at
	}
	if strings.Contains(text, "elsewhere") || w.Count(civosim.KindStoreStats) != 0 {
		t.Errorf("%d requests for usage; the list is %s", w.Count(civosim.KindStoreStats), text)
	}
}

func TestListResource_WithResource(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	for i := range 120 {
		w.AddStore(civosim.Store{Name: fmt.Sprintf("store-%03d", i)})
	}
	for _, test := range []struct {
		limit        int64
		found, pages int
	}{{0, 120, 2}, {10, 10, 1}, {101, 101, 2}} {
		w.ResetRecord()
		listed, diags := d.List(t.Context(), acctest.Object{}, test.limit, true)
		if diags.Failed() || len(listed) != test.found || w.Count() != test.pages {
			t.Fatalf("limit %d: %d found with %d requests: %s", test.limit, len(listed), w.Count(), diags)
		}
		for i, one := range listed {
			want := w.Stores("")[i]
			identity := acctest.Object{"id": want.ID, "region": "LON1"}
			if one.DisplayName != want.Name || !maps.Equal(one.Identity, identity) || acctest.Get(one.Resource, "bucket_url") == "" {
				t.Fatalf("result %d is %+v, want %s", i, one, want.ID)
			}
		}
	}
}

// A store that terraform query found can be imported by its identity, and the plan after that is empty.
func TestImport_Identity(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	store := w.AddStore(civosim.Store{Name: "acme", Region: "fra1"})
	i, diags := d.ImportIdentity(t.Context(), acctest.Object{"id": store.ID, "region": "fra1"})
	if diags.Failed() {
		t.Fatal(diags)
	}
	if plan := apply(t, d, i, acctest.Object{"name": "acme", "region": "FRA1"}); !plan.IsEmpty() {
		t.Errorf("the plan changes %v", plan.Changes())
	}
	if got := d.Identity(t.Context(), i); !maps.Equal(got, acctest.Object{"id": store.ID, "region": "fra1"}) {
		t.Errorf("the identity is %v", got)
	}
}

// Refreshing one unchanged store takes one request in a region of any size.
func TestRequests_OneOfTenThousand(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	i := d.NewInstance()
	apply(t, d, i, minimal)
	owner := w.Credentials("")[0].ID
	for n := range 10_000 {
		w.AddStore(civosim.Store{Name: fmt.Sprintf("store-%d", n), OwnerID: owner})
	}
	fresh := w.Driver(t).For(typeName)
	w.ResetRecord()
	if plan := apply(t, fresh, i, minimal); !plan.IsEmpty() || w.Count() != 1 {
		t.Errorf("%d requests; the plan changes %v", w.Count(), plan.Changes())
	}
}

// Refreshing 100 credentials and 100 stores takes one GET and one list for each type.
func TestRequests_HundredOfEach(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, required+`
resource "civo_objectstore_credential" "test" {
  count = 100
  name  = "owner-${count.index}"
}
resource "civo_objectstore" "test" {
  count         = 100
  name          = "acme-${count.index}"
  access_key_id = civo_objectstore_credential.test[count.index].access_key_id
}
`)
	ws.MustRun("apply", "-auto-approve", "-no-color")
	w.ResetRecord()
	ws.MustRun("plan", "-detailed-exitcode", "-no-color")
	if n := w.Count(); n > 4 {
		t.Errorf("the plan sent %d requests, not at most 4", n)
	}
}
