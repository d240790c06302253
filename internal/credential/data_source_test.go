package credential_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// fill adds the given number of credentials to LON1, named many-0, many-1, ….
func fill(w *acctest.Env, count int) {
	for i := range count {
		w.AddCredential(civosim.Credential{Name: fmt.Sprintf("many-%d", i), Region: "LON1"})
	}
}

func TestAccDataSource_SameAsResource(t *testing.T) {
	t.Parallel()
	w, name := acctest.New(t), acctest.Name(t)
	config := credentialNamed(name)
	same := []statecheck.StateCheck{statecheck.ExpectSensitiveValue(address, tfjsonpath.New("secret_access_key"))}
	for _, by := range []string{"name", "access_key_id", "id"} {
		config += fmt.Sprintf("data \"civo_objectstore_credential\" \"by_%[1]s\" {\n  %[1]s = %[2]s.%[1]s\n}\n", by, address)
		same = append(same, statecheck.ExpectSensitiveValue("data.civo_objectstore_credential.by_"+by, tfjsonpath.New("secret_access_key")))
		for _, shown := range []string{"id", "name", "region", "access_key_id", "secret_access_key", "endpoint", "status", "suspended"} {
			attribute := tfjsonpath.New(shown)
			same = append(same, statecheck.CompareValuePairs(address, attribute, "data.civo_objectstore_credential.by_"+by, attribute, compare.ValuesSame()))
		}
	}
	w.Test(t, resource.TestCase{
		// Older versions do not report which values of a state are sensitive.
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_4_6)},
		Steps:                  []resource.TestStep{{Config: w.Config(config), ConfigStateChecks: same}},
	})
}

// The data source and the ephemeral resource look up alike.
func TestLookup(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	fill(w, 250)
	far := w.Credentials("LON1")[217]
	w.AddCredential(civosim.Credential{Name: "same-name", Region: "LON1"})
	frankfurt := in(w.AddCredential(civosim.Credential{Name: "same-name", Region: "FRA1"}), "fra1")
	for _, c := range []struct {
		config acctest.Object
		want   civosim.Credential
	}{
		{acctest.Object{"name": far.Name}, in(far, "LON1")},
		{acctest.Object{"access_key_id": far.AccessKeyID}, in(far, "LON1")},
		{acctest.Object{"id": far.ID}, in(far, "LON1")},
		{acctest.Object{"name": "same-name", "region": "fra1"}, frankfurt},
	} {
		d := w.Driver(t)
		data, dataDiags := d.Data(t.Context(), c.config)
		opened, openDiags := d.Open(t.Context(), c.config)
		if dataDiags.Failed() || openDiags.Failed() {
			t.Fatalf("%v: %s%s", c.config, dataDiags, openDiags)
		}
		for _, found := range []tftypes.Value{data, opened} {
			acctest.CheckAttributes(t, fmt.Sprint(c.config), found, "id", c.want.ID, "name", c.want.Name, "region", c.want.Region,
				"access_key_id", c.want.AccessKeyID, "secret_access_key", c.want.SecretAccessKey, "status", "ready", "suspended", "false",
				"endpoint", "https://objectstore."+strings.ToLower(c.want.Region)+".civo.com")
		}
	}
}

func TestListDataSource_NoSecrets(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{PageCap: 30})
	fill(w, 95)
	w.AddCredential(civosim.Credential{Name: "elsewhere", Region: "FRA1"})
	for _, region := range []struct {
		config any
		code   string
		count  int
	}{{nil, "LON1", 95}, {"nyc1", "nyc1", 0}} {
		found, diags := w.Driver(t).For("civo_objectstore_credentials").Data(t.Context(), acctest.Object{"region": region.config})
		var attributes map[string]tftypes.Value
		var list []tftypes.Value
		if diags.Failed() || found.As(&attributes) != nil || attributes["credentials"].As(&list) != nil || len(list) != region.count {
			t.Fatalf("found %s: %s", found, diags)
		}
		acctest.CheckAttributes(t, "the list", found, "region", region.code)
		byName := func(a, b civosim.Credential) int { return strings.Compare(a.Name, b.Name) }
		for i, there := range slices.SortedFunc(slices.Values(w.Credentials(region.code)), byName) {
			acctest.CheckAttributes(t, there.Name, list[i], "id", there.ID, "name", there.Name, "access_key_id", there.AccessKeyID, "region", region.code,
				"status", "ready", "suspended", "false", "endpoint", "https://objectstore."+strings.ToLower(region.code)+".civo.com")
			if strings.Contains(list[i].String(), there.SecretAccessKey) {
				t.Errorf("the secret of %s is in the list", there.Name)
			}
		}
	}
}
