package credential_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

func TestMain(m *testing.M) {
	resource.AddTestSweepers("civo_objectstore_credential", &resource.Sweeper{Name: "civo_objectstore_credential", F: sweep})
	resource.TestMain(acctest.Tests{M: m})
}

// sweep deletes the credentials that interrupted tests left behind in a region of a real account.
func sweep(region string) error {
	settings, err := civo.Resolve(civo.Arguments{Region: region}, civo.SystemEnvironment())
	if err != nil {
		return err
	}
	client, err := civo.NewClient(civo.Config{Token: settings.Token, Endpoint: settings.Endpoint})
	if err != nil {
		return err
	}
	ctx := context.Background()
	all, err := client.Credentials(ctx, region)
	if err != nil {
		return err
	}
	for _, c := range all {
		if strings.HasPrefix(c.Name, acctest.NamePrefix) {
			if err := client.DeleteCredential(ctx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// run runs a test against the real Civo API if TF_ACC is set, and against the simulator otherwise.
func run(t *testing.T, w *acctest.Env, test resource.TestCase) {
	t.Helper()
	test.ProtoV6ProviderFactories = w.Providers()
	test.IsUnitTest = os.Getenv("TF_ACC") == ""
	resource.Test(t, test)
}
