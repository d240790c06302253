package credential_test

import (
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

const (
	dataAddress = "data.civo_objectstore_credential.test"
	listAddress = "data.civo_objectstore_credentials.test"
)

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
	for _, attribute := range []string{"name", "access_key_id", "id"} {
		t.Run("by "+attribute, func(t *testing.T) {
			t.Parallel()
			name := name + "-" + attribute[:1]
			var same []statecheck.StateCheck
			for _, shown := range []string{"id", "name", "region", "access_key_id", "secret_access_key", "endpoint", "status", "suspended"} {
				attribute := tfjsonpath.New(shown)
				same = append(same, statecheck.CompareValuePairs(address, attribute, dataAddress, attribute, compare.ValuesSame()))
			}
			run(t, w, resource.TestCase{Steps: []resource.TestStep{{
				Config:            w.Config(credentialNamed(name) + lookedUp(attribute+" = "+address+"."+attribute)),
				ConfigStateChecks: same,
			}}})
		})
	}
}

func TestDataSource_ManyPages(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	fill(w, 250)
	wanted := w.Credentials("LON1")[217]
	for attribute, value := range map[string]string{"name": wanted.Name, "access_key_id": wanted.AccessKeyID, "id": wanted.ID} {
		run(t, w, resource.TestCase{Steps: []resource.TestStep{{
			Config: w.Config(lookedUp(fmt.Sprintf("%s = %q", attribute, value))),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("id"), knownvalue.StringExact(wanted.ID)),
				statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("secret_access_key"), knownvalue.StringExact(wanted.SecretAccessKey)),
			},
		}}})
	}
}

func TestDataSource_Region(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	w.AddCredential(civosim.Credential{Name: "same-name", Region: "LON1"})
	inFrankfurt := w.AddCredential(civosim.Credential{Name: "same-name", Region: "FRA1"})
	run(t, w, resource.TestCase{Steps: []resource.TestStep{{
		Config: w.Config(lookedUp(`name = "same-name"`, `region = "fra1"`)),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("id"), knownvalue.StringExact(inFrankfurt.ID)),
			statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("region"), knownvalue.StringExact("fra1")),
		},
	}}})
}

func TestDataSource_Errors(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	w.AddCredential(civosim.Credential{Name: "backup-writer", Region: "LON1"})
	w.AddCredential(civosim.Credential{Name: "backup-reader", Region: "LON1"})
	first := w.AddCredential(civosim.Credential{Name: "twice", Region: "LON1"})
	second := w.AddCredential(civosim.Credential{Name: "twice", Region: "LON1"})
	for what, c := range map[string]struct {
		config    string
		want      string
		noRequest bool
	}{
		"part of other names": {lookedUp(`name = "backup"`), `(?s)Credential not found.*Existing\s+credentials:\s+"backup-reader",\s+"backup-writer"`, false},
		"part of access key":  {lookedUp(`access_key_id = "` + first.AccessKeyID[:10] + `"`), `Credential not found`, false},
		"unknown id":          {lookedUp(`id = "00000000-0000-0000-0000-000000000000"`), `Credential not found`, false},
		"two of one name":     {lookedUp(`name = "twice"`), `(?s)More than one credential matches.*` + first.ID + `.*` + second.ID, false},
		"none given":          {lookedUp(), `(?s)No attribute specified when one \(and only\s+one\) of \[name,access_key_id,id\]`, true},
		"two given":           {lookedUp(`name = "a"`, `id = "b"`), `(?s)2 attributes specified when one \(and only one\)\s+of \[name,access_key_id,id\]`, true},
		"three given":         {lookedUp(`name = "a"`, `id = "b"`, `access_key_id = "c"`), `3 attributes specified when one`, true},
		"region":              {lookedUp(`name = "a"`, `region = "lon don"`), `Invalid region code`, true},
		"odd id":              {lookedUp(`id = "../../v2/objectstores"`), `Invalid credential ID`, true},
		"wrong list region":   {"data \"civo_objectstore_credentials\" \"test\" {\n  region = \"lon don\"\n}\n", `Invalid region code`, true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			own := w
			if c.noRequest {
				own = acctest.Simulated(t, civosim.Options{})
			}
			run(t, own, resource.TestCase{Steps: []resource.TestStep{{Config: own.Config(c.config), ExpectError: regexp.MustCompile(c.want)}}})
			if c.noRequest && own.Count() > 0 {
				t.Errorf("requests were made: %+v", own.Requests())
			}
		})
	}
}

func TestAccListDataSource_NoSecrets(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{PageCap: 30})
	fill(w, 95)
	w.AddCredential(civosim.Credential{Name: "elsewhere", Region: "FRA1"})
	bare := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"id": knownvalue.NotNull(), "name": knownvalue.StringExact("many-0"), "region": knownvalue.StringExact("LON1"),
		"access_key_id": knownvalue.NotNull(), "status": knownvalue.StringExact("ready"), "suspended": knownvalue.Bool(false),
		"endpoint": knownvalue.StringExact("https://objectstore.lon1.civo.com"),
	})
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: w.Config("data \"civo_objectstore_credentials\" \"test\" {}\n"),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(listAddress, tfjsonpath.New("credentials"), knownvalue.ListSizeExact(95)),
				statecheck.ExpectKnownValue(listAddress, tfjsonpath.New("credentials").AtSliceIndex(0), bare),
				statecheck.ExpectKnownValue(listAddress, tfjsonpath.New("region"), knownvalue.StringExact("LON1")),
			},
		},
		{
			Config: w.Config("data \"civo_objectstore_credentials\" \"test\" {\n  region = \"nyc1\"\n}\n"),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(listAddress, tfjsonpath.New("credentials"), knownvalue.ListSizeExact(0)),
				statecheck.ExpectKnownValue(listAddress, tfjsonpath.New("region"), knownvalue.StringExact("nyc1")),
			},
		},
	}})
}
