package credential_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
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
	run(t, w, resource.TestCase{
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
		for attribute, want := range map[string]string{
			"id": c.want.ID, "name": c.want.Name, "region": c.want.Region, "access_key_id": c.want.AccessKeyID, "secret_access_key": c.want.SecretAccessKey,
			"endpoint": "https://objectstore." + strings.ToLower(c.want.Region) + ".civo.com", "status": "ready", "suspended": "false",
		} {
			for _, found := range []tftypes.Value{data, opened} {
				if got := acctest.Get(found, attribute); got != want {
					t.Errorf("%v: %s is %q, not %q", c.config, attribute, got, want)
				}
			}
		}
	}
}

func TestAccListDataSource_NoSecrets(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{PageCap: 30})
	fill(w, 95)
	w.AddCredential(civosim.Credential{Name: "elsewhere", Region: "FRA1"})
	const here, nyc = "data.civo_objectstore_credentials.here", "data.civo_objectstore_credentials.nyc"
	bare := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"id": knownvalue.NotNull(), "name": knownvalue.StringExact("many-0"), "region": knownvalue.StringExact("LON1"),
		"access_key_id": knownvalue.NotNull(), "status": knownvalue.StringExact("ready"), "suspended": knownvalue.Bool(false),
		"endpoint": knownvalue.StringExact("https://objectstore.lon1.civo.com"),
	})
	list := tfjsonpath.New("credentials")
	run(t, w, resource.TestCase{Steps: []resource.TestStep{{
		Config: w.Config("data \"civo_objectstore_credentials\" \"here\" {}\n" +
			"data \"civo_objectstore_credentials\" \"nyc\" {\n  region = \"nyc1\"\n}\n"),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(here, list, knownvalue.ListSizeExact(95)),
			statecheck.ExpectKnownValue(here, list.AtSliceIndex(0), bare),
			statecheck.ExpectKnownValue(here, tfjsonpath.New("region"), knownvalue.StringExact("LON1")),
			statecheck.ExpectKnownValue(nyc, list, knownvalue.ListSizeExact(0)),
			statecheck.ExpectKnownValue(nyc, tfjsonpath.New("region"), knownvalue.StringExact("nyc1")),
		},
	}}})
}
