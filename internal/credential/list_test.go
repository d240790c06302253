package credential_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestList_PagesAndLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		there        int
		limit        int64
		found, pages int
	}{
		{there: 0, found: 0, pages: 1},
		{there: 1, found: 1, pages: 1},
		{there: 100, found: 100, pages: 1},
		{there: 101, found: 101, pages: 2},
		{there: 250, found: 250, pages: 3},
		{there: 250, limit: 1, found: 1, pages: 1},
		{there: 250, limit: 10, found: 10, pages: 1},
		{there: 250, limit: 100, found: 100, pages: 1},
		{there: 250, limit: 101, found: 101, pages: 2},
		{there: 250, limit: 1000, found: 250, pages: 3},
		{there: 0, limit: 10, found: 0, pages: 1},
	} {
		w := acctest.Simulated(t, civosim.Options{})
		fill(w, c.there)
		w.AddCredential(civosim.Credential{Name: "elsewhere", Region: "FRA1"})
		listed, diags := w.Driver(t).List(t.Context(), acctest.Object{}, c.limit, false)
		if n := w.Count(); diags.Failed() || len(listed) != c.found || n != c.pages {
			t.Fatalf("%+v: %d were found with %d requests: %s", c, len(listed), n, diags)
		}
		all := w.Credentials("LON1")
		for i, one := range listed {
			if one.DisplayName != all[i].Name || !maps.Equal(one.Identity, identity(all[i].ID, "LON1")) || one.Resource.Type() != nil {
				t.Fatalf("%+v: the result %d is %+v, not %s and no resource", c, i, one, all[i].ID)
			}
		}
	}
}

func TestList_FirstPageBeforeError(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	fill(w, 250)
	w.Inject(civosim.Fault{Kind: civosim.KindListCredentials, Nth: 2, Times: 100, Effect: civosim.Effect500})
	listed, diags := w.Driver(t).List(t.Context(), acctest.Object{}, 0, false)
	if len(listed) != 100 {
		t.Errorf("%d were found, not the 100 of the first page", len(listed))
	}
	if len(diags) != 1 || !strings.Contains(diags.String(), "Could not list the credentials in LON1") {
		t.Errorf("the message is: %s", diags)
	}
}

func TestList_IncludeResource(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	there := w.AddCredential(civosim.Credential{Name: "some-name", Region: "FRA1"})
	p := w.Driver(t)
	listed, diags := p.List(t.Context(), acctest.Object{"region": "fra1"}, 0, true)
	if diags.Failed() || len(listed) != 1 {
		t.Fatalf("%d were found: %s", len(listed), diags)
	}
	imported, diags := p.ImportIdentity(t.Context(), listed[0].Identity)
	checkImported(t, "the identity of the result", imported, diags, there)
	if !listed[0].Resource.Equal(imported.State) {
		t.Errorf("the resource is %s, and an import gives %s", listed[0].Resource, imported.State)
	}
}

// The provider block of the first step applies to the query step too.
func TestAccList_Query(t *testing.T) {
	t.Parallel()
	w, name := acctest.New(t), acctest.Name(t)
	const found = "civo_objectstore_credential.all"
	byName := queryfilter.ByDisplayName(knownvalue.StringExact(name))
	w.Test(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		Steps: []resource.TestStep{
			{Config: w.Config(credentialNamed(name))},
			{
				Query:  true,
				Config: "list \"civo_objectstore_credential\" \"all\" {\n  provider         = civo\n  include_resource = true\n}\n",
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLengthAtLeast(found, 1),
					querycheck.ExpectResourceDisplayName(found, byName, knownvalue.StringExact(name)),
					querycheck.ExpectResourceKnownValues(found, byName, []querycheck.KnownValueCheck{
						{Path: tfjsonpath.New("name"), KnownValue: knownvalue.StringExact(name)},
						{Path: tfjsonpath.New("access_key_id"), KnownValue: generatedAccessKey},
						{Path: tfjsonpath.New("secret_access_key"), KnownValue: generatedSecret},
					}),
				},
			},
		},
	})
}
