package regional

import (
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// FuzzImportID checks that cutRegion splits import IDs without losing characters.
func FuzzImportID(f *testing.F) {
	for _, id := range []string{"", "/", "LON1", "LON1/", "LON1/backups", "lon1/a/b", "acme-dc/x", "team/backups", "a b/c", "\x1b[2J/x"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		region, value, ok := cutRegion(id)
		if !ok {
			return
		}
		if region+"/"+value != id || !civo.IsRegion(region) || value == "" {
			t.Errorf("%q is split into %q and %q", id, region, value)
		}
	})
}
