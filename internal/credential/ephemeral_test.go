package credential_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
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
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// opened returns the configuration of the ephemeral resource with an argument, and of a resource that shows its result.
func opened(argument string) string {
	return fmt.Sprintf("ephemeral \"civo_objectstore_credential\" \"test\" {\n  %s\n}\n", argument) +
		"provider \"echo\" {\n  data = ephemeral.civo_objectstore_credential.test\n}\nresource \"echo\" \"test\" {}\n"
}

func echoed(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey(name), check)
}

// runWithEcho runs a test as run does, with the provider that shows the result of an ephemeral resource.
func runWithEcho(t *testing.T, w *acctest.Env, test resource.TestCase) {
	t.Helper()
	acctest.SkipIfShort(t)
	test.TerraformVersionChecks = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)}
	test.ProtoV6ProviderFactories = w.Providers()
	test.ProtoV6ProviderFactories["echo"] = echoprovider.NewProviderServer()
	test.IsUnitTest = !w.IsLive()
	resource.Test(t, test)
}

func TestAccEphemeral_SameApply(t *testing.T) {
	t.Parallel()
	w, name := acctest.New(t), acctest.Name(t)
	runWithEcho(t, w, resource.TestCase{Steps: []resource.TestStep{{
		Config: w.Config(credentialNamed(name, "secret_in_state = false") + opened("id = "+address+".id")),
		ConfigStateChecks: []statecheck.StateCheck{
			attribute("secret_access_key", knownvalue.Null()),
			echoed("name", knownvalue.StringExact(name)),
			echoed("access_key_id", generatedAccessKey),
			echoed("secret_access_key", generatedSecret),
			echoed("endpoint", knownvalue.StringRegexp(regexp.MustCompile(`^https://objectstore\.[a-z]{3}\d\.civo\.com$`))),
			echoed("status", knownvalue.StringExact("ready")),
		},
	}}})
}

func TestEphemeral_Lookups(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	w.AddCredential(civosim.Credential{Name: "another", Region: "LON1"})
	there := w.AddCredential(civosim.Credential{Name: "some-name", Region: "FRA1"})
	for by, value := range map[string]string{"name": there.Name, "access_key_id": there.AccessKeyID, "id": there.ID} {
		result, diags := w.Driver(t).Open(t.Context(), acctest.Object{by: value, "region": "fra1"})
		if diags.Failed() {
			t.Errorf("by %s: %s", by, diags)
			continue
		}
		for attribute, want := range map[string]string{
			"id": there.ID, "name": "some-name", "region": "fra1", "access_key_id": there.AccessKeyID, "secret_access_key": there.SecretAccessKey,
			"endpoint": "https://objectstore.fra1.civo.com", "status": "ready", "suspended": "false",
		} {
			if got := acctest.Get(result, attribute); got != want {
				t.Errorf("by %s: %s is %q, not %q", by, attribute, got, want)
			}
		}
	}
}

func TestEphemeral_Errors(t *testing.T) {
	t.Parallel()
	const twice = "twice"
	for what, c := range map[string]struct {
		config acctest.Object
		want   []string
		asks   bool // whether Civo is asked
	}{
		"none given":  {acctest.Object{}, []string{"No attribute specified when one (and only one) of [name,access_key_id,id] is required"}, false},
		"two given":   {acctest.Object{"name": "a", "id": "b"}, []string{"2 attributes specified when one (and only one) of [name,access_key_id,id] is required"}, false},
		"three given": {acctest.Object{"name": "a", "id": "b", "access_key_id": "c"}, []string{"3 attributes specified when one"}, false},
		"odd region":  {acctest.Object{"name": "a", "region": "lon don"}, []string{"Invalid region code"}, false},
		"odd timeout": {acctest.Object{"name": "a", "timeouts": acctest.Object{"open": "soon"}}, []string{"soon"}, false},
		"not there":   {acctest.Object{"name": "backup"}, []string{"Credential not found", `Existing credentials: "backup-reader", "backup-writer", "twice", "twice".`, "id = civo_objectstore_credential.NAME.id"}, true},
		"ambiguous":   {acctest.Object{"name": twice}, []string{"More than one credential matches", "Look up the credential by its ID"}, true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			for _, there := range []civosim.Credential{
				{Name: "backup-writer"}, {Name: "backup-reader"}, {Name: twice}, {Name: twice},
			} {
				w.AddCredential(there)
			}
			_, diags := w.Driver(t).Open(t.Context(), c.config)
			if !diags.Failed() {
				t.Fatal("it is no error")
			}
			checkSays(t, diags, c.want)
			if asked := w.Count() > 0; asked != c.asks {
				t.Errorf("%d requests were made", w.Count())
			}
			checkTellsNoSecret(t, w, diags)
		})
	}
}

func TestEphemeral_NoRegion(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	p := w.Driver(t, acctest.Object{"region": nil})
	_, diags := p.Open(t.Context(), acctest.Object{"name": "some-name"})
	if !strings.Contains(diags.String(), "Missing region") || w.Count() > 0 {
		t.Errorf("%d requests were made, and the message is: %s", w.Count(), diags)
	}
}

func TestEphemeral_WaitsUntilReady(t *testing.T) {
	t.Parallel()
	for _, hidden := range []bool{false, true} {
		t.Run(fmt.Sprintf("keys hidden until then: %v", hidden), func(t *testing.T) {
			t.Parallel()
			looks := make(chan struct{}, 100)
			w := acctest.Simulated(t, civosim.Options{ShowPendingKeys: !hidden, OnRequest: func(civosim.Request) { looks <- struct{}{} }})
			there := w.AddCredential(civosim.Credential{Name: "some-name", Status: "creating"})
			go func() {
				for range 3 { // it is seen as "creating" at least so often
					select {
					case <-looks:
					case <-t.Context().Done():
						return
					}
				}
				w.ChangeCredential(there.ID, func(c *civosim.Credential) { c.Status = "ready" })
			}()
			result, diags := w.Driver(t).Open(t.Context(), acctest.Object{"name": "some-name"})
			if diags.Failed() {
				t.Fatal(diags)
			}
			for attribute, want := range map[string]string{"status": "ready", "access_key_id": there.AccessKeyID, "secret_access_key": there.SecretAccessKey} {
				if got := acctest.Get(result, attribute); got != want {
					t.Errorf("%s is %q, not %q", attribute, got, want)
				}
			}
		})
	}
}

func TestEphemeral_Timeout(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	there := w.AddCredential(civosim.Credential{Name: "some-name", Status: "creating"})
	ctx := simtest.ExpiringAt(t.Context(), w.Server, civosim.KindGetCredential, 3)
	_, diags := w.Driver(t).Open(ctx, acctest.Object{"id": there.ID})
	checkSays(t, diags, []string{"Timed out", `Could not open the credential "some-name" in LON1`, "increase open in the timeouts block"})
	if strings.Contains(diags.String(), "state") {
		t.Errorf("the message speaks of a state, which there is none of: %s", diags)
	}
}

func TestEphemeral_FailsWhileWaiting(t *testing.T) {
	t.Parallel()
	looks := make(chan struct{}, 100)
	w := acctest.Simulated(t, civosim.Options{OnRequest: func(civosim.Request) { looks <- struct{}{} }})
	there := w.AddCredential(civosim.Credential{Name: "some-name", Status: "creating"})
	go func() {
		select {
		case <-looks:
			w.ChangeCredential(there.ID, func(c *civosim.Credential) { c.Status = "failed" })
		case <-t.Context().Done():
		}
	}()
	result, diags := w.Driver(t).Open(t.Context(), acctest.Object{"id": there.ID})
	checkSays(t, diags, []string{"WARNING: Credential failed", `"some-name"`, there.ID})
	if diags.Failed() || acctest.Get(result, "secret_access_key") != there.SecretAccessKey {
		t.Errorf("the result is %s, and the message is: %s", result, diags)
	}
}

// fed is a configuration that passes the result of one credential's ephemeral resource to another credential and, as the token,
// to a provider, which creates a third.
const fed = required + `
variable "token" {
  type      = string
  ephemeral = true
}

resource "civo_objectstore_credential" "source" {
  name            = "source"
  secret_in_state = false
}

ephemeral "civo_objectstore_credential" "source" {
  id = civo_objectstore_credential.source.id
}

resource "civo_objectstore_credential" "copy" {
  name                         = "copy"
  secret_access_key_wo         = ephemeral.civo_objectstore_credential.source.secret_access_key
  secret_access_key_wo_version = 1
}

resource "civo_objectstore_credential" "holder" {
  name                         = "holder-of-the-token"
  secret_access_key_wo         = var.token
  secret_access_key_wo_version = 1
}

ephemeral "civo_objectstore_credential" "holder" {
  id = civo_objectstore_credential.holder.id
}

provider "civo" {
  alias  = "fed"
  token  = ephemeral.civo_objectstore_credential.holder.secret_access_key
  region = "FRA1"
}

resource "civo_objectstore_credential" "fed" {
  provider        = civo.fed
  name            = "fed"
  secret_in_state = false
}
`

func TestEphemeral_FeedsWriteOnlyAndProvider(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, fed)
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
	checkNowhere(t, ws.Dir, slices.Collect(maps.Values(secrets))...)
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

// The ephemeral resource stores nothing in the state, not even its name.
func TestEphemeral_NothingInState(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	there := w.AddCredential(civosim.Credential{Name: "some-name", AccessKeyID: "access-key-of-it"})
	ws := w.Workspace(t, required+"ephemeral \"civo_objectstore_credential\" \"test\" {\n  name = \"some-name\"\n}\n"+
		"resource \"terraform_data\" \"test\" {\n  input = \"control\"\n}\n")
	ws.Version(tfversion.Version1_10_0)
	planAndApply(ws, "plan-1")
	opened := 2 // for plan and apply
	if acctest.IsOpenTofu() {
		opened = 1 // OpenTofu opens what nothing uses for the plan alone
	}
	if n := w.Count(civosim.KindGetCredential); n < opened {
		t.Fatalf("it was opened %d times, not %d", n, opened)
	}
	for _, trace := range []string{there.ID, there.AccessKeyID, there.SecretAccessKey} {
		for _, file := range holders(t, ws.Dir, trace) {
			if file != "log" || trace == there.SecretAccessKey {
				t.Errorf("%q is in %q", trace, file)
			}
		}
	}
	if found := holders(t, ws.Dir, "control"); len(found) == 0 {
		t.Error("there is no state")
	}
}

// A provider whose own configuration is unknown can validate and plan, but cannot open.
func TestEphemeral_ProviderNotConfigured(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	p := w.Driver(t, acctest.Object{"token": acctest.Unknown})
	_, diags := p.Open(t.Context(), acctest.Object{"name": "some-name"})
	if !strings.Contains(diags.String(), "Provider not configured yet") || w.Count() > 0 {
		t.Errorf("%d requests were made, and the message is: %s", w.Count(), diags)
	}
}
