package credential_test

import (
	"cmp"
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

const dataAddress = "data.civo_objectstore_credential.test"

// lookedUp returns the configuration of the data source with these arguments, one per line.
func lookedUp(arguments ...string) string {
	config := "data \"civo_objectstore_credential\" \"test\" {\n"
	for _, argument := range arguments {
		config += "  " + argument + "\n"
	}
	return config + "}\n"
}

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
	var same []statecheck.StateCheck
	for _, by := range []string{"name", "access_key_id", "id"} {
		config += fmt.Sprintf("data \"civo_objectstore_credential\" \"by_%[1]s\" {\n  %[1]s = %[2]s.%[1]s\n}\n", by, address)
		for _, shown := range []string{"id", "name", "region", "access_key_id", "secret_access_key", "endpoint", "status", "suspended"} {
			attribute := tfjsonpath.New(shown)
			same = append(same, statecheck.CompareValuePairs(address, attribute, "data.civo_objectstore_credential.by_"+by, attribute, compare.ValuesSame()))
		}
	}
	run(t, w, resource.TestCase{Steps: []resource.TestStep{{Config: w.Config(config), ConfigStateChecks: same}}})
}

func TestDataSource_Lookup(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	fill(w, 250)
	far := w.Credentials("LON1")[217]
	w.AddCredential(civosim.Credential{Name: "same-name", Region: "LON1"})
	frankfurt := w.AddCredential(civosim.Credential{Name: "same-name", Region: "FRA1"})
	for _, c := range []struct {
		config acctest.Object
		want   civosim.Credential
		region string
	}{
		{acctest.Object{"name": far.Name}, far, "LON1"},
		{acctest.Object{"access_key_id": far.AccessKeyID}, far, "LON1"},
		{acctest.Object{"id": far.ID}, far, "LON1"},
		{acctest.Object{"name": "same-name", "region": "fra1"}, frankfurt, "fra1"},
	} {
		found, diags := w.Driver(t).Data(t.Context(), c.config)
		if diags.Failed() {
			t.Errorf("%v: %s", c.config, diags)
			continue
		}
		for attribute, want := range map[string]string{"id": c.want.ID, "secret_access_key": c.want.SecretAccessKey, "region": c.region} {
			if got := acctest.Get(found, attribute); got != want {
				t.Errorf("%v: %s is %q, not %q", c.config, attribute, got, want)
			}
		}
	}
}

func TestDataSource_Errors(t *testing.T) {
	t.Parallel()
	const list = "civo_objectstore_credentials"
	const first, second = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	for what, c := range map[string]struct {
		config   acctest.Object
		want     string
		typeName string
		asks     bool // whether a request is sent
	}{
		"part of other names": {acctest.Object{"name": "backup"}, `Credential not found.*Existing credentials: "backup-reader", "backup-writer"`, "", true},
		"part of access key":  {acctest.Object{"access_key_id": "access-key"}, `Credential not found`, "", true},
		"unknown id":          {acctest.Object{"id": "00000000-0000-0000-0000-000000000000"}, `Credential not found`, "", true},
		"two of one name":     {acctest.Object{"name": "twice"}, `More than one credential matches.*` + first + `.*` + second, "", true},
		"none given":          {acctest.Object{}, `No attribute specified when one \(and only one\) of \[name,access_key_id,id\]`, "", false},
		"two given":           {acctest.Object{"name": "a", "id": "b"}, `2 attributes specified when one \(and only one\) of \[name,access_key_id,id\]`, "", false},
		"three given":         {acctest.Object{"name": "a", "id": "b", "access_key_id": "c"}, `3 attributes specified when one`, "", false},
		"region":              {acctest.Object{"name": "a", "region": "lon don"}, `Invalid region code`, "", false},
		"odd id":              {acctest.Object{"id": "../../v2/objectstores"}, `Invalid credential ID`, "", false},
		"wrong list region":   {acctest.Object{"region": "lon don"}, `Invalid region code`, list, false},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			w.AddCredential(civosim.Credential{Name: "backup-writer"})
			w.AddCredential(civosim.Credential{Name: "backup-reader", AccessKeyID: "access-key-of-reader"})
			w.AddCredential(civosim.Credential{Name: "twice", ID: first})
			w.AddCredential(civosim.Credential{Name: "twice", ID: second})
			_, diags := w.Driver(t).For(cmp.Or(c.typeName, acctest.TypeName)).Data(t.Context(), c.config)
			if !diags.Failed() || !regexp.MustCompile("(?s)"+c.want).MatchString(diags.String()) {
				t.Errorf("the message does not match %q: %s", c.want, diags)
			}
			if asked := w.Count() > 0; asked != c.asks {
				t.Errorf("%d requests were sent", w.Count())
			}
		})
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
