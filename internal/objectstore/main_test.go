package objectstore_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestMain(m *testing.M) {
	acctest.AddSweeper(typeName, (*civo.Client).ObjectStores, (*civo.Client).DeleteObjectStore)
	resource.TestMain(acctest.Tests{M: m})
}

const (
	typeName          = "civo_objectstore"
	address           = "civo_objectstore.test"
	credentialAddress = "civo_objectstore_credential.test"
)

// scenario starts a scenario of an object store.
func scenario(t *testing.T, options civosim.Options) *acctest.Scenario {
	t.Helper()
	return acctest.NewScenario(t, options).Of(typeName)
}

var (
	minimal = acctest.Object{"name": "acme-backups"}
	large   = acctest.Object{"name": "acme-backups", "max_size_gb": 1000}
	force   = acctest.Object{"name": "acme-backups", "force_destroy": true}
	other   = acctest.Object{"name": "acme-other"}
	keyOne  = acctest.Object{"name": "acme-backups", "access_key_id": "key-one"}
	keyTwo  = acctest.Object{"name": "acme-backups", "access_key_id": "key-two"}
)

// fill makes Civo report objects in the store.
func fill(st *civosim.Store) { st.ObjectCount, st.UsedKB = 3, 1200 }

// only returns the only store in the simulator.
func only(t *testing.T, w *acctest.Env) civosim.Store {
	t.Helper()
	all := w.Stores("")
	if len(all) != 1 {
		t.Fatalf("there are %d stores at Civo, not 1: %+v", len(all), all)
	}
	return all[0]
}
