package objectstore_test

import (
	"maps"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
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

// run runs a test against the real Civo API if TF_ACC is set, and against the simulator otherwise.
func run(t *testing.T, w *acctest.Env, test resource.TestCase) {
	t.Helper()
	acctest.SkipIfShort(t)
	test.ProtoV6ProviderFactories = w.Providers()
	test.IsUnitTest = os.Getenv("TF_ACC") == ""
	resource.Test(t, test)
}

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

// has verifies attributes of a state or of a result. The name of an attribute and its value alternate.
func has(t *testing.T, where string, state tftypes.Value, attributes ...string) {
	t.Helper()
	for i := 0; i+1 < len(attributes); i += 2 {
		if got := acctest.Get(state, attributes[i]); got != attributes[i+1] {
			t.Errorf("%s: %s is %q, not %q", where, attributes[i], got, attributes[i+1])
		}
	}
}

// with returns a configuration with changes.
func with(config acctest.Object, changes ...acctest.Object) acctest.Object {
	all := maps.Clone(config)
	for _, some := range changes {
		maps.Copy(all, some)
	}
	return all
}
