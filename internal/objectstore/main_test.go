package objectstore_test

import (
	"os"
	"strings"
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
	typeName = "civo_objectstore"
	address  = "civo_objectstore.test"
)

// run runs a test against the real Civo API if TF_ACC is set, and against the simulator otherwise.
func run(t *testing.T, w *acctest.Env, test resource.TestCase) {
	t.Helper()
	acctest.SkipIfShort(t)
	test.ProtoV6ProviderFactories = w.Providers()
	test.IsUnitTest = os.Getenv("TF_ACC") == ""
	resource.Test(t, test)
}

// simulated returns a simulator, and a driver of the resource.
func simulated(t *testing.T, options civosim.Options) (*acctest.Env, *acctest.Driver) {
	t.Helper()
	w := acctest.Simulated(t, options)
	return w, w.Driver(t).For(typeName)
}

// apply applies a configuration, which must succeed.
func apply(t *testing.T, d *acctest.Driver, i *acctest.Instance, config acctest.Object) *acctest.Plan {
	t.Helper()
	plan, diags := d.Run(t.Context(), i, config)
	if diags.Failed() {
		t.Fatal(diags)
	}
	return plan
}

// fails checks that the diagnostics contain an error, and that they contain all of the texts.
func fails(t *testing.T, diags acctest.Diagnostics, texts ...string) {
	t.Helper()
	if !diags.Failed() {
		t.Fatalf("there is no error: %s", diags)
	}
	for _, text := range texts {
		if !strings.Contains(diags.String(), text) {
			t.Errorf("the error does not contain %q: %s", text, diags)
		}
	}
}

// only returns the only store in the simulator.
func only(t *testing.T, w *acctest.Env) civosim.Store {
	t.Helper()
	all := w.Stores("")
	if len(all) != 1 {
		t.Fatalf("there are %d stores at Civo, not 1: %+v", len(all), all)
	}
	return all[0]
}
