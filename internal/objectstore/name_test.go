package objectstore_test

import (
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// A plan that creates a store refuses a name that no bucket can have. The name that it suggests works.
func TestName_Refused(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	for name, want := range map[string]struct{ rule, suggestion string }{
		"Acme":                  {"an upper-case letter", "acme"},
		"acme_Z":                {"an upper-case letter", "acme-z"},
		"acme_backups":          {"a character that is not", "acme-backups"},
		"acme backups/2026":     {"a character that is not", "acme-backups-2026"},
		"bäckups":               {"a character that is not", "b-ckups"},
		"ab":                    {"fewer than 3 characters", "ab-backups"},
		"_":                     {"fewer than 3 characters", "backups"},
		strings.Repeat("a", 64): {"more than 63 characters", strings.Repeat("a", 63)},
		"-abc":                  {"does not begin and end", "abc"},
		"acme.":                 {"does not begin and end", "acme"},
		"acme..backups":         {"a period next to", "acme.backups"},
		"acme.-backups":         {"a period next to", "acme.backups"},
		"192.168.1.10":          {"an IP address", "192-168-1-10"},
		"2026.11.28.1000":       {"an IP address", "2026-11-28-1000"},
	} {
		s.Refuse(acctest.Object{"name": name}, want.rule+`.*use "`+want.suggestion+`".*AttributeName\("name"\)`)
		if s.Count(civosim.KindCreateStore) > 0 {
			t.Fatalf("a POST was sent for %q", name)
		}
		s.Apply(acctest.Object{"name": want.suggestion})
		s.Apply(nil)
		s.ResetRecord()
	}
}

// A store that exists is left alone, whatever its name. It can be destroyed, even if it is tainted.
func TestName_ExistingStore(t *testing.T) {
	t.Parallel()
	for _, tainted := range []bool{false, true} {
		s := scenario(t, civosim.Options{})
		s.AddStore(civosim.Store{Name: "Acme_Backups"})
		s.Import("Acme_Backups")
		s.Tainted = tainted
		plan, diags := s.Driver.Plan(t.Context(), s.Instance, acctest.Object{"name": "Acme_Backups"})
		if diags.Failed() || tainted != strings.Contains(diags.String(), "WARNING: Invalid object store name") || plan.IsEmpty() == tainted {
			t.Errorf("tainted %t: the plan changes %v: %s", tainted, plan.Changes(), diags)
		}
		s.Apply(nil)
		if len(s.Stores("")) > 0 {
			t.Errorf("tainted %t: Civo has %+v", tainted, s.Stores(""))
		}
	}
}
