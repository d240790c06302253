package credential_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The provider "echo" shows the result of an ephemeral resource.
func TestAccEphemeral_SameApply(t *testing.T) {
	t.Parallel()
	acctest.SkipIfShort(t)
	w, name := acctest.New(t), acctest.Name(t)
	echoed := func(name string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey(name), check)
	}
	providers := w.Providers()
	providers["echo"] = echoprovider.NewProviderServer()
	resource.Test(t, resource.TestCase{
		IsUnitTest:               !w.IsLive(),
		ProtoV6ProviderFactories: providers,
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)},
		Steps: []resource.TestStep{{
			Config: w.Config(credentialNamed(name, "secret_in_state = false") +
				"ephemeral \"civo_objectstore_credential\" \"test\" {\n  id = " + address + ".id\n}\n" +
				"provider \"echo\" {\n  data = ephemeral.civo_objectstore_credential.test\n}\nresource \"echo\" \"test\" {}\n"),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("secret_access_key", knownvalue.Null()),
				echoed("name", knownvalue.StringExact(name)),
				echoed("access_key_id", generatedAccessKey),
				echoed("secret_access_key", generatedSecret),
				echoed("endpoint", knownvalue.StringRegexp(regexp.MustCompile(`^https://objectstore\.[a-z]{3}\d\.civo\.com$`))),
				echoed("status", knownvalue.StringExact("ready")),
			},
		}},
	})
}

// testdata/fed.tf passes the result of one credential's ephemeral resource to another credential and, as the token, to a provider, which
// creates a third.
func TestEphemeral_FeedsWriteOnlyAndProvider(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, "")
	ws.Copy("testdata/fed")
	ws.Version(tfversion.Version1_11_0)
	ws.Setenv("TF_VAR_token", w.Token())
	planAndApply(ws, "plan-1")

	secrets, regions := map[string]string{}, map[string]string{}
	for _, c := range w.Credentials("") {
		secrets[c.Name], regions[c.Name] = c.SecretAccessKey, c.Region
	}
	if len(secrets) != 4 || secrets["copy"] != secrets["source"] || regions["fed"] != "fra1" {
		t.Fatalf("at Civo are %+v", w.Credentials(""))
	}
	for _, secret := range secrets {
		checkHolders(t, ws.Dir, secret)
	}
	if output, code := ws.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan after it ends with %d:\n%s", code, output)
	}

	// The token is indeed the result of the ephemeral resource: with another one, Civo rejects only the fed provider.
	for _, c := range w.Credentials("LON1") {
		if c.Name == "holder-of-the-token" {
			w.ChangeCredential(c.ID, func(c *civosim.Credential) { c.SecretAccessKey = "not-the-token" })
		}
	}
	output, code := ws.Run("plan", "-no-color")
	if code == 0 || strings.Count(output, "Error: Civo rejected the token") != 1 || !strings.Contains(output, "with civo_objectstore_credential.fed,") {
		t.Errorf("the plan with another token ends with %d:\n%s", code, output)
	}
}
