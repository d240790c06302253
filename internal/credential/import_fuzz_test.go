package credential

import (
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

func FuzzImportID(f *testing.F) {
	for _, id := range []string{
		"", "/", "LON1/", "/backups", "backups", "lon1/backups", "LON1/a/b", "a/b", "LON1", "london/backups", "LON1//", "FRA1/../x",
		"00000000-0000-4000-8000-000000000001", "nyc1/00000000-0000-4000-8000-000000000001", "LON1/ü b", "\x00/\xff",
	} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		got := parseImportID(id)
		if got.region == "" {
			if got.value != id {
				t.Errorf("%q is taken for %q", id, got.value)
			}
			return
		}
		if !civo.IsRegion(got.region) || got.region != strings.ToUpper(got.region) {
			t.Errorf("%q is taken for the region %q", id, got.region)
		}
		if !strings.EqualFold(got.region+"/"+got.value, id) || !strings.HasSuffix(id, got.value) {
			t.Errorf("%q is taken for %q in %s", id, got.value, got.region)
		}
	})
}
