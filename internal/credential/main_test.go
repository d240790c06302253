package credential_test

import (
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

func TestMain(m *testing.M) {
	acctest.AddSweeper("civo_objectstore_credential", (*civo.Client).Credentials, (*civo.Client).DeleteCredential)
	resource.TestMain(acctest.Tests{M: m})
}

// run runs a test against the real Civo API if TF_ACC is set, and against the simulator otherwise.
func run(t *testing.T, w *acctest.Env, test resource.TestCase) {
	t.Helper()
	acctest.SkipIfShort(t)
	test.ProtoV6ProviderFactories = w.Providers()
	test.IsUnitTest = os.Getenv("TF_ACC") == ""
	resource.Test(t, test)
}
