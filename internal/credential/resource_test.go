package credential_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// address is the resource address in the configurations of these tests.
const address = "civo_objectstore_credential.test"

// credentialNamed returns the configuration of a credential with a name and other arguments, one per line.
func credentialNamed(name string, arguments ...string) string {
	config := fmt.Sprintf("resource \"civo_objectstore_credential\" \"test\" {\n  name = %q\n", name)
	for _, argument := range arguments {
		config += "  " + argument + "\n"
	}
	return config + "}\n"
}

func attribute(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), check)
}

func planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

func unchanged() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

var (
	generatedAccessKey = knownvalue.StringRegexp(regexp.MustCompile(`^[A-Z0-9]{20}$`))
	generatedSecret    = knownvalue.StringRegexp(regexp.MustCompile(`^[A-Za-z0-9]{40}$`))
)

// only returns the one credential in the simulator.
func only(t *testing.T, w *acctest.Env) civosim.Credential {
	t.Helper()
	all := w.Credentials("")
	if len(all) != 1 {
		t.Fatalf("there are %d credentials at Civo, not 1: %+v", len(all), all)
	}
	return all[0]
}

func TestAccCredential_Lifecycle(t *testing.T) {
	t.Parallel()
	w, name := acctest.New(t), acctest.Name(t)
	run(t, w, resource.TestCase{
		CheckDestroy: isGone(t, w, name),
		Steps: []resource.TestStep{
			{
				Config: w.Config(credentialNamed(name)),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
						plancheck.ExpectKnownValue(address, tfjsonpath.New("endpoint"), knownvalue.StringRegexp(regexp.MustCompile(`^https://objectstore\.[a-z]{3}\d\.civo\.com$`))),
						plancheck.ExpectSensitiveValue(address, tfjsonpath.New("secret_access_key")),
					},
				},
				ConfigStateChecks: []statecheck.StateCheck{
					attribute("id", knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f-]{36}$`))),
					attribute("name", knownvalue.StringExact(name)),
					attribute("access_key_id", generatedAccessKey),
					attribute("secret_access_key", generatedSecret),
					attribute("status", knownvalue.StringExact("ready")),
					attribute("suspended", knownvalue.Bool(false)),
				},
				Check: isAtCivo(t, w, name),
			},
			{Config: w.Config(credentialNamed(name)), ConfigPlanChecks: unchanged()},
			{ResourceName: address, ImportState: true, ImportStateVerify: true},
			{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: withRegion},
		},
	})
}

func TestAccCredential_SecretIsSensitive(t *testing.T) {
	t.Parallel()
	w, name := acctest.New(t), acctest.Name(t)
	sensitive := func(address string) statecheck.StateCheck {
		return statecheck.ExpectSensitiveValue(address, tfjsonpath.New("secret_access_key"))
	}
	run(t, w, resource.TestCase{
		// Older versions do not report which values of a state are sensitive.
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_4_6)},
		Steps: []resource.TestStep{{
			Config:            w.Config(credentialNamed(name) + lookedUp("name = "+address+".name")),
			ConfigStateChecks: []statecheck.StateCheck{sensitive(address), sensitive(dataAddress)},
		}},
	})
}

// withRegion returns the import ID REGION/ID.
func withRegion(state *terraform.State) (string, error) {
	attributes := state.RootModule().Resources[address].Primary.Attributes
	return attributes["region"] + "/" + attributes["id"], nil
}

func isAtCivo(t *testing.T, w *acctest.Env, name string) resource.TestCheckFunc {
	t.Helper()
	return func(state *terraform.State) error {
		attributes := state.RootModule().Resources[address].Primary.Attributes
		got, err := w.Client(t).Credentials(attributes["region"]).Get(t.Context(), attributes["id"])
		if err != nil {
			return err
		}
		if got.Name != name || got.AccessKeyID != attributes["access_key_id"] || got.SecretAccessKey.Reveal() != attributes["secret_access_key"] {
			return fmt.Errorf("at Civo is %+v, which is not what the state says", got)
		}
		return nil
	}
}

func isGone(t *testing.T, w *acctest.Env, name string) resource.TestCheckFunc {
	t.Helper()
	return func(*terraform.State) error {
		all, err := w.Client(t).Credentials("LON1").All(t.Context())
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Name == name {
				return fmt.Errorf("the credential %s is still there", c.ID)
			}
		}
		return nil
	}
}

func TestAccRegion_CaseAndDefaultChangeNothing(t *testing.T) {
	t.Parallel()
	w, name := acctest.Simulated(t, civosim.Options{}), acctest.Name(t)
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{
			Config:            w.Config(credentialNamed(name, `region = "fra1"`)),
			ConfigStateChecks: []statecheck.StateCheck{attribute("region", knownvalue.StringExact("fra1"))},
		},
		{Config: w.Config(credentialNamed(name, `region = "FRA1"`)), ConfigPlanChecks: unchanged()},
		{Config: w.Config(credentialNamed(name, `region = "Fra1"`)), ConfigPlanChecks: unchanged()},
		{Config: w.Config(credentialNamed(name)), ConfigPlanChecks: unchanged()},
		{Config: w.Config(credentialNamed(name), `region = "NYC1"`), ConfigPlanChecks: unchanged()},
	}})
}

func TestAccCredential_NameAndRegionReplace(t *testing.T) {
	t.Parallel()
	w, name := acctest.Simulated(t, civosim.Options{}), acctest.Name(t)
	ids := statecheck.CompareValue(compare.ValuesDiffer())
	newID := func() statecheck.StateCheck { return ids.AddStateValue(address, tfjsonpath.New("id")) }
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(credentialNamed(name)), ConfigStateChecks: []statecheck.StateCheck{newID()}},
		{
			Config:            w.Config(credentialNamed(name + "-2")),
			ConfigPlanChecks:  planned(plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{newID()},
		},
		{
			Config:            w.Config(credentialNamed(name+"-2", `region = "NYC1"`)),
			ConfigPlanChecks:  planned(plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{newID(), attribute("endpoint", knownvalue.StringExact("https://objectstore.nyc1.civo.com"))},
		},
	}})
}

func TestAccCredential_KeysInPlace(t *testing.T) {
	t.Parallel()
	w, name := acctest.New(t), acctest.Name(t)
	ids := statecheck.CompareValue(compare.ValuesSame())
	sameID := func() statecheck.StateCheck { return ids.AddStateValue(address, tfjsonpath.New("id")) }
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(credentialNamed(name)), ConfigStateChecks: []statecheck.StateCheck{sameID()}},
		{
			Config:            w.Config(credentialNamed(name, `access_key_id = "`+name+`"`)),
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{sameID(), attribute("access_key_id", knownvalue.StringExact(name))},
			Check:             isAtCivo(t, w, name),
		},
		{
			Config:           w.Config(credentialNamed(name, `access_key_id = "`+name+`"`, `secret_access_key = "first"`)),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), ConfigStateChecks: []statecheck.StateCheck{sameID()},
			Check: isAtCivo(t, w, name),
		},
		{
			Config:           w.Config(credentialNamed(name, `access_key_id = "`+name+`-b"`, `secret_access_key = "second"`)),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), ConfigStateChecks: []statecheck.StateCheck{sameID()},
			Check: isAtCivo(t, w, name),
		},
		{
			// After they are removed from the configuration, they keep their values.
			Config:           w.Config(credentialNamed(name)),
			ConfigPlanChecks: unchanged(),
		},
	}})
}

func TestAccTimeouts_NoRequest(t *testing.T) {
	t.Parallel()
	w, name := acctest.Simulated(t, civosim.Options{}), acctest.Name(t)
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(credentialNamed(name))},
		{
			PreConfig:        w.ResetRecord,
			Config:           w.Config(credentialNamed(name, "timeouts {\n create = \"7m\"\n }")),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				if n := w.Count("update credential"); n != 0 {
					return fmt.Errorf("%d updates were sent", n)
				}
				return nil
			},
		},
	}})
}

func TestAccDrift_SuppliedSecret(t *testing.T) {
	t.Parallel()
	w, name := acctest.Simulated(t, civosim.Options{}), acctest.Name(t)
	config := w.Config(credentialNamed(name, `secret_access_key = "ours"`))
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{Config: config},
		{
			PreConfig: func() {
				w.ChangeCredential(only(t, w).ID, func(c *civosim.Credential) { c.SecretAccessKey = "theirs" })
			},
			Config: config, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			Check: isAtCivo(t, w, name),
		},
		{Config: config, ConfigPlanChecks: unchanged(), ConfigStateChecks: []statecheck.StateCheck{attribute("secret_access_key", knownvalue.StringExact("ours"))}},
	}})
}

func TestAccDrift_GeneratedKeys(t *testing.T) {
	t.Parallel()
	w, name := acctest.Simulated(t, civosim.Options{}), acctest.Name(t)
	config := w.Config(credentialNamed(name))
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{Config: config},
		{
			PreConfig: func() {
				w.ChangeCredential(only(t, w).ID, func(c *civosim.Credential) {
					c.AccessKeyID, c.SecretAccessKey, c.Suspended = "their-key", "their-secret", true
				})
			},
			Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop)},
			},
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("access_key_id", knownvalue.StringExact("their-key")),
				attribute("secret_access_key", knownvalue.StringExact("their-secret")),
				attribute("suspended", knownvalue.Bool(true)),
			},
		},
		{Config: config, ConfigPlanChecks: unchanged()},
	}})
}

func TestAccDrift_Deleted(t *testing.T) {
	t.Parallel()
	w, name := acctest.Simulated(t, civosim.Options{}), acctest.Name(t)
	config := w.Config(credentialNamed(name))
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{Config: config},
		{
			PreConfig: func() { w.RemoveCredential(only(t, w).ID) },
			Config:    config, ConfigPlanChecks: planned(plancheck.ResourceActionCreate),
			Check: isAtCivo(t, w, name),
		},
	}})
}

func TestAccDelete_OwnsStore(t *testing.T) {
	t.Parallel()
	w, name := acctest.Simulated(t, civosim.Options{StoreGoneAfter: 300 * time.Millisecond}), acctest.Name(t)
	var store civosim.Store
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(credentialNamed(name))},
		{
			PreConfig: func() { store = w.AddStore(civosim.Store{Name: "backups", OwnerID: only(t, w).ID}) },
			Config:    w.Config(credentialNamed(name)), Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)Credential still owns object stores.*"backups"\s+\(ID\s+"[0-9a-f-]{36}"\)`),
		},
		{Config: w.Config(credentialNamed(name)), ConfigPlanChecks: unchanged()},
		{
			// Deleting waits for a store that is being deleted.
			PreConfig: func() { w.DeleteStore(store.ID) },
			Config:    w.Config(credentialNamed(name)), Destroy: true,
		},
	}})
	if left := w.Credentials(""); len(left) > 0 {
		t.Errorf("still at Civo: %+v", left)
	}
}

func TestAccCreate_Failed(t *testing.T) {
	t.Parallel()
	w, name := acctest.Simulated(t, civosim.Options{ReadyAfter: 50 * time.Millisecond}), acctest.Name(t)
	config := w.Config(credentialNamed(name))
	w.FailCreates(true)
	run(t, w, resource.TestCase{Steps: []resource.TestStep{
		{Config: config, ExpectError: regexp.MustCompile(`Civo could not create the credential`)},
		{
			PreConfig: func() { w.FailCreates(false) },
			Config:    config, ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{attribute("status", knownvalue.StringExact("ready"))},
		},
	}})
}

func TestAccCreate_NameTaken(t *testing.T) {
	t.Parallel()
	w, name := acctest.Simulated(t, civosim.Options{}), acctest.Name(t)
	other := w.AddCredential(civosim.Credential{Name: name, Region: "LON1"})
	run(t, w, resource.TestCase{Steps: []resource.TestStep{{
		Config:      w.Config(credentialNamed(name)),
		ExpectError: regexp.MustCompile(`(?s)Credential name already taken.*terraform import \S+ LON1/` + other.ID + `.*import \{.*id = "LON1/` + other.ID + `"`),
	}}})
	if got := only(t, w); got.ID != other.ID {
		t.Errorf("the other credential was touched: %+v", got)
	}
}

func TestAccRead_ErrorsKeepState(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		breakIt func(w *acctest.Env)
		want    string
	}{
		"wrong token":   {func(w *acctest.Env) { w.SetToken("another") }, `Civo rejected the token`},
		"500":           {inject(civosim.Effect500), `Civo could not carry out the request`},
		"HTML page":     {inject(civosim.EffectHTML200), `Unexpected response from Civo`},
		"empty body":    {inject(civosim.EffectEmpty200), `Unexpected response from Civo`},
		"404 of a page": {inject(civosim.Effect404Text), `Unexpected response from Civo`},
		"closed port":   {inject(civosim.EffectClose), `Civo is unavailable`},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w, name := acctest.Simulated(t, civosim.Options{}), acctest.Name(t)
			config, token := w.Config(credentialNamed(name)), w.Token()
			run(t, w, resource.TestCase{Steps: []resource.TestStep{
				{Config: config},
				{PreConfig: func() { c.breakIt(w) }, Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(c.want)},
				{
					PreConfig: func() { w.ClearFaults(); w.SetToken(token) },
					Config:    config, ConfigPlanChecks: unchanged(),
				},
			}})
		})
	}
}

func inject(effect civosim.Effect) func(w *acctest.Env) {
	return func(w *acctest.Env) { w.Inject(civosim.Fault{Effect: effect}) }
}

func TestAccSecret_SensitiveOutput(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	run(t, w, resource.TestCase{Steps: []resource.TestStep{{
		Config:      w.Config(credentialNamed(acctest.Name(t)) + "output \"secret\" {\n  value = " + address + ".secret_access_key\n}\n"),
		ExpectError: regexp.MustCompile(`Output refers to sensitive values`),
	}}})
}
