package objectstore_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

const (
	officialAddress = "registry.terraform.io/civo/civo"
	officialType    = "civo_object_store"
)

// official returns the state of the official provider's resource. Changes override its attributes.
func official(t *testing.T, s *acctest.Scenario, store civosim.Store, changes acctest.Object) string {
	t.Helper()
	owner, _ := s.Credential(store.OwnerID)
	text, err := json.Marshal(acctest.Object{
		"id": store.ID, "name": store.Name, "region": "LON1", "max_size_gb": store.MaxSizeGB, "access_key_id": owner.AccessKeyID,
		"bucket_url": "objectstore.lon1.civo.com", "status": "ready", "timeouts": nil,
	}.With(changes))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A move keeps the store, with and without a refresh. The examples move a credential and its store with Terraform.
func TestMove_FromOfficialProvider(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ state, config acctest.Object }{
		"all attributes": {},
		"few attributes": {state: acctest.Object{"region": nil, "access_key_id": nil}},
		"timeouts, and a region in lower case": {
			state:  acctest.Object{"region": "lon1", "timeouts": map[string]any{"create": "20m"}},
			config: acctest.Object{"region": "LON1", "timeouts": acctest.Object{"create": "20m"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := scenario(t, civosim.Options{})
			store := s.AddStore(civosim.Store{Name: "acme-backups", MaxSizeGB: 1000})
			move := func() {
				s.Move(officialAddress, officialType, official(t, s, store, test.state))
				s.Has("bucket_url", "") // the bucket_url of the official provider is the endpoint
			}
			config := large.With(test.config)
			move()
			s.Unchanged(config)
			s.Has("bucket_url", "https://objectstore.lon1.civo.com/acme-backups")
			move()
			diags := s.ApplyUnrefreshed(config) // completes the state
			if diags.Failed() || !strings.EqualFold(s.Get("region"), "LON1") || s.Store() != store || s.Count(civosim.KindUpdateStore) != 0 {
				t.Errorf("%s; the state is %s", diags, s.State)
			}
		})
	}
}
