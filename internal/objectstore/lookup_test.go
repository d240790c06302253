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
	s := scenario(t, civosim.Options{})
	store := s.AddStore(civosim.Store{Name: "acme", MaxSizeGB: 1500, ObjectCount: 2408, UsedKB: 27449274})
	s.AddStore(civosim.Store{Name: "acme-2"}) // part of a name does not match
	for attribute, value := range map[string]string{"name": "acme", "id": store.ID} {
		data, diags := s.Data(t.Context(), acctest.Object{attribute: value})
		acctest.CheckAttributes(t, "by "+attribute+diags.String(), data,
			"id", store.ID, "name", "acme", "region", "LON1", "status", "ready", "access_key_id", s.Credentials("")[0].AccessKeyID,
			"endpoint", "https://objectstore.lon1.civo.com", "bucket_url", "https://objectstore.lon1.civo.com/acme",
			"max_size_gb", "1500", "object_count", "2408", "used_size_kb", "27449274")
	}
}

func TestDataSource_List(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{PageCap: 2})
	for _, name := range []string{"c", "a", "e", "b", "d"} {
		s.AddStore(civosim.Store{Name: name})
	}
	s.AddStore(civosim.Store{Name: "elsewhere", Region: "fra1"})
	data, diags := s.For("civo_objectstores").Data(t.Context(), acctest.Object{})
	text, last := data.String(), 0
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		at := strings.Index(text, fmt.Sprintf(`"name":tftypes.String<%q>`, name))
		if at < last {
			t.Errorf("%q is missing or not in order in %s: %s", name, text, diags)
		}
		last = at
	}
	if strings.Contains(text, "elsewhere") || s.Count(civosim.KindStoreStats) != 0 {
		t.Errorf("%d requests for usage; the list is %s", s.Count(civosim.KindStoreStats), text)
	}
}

// Each store that terraform query finds can be imported by its identity, and the plan after that is empty.
func TestListResource_WithResource(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	for i := range 120 {
		s.AddStore(civosim.Store{Name: fmt.Sprintf("store-%03d", i)})
	}
	for _, test := range []struct {
		limit        int64
		found, pages int
	}{{0, 120, 2}, {10, 10, 1}, {101, 101, 2}} {
		s.ResetRecord()
		listed, diags := s.List(t.Context(), acctest.Object{}, test.limit, true)
		if diags.Failed() || len(listed) != test.found || s.Count() != test.pages {
			t.Fatalf("limit %d: %d found with %d requests: %s", test.limit, len(listed), s.Count(), diags)
		}
		for i, one := range listed {
			want := s.Stores("")[i]
			identity := acctest.Object{"id": want.ID, "region": "LON1"}
			if one.DisplayName != want.Name || !maps.Equal(one.Identity, identity) || acctest.Get(one.Resource, "bucket_url") == "" {
				t.Fatalf("result %d is %+v, want %s", i, one, want.ID)
			}
		}
		s.Instance, _ = s.ImportIdentity(t.Context(), listed[0].Identity)
		s.Unchanged(acctest.Object{"name": "store-000", "region": "lon1"})
		if got := s.Identity(t.Context(), s.Instance); !maps.Equal(got, listed[0].Identity) {
			t.Errorf("the identity is %v", got)
		}
	}
}

// Refreshing one unchanged store takes one request in a region of any size.
func TestRequests_OneOfTenThousand(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	s.Apply(minimal)
	owner := s.Credentials("")[0].ID
	for n := range 10_000 {
		s.AddStore(civosim.Store{Name: fmt.Sprintf("store-%d", n), OwnerID: owner})
	}
	s.ResetRecord()
	s.Restart()
	s.Unchanged(minimal)
	if s.Count() != 1 {
		t.Errorf("%d requests", s.Count())
	}
}
