package credential_test

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestImport_IDsAndIdentity(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	w.AddCredential(civosim.Credential{Name: "some", Region: "LON1"})
	london := w.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1"})
	frankfurt := w.AddCredential(civosim.Credential{Name: "some-name", Region: "FRA1"})
	slashed := w.AddCredential(civosim.Credential{Name: "team/backup", Region: "LON1"})
	likeRegion := w.AddCredential(civosim.Credential{Name: "fra1/some-name", Region: "LON1"})
	p := w.Driver(t)
	for id, want := range map[string]civosim.Credential{
		london.ID:                       in(london, "LON1"),
		london.AccessKeyID:              in(london, "LON1"),
		"some-name":                     in(london, "LON1"),
		"LON1/" + london.ID:             in(london, "LON1"),
		"LON1/" + london.AccessKeyID:    in(london, "LON1"),
		"LON1/some-name":                in(london, "LON1"),
		"FRA1/" + frankfurt.ID:          in(frankfurt, "FRA1"),
		"FRA1/some-name":                in(frankfurt, "FRA1"),
		"fra1/" + frankfurt.ID:          in(frankfurt, "fra1"),
		"fra1/" + frankfurt.AccessKeyID: in(frankfurt, "fra1"),
		"fra1/some-name":                in(frankfurt, "fra1"),
		"team/backup":                   in(slashed, "LON1"),
		"LON1/team/backup":              in(slashed, "LON1"),
		"LON1/fra1/some-name":           in(likeRegion, "LON1"),
	} {
		i, diags := p.Import(t.Context(), id)
		checkImported(t, id, i, diags, want)
	}
	for region, want := range map[string]civosim.Credential{"": london, "LON1": london, "lon1": london, "FRA1": frankfurt, "fra1": frankfurt} {
		i, diags := p.ImportIdentity(t.Context(), identity(want.ID, region))
		checkImported(t, fmt.Sprintf("{id = %s, region = %q}", want.ID, region), i, diags, in(want, cmp.Or(region, "LON1")))
	}

	// Without a region of the provider, the import ID or the identity needs one.
	p = w.Driver(t, acctest.Object{"region": nil})
	i, diags := p.Import(t.Context(), "FRA1/some-name")
	checkImported(t, "import ID", i, diags, in(frankfurt, "FRA1"))
	i, diags = p.ImportIdentity(t.Context(), identity(frankfurt.ID, "FRA1"))
	checkImported(t, "identity", i, diags, in(frankfurt, "FRA1"))
}

// identity returns the identity of a credential. The region may be empty.
func identity(id, region string) acctest.Object {
	if region == "" {
		return acctest.Object{"id": id}
	}
	return acctest.Object{"id": id, "region": region}
}

// in returns a credential with its region in the spelling that the user chose, which the state keeps.
func in(c civosim.Credential, region string) civosim.Credential {
	c.Region = region
	return c
}

func checkImported(t *testing.T, by string, i *acctest.Instance, diags acctest.Diagnostics, want civosim.Credential) {
	t.Helper()
	if diags.Failed() {
		t.Errorf("%s: %s", by, diags)
		return
	}
	acctest.CheckAttributes(t, by, i.State, "id", want.ID, "name", want.Name, "region", want.Region, "status", "ready",
		"access_key_id", want.AccessKeyID, "secret_access_key", want.SecretAccessKey, "secret_access_key_wo", "",
		"endpoint", "https://objectstore."+strings.ToLower(want.Region)+".civo.com")
}

// The golden file contains the messages. These are other ways to get them.
func TestImport_Errors(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	w.AddCredential(civosim.Credential{Name: "backup-writer", Region: "LON1"})
	w.AddCredential(civosim.Credential{Name: "backup-reader", Region: "LON1"})
	frankfurt := w.AddCredential(civosim.Credential{Name: "in-frankfurt", Region: "FRA1"})
	const elsewhere = `but one in fra1 does.*\n\n  fra1/`
	p := w.Driver(t)
	for id, want := range map[string]string{
		"mistyped":          `No credential in LON1 has .* "mistyped".*Existing credentials: "backup-reader", "backup-writer"\..*No other region`,
		"NYC1/mistyped":     `Credential not found.*No credential in NYC1 has`,
		"backup":            `Credential not found`,
		"LON1/":             `Credential not found`,
		"in-frankfurt":      elsewhere + frankfurt.ID,
		frankfurt.ID:        elsewhere + frankfurt.ID,
		"nyc1/in-frankfurt": `No credential in nyc1.*` + elsewhere + frankfurt.ID,
	} {
		i, diags := p.Import(t.Context(), id)
		if !diags.Failed() || i.Exists() || !regexp.MustCompile("(?s)"+want).MatchString(diags.String()) {
			t.Errorf("the import of %q does not fail with %q: %s", id, want, diags)
		}
		if strings.HasPrefix(id, "NYC1") && strings.Contains(diags.String(), "Existing credentials") {
			t.Errorf("the message lists the credentials of a region without any: %s", diags)
		}
	}
	for _, region := range []string{"", "LON1"} {
		if _, diags := p.ImportIdentity(t.Context(), identity(frankfurt.ID, region)); !strings.Contains(diags.String(), "but one in fra1 does") {
			t.Errorf("region %q: %s", region, diags)
		}
	}
	w.Inject(civosim.Fault{PathPrefix: "/v2/regions", Effect: civosim.Effect500})
	_, diags := w.Driver(t).Import(t.Context(), "mistyped")
	checkSays(t, diags, []string{"Some regions could not be searched", "The other regions could not be listed", "/v2/regions with 500"})
}

// checkSays checks that a message contains all these words.
func checkSays(t *testing.T, diags acctest.Diagnostics, want []string) {
	t.Helper()
	for _, words := range want {
		if !strings.Contains(diags.String(), words) {
			t.Errorf("the message does not say %q: %s", words, diags)
		}
	}
}

func TestImport_FirstPlan(t *testing.T) {
	t.Parallel()
	given := acctest.Object{"access_key_id": "given-key", "secret_access_key": "given-secret"}
	for what, c := range map[string]struct {
		config  acctest.Object
		changes string // the attributes that the plan changes
		updates int    // the requests that it takes to change them
	}{
		"name alone":          {acctest.Object{}, "", 0},
		"region":              {acctest.Object{"region": "LON1"}, "", 0},
		"region, lower case":  {acctest.Object{"region": "lon1"}, "", 0},
		"the same keys":       {given, "", 0},
		"another key":         {acctest.Object{"access_key_id": "another-key"}, "access_key_id", 1},
		"another secret":      {acctest.Object{"secret_access_key": "another-secret"}, "secret_access_key", 1},
		"secret not kept":     {acctest.Object{"secret_in_state": false}, "secret_access_key secret_in_state", 0},
		"rotate_when_changed": {acctest.Object{"rotate_when_changed": map[string]string{"a": "1"}}, "rotate_when_changed secret_access_key", 1},
		"write-only": {
			acctest.Object{"secret_access_key_wo": "write-only", "secret_access_key_wo_version": int64(1)},
			"secret_access_key secret_access_key_wo_version", 1,
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, civosim.Options{})
			s.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1", AccessKeyID: "given-key", SecretAccessKey: "given-secret"})
			s.Import("some-name")
			config := acctest.Object{"name": "some-name"}.With(c.config)
			checkFirstPlan(t, s, config, c.changes, c.updates)
		})
	}
}

// checkFirstPlan checks the first plan after an import or a move: what it changes in place, and with how many updates.
func checkFirstPlan(t *testing.T, s *acctest.Scenario, config acctest.Object, changes string, updates int) {
	t.Helper()
	id := s.Get("id")
	plan := s.Apply(config)
	if got := strings.Join(plan.Changes(), " "); got != changes || len(plan.Replaces) > 0 {
		t.Errorf("the plan changes %q, not %q, and replaces for %q", got, changes, plan.Replaces)
	}
	if n := s.Count(civosim.KindUpdateCredential); n != updates || only(t, s.Env).ID != id {
		t.Errorf("%d updates were sent, not %d, and %s is at Civo", n, updates, only(t, s.Env).ID)
	}
}

func TestImport_GeneratedConfiguration(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	there := w.AddCredential(civosim.Credential{Name: "some-name", Region: "FRA1", AccessKeyID: "access-key-of-it", SecretAccessKey: "secret-of-it"})
	block := func(provider string) string {
		return required + "import {\n  to = " + address + "\n  id = \"fra1/some-name\"\n" + provider + "}\n"
	}
	ws := w.Workspace(t, block("provider = civo\n")) // Terraform 1.16 requires it where there is no resource
	running := ws.Version(tfversion.Version1_5_0)
	ws.MustRun("plan", "-no-color", "-generate-config-out=generated.tf")
	generated := ws.Read("generated.tf")
	want, err := os.ReadFile("testdata/generated.txt")
	if err != nil {
		t.Fatal(err)
	}
	if version.MustConstraints(version.NewConstraint("~> 1.11.0")).Check(running) && generated != string(want) {
		t.Errorf("the generated configuration is:\n%s", generated)
	}
	if strings.Contains(generated, there.SecretAccessKey) {
		t.Errorf("the secret is in the generated configuration:\n%s", generated)
	}
	ws.Write("main.tf", block("")) // and every version rejects it where there is one
	ws.MustRun("validate", "-no-color")
	if output := ws.MustRun("plan", "-no-color"); !strings.Contains(output, "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Errorf("the plan with the generated configuration changes something:\n%s", output)
	}
	ws.MustRun("apply", "-no-color", "-auto-approve")
	if output, code := ws.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan after it ends with %d:\n%s", code, output)
	}
	if after := only(t, w); after != there {
		t.Errorf("%+v became %+v", there, after)
	}
}
