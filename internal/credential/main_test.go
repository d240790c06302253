package credential_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

func TestMain(m *testing.M) {
	acctest.AddSweeper("civo_objectstore_credential", (*civo.Client).Credentials, (*civo.Client).DeleteCredential)
	resource.TestMain(acctest.Tests{M: m})
}
