package objectstore_test

import (
	"fmt"
	"maps"
	"regexp"
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
	var names strings.Builder
	for _, match := range regexp.MustCompile(`"name":tftypes.String<"(.*?)">`).FindAllStringSubmatch(data.String(), -1) {
		names.WriteString(match[1])
	}
	if names.String() != "abcde" || s.Count(civosim.KindStoreStats) != 0 {
		t.Errorf("%d requests for usage; the list contains %s: %s", s.Count(civosim.KindStoreStats), names.String(), diags)
	}
}

// Each store that terraform query finds can be imported by its identity, and the plan after that is empty.
func TestListResource_WithResource(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	store := s.AddStore(civosim.Store{Name: "acme-backups"})
	identity := acctest.Object{"id": store.ID, "region": "LON1"}
	s.Instance, _ = s.ImportIdentity(t.Context(), identity)
	listed, diags := s.List(t.Context(), acctest.Object{}, 0, true)
	if len(listed) != 1 || listed[0].DisplayName != store.Name || !maps.Equal(listed[0].Identity, identity) ||
		!listed[0].Resource.Equal(s.State) {
		t.Errorf("found %+v: %s", listed, diags)
	}
	s.Unchanged(acctest.Object{"name": store.Name, "region": "lon1"})
	if got := s.Identity(t.Context(), s.Instance); !maps.Equal(got, identity) {
		t.Errorf("the identity is %v", got)
	}
}

// Refreshing one unchanged store takes one request in a region of any size. Refreshing many takes one list.
func TestRequests_Refresh(t *testing.T) {
	t.Parallel()
	for refreshed, size := range map[int]int{1: 10_000, 100: 100} {
		s := scenario(t, civosim.Options{})
		s.Apply(minimal)
		owner := s.Credentials("")[0].ID
		for n := 1; n < size; n++ {
			s.AddStore(civosim.Store{Name: fmt.Sprintf("store-%d", n), OwnerID: owner})
		}
		s.ResetRecord()
		s.Restart()
		for range refreshed {
			s.Unchanged(minimal)
		}
		if n := s.Count(); n > 10 || refreshed == 1 && n != 1 { // the list expires after 30 seconds
			t.Errorf("%d of %d: %d requests", refreshed, size, n)
		}
	}
}
