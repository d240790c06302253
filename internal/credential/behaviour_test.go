package credential_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	fwephemeral "github.com/hashicorp/terraform-plugin-framework/ephemeral"
	fwresource "github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/credential"
)

func TestRotation_Strings(t *testing.T) {
	t.Parallel()
	// Element values are strings or nil.
	for name, c := range map[string]struct {
		from, to any
		rotates  bool
	}{
		"null to {}":               {nil, map[string]any{}, false},
		"{} to null":               {map[string]any{}, nil, false},
		"null to a null element":   {nil, map[string]any{"a": nil}, false},
		"a null element to {}":     {map[string]any{"a": nil}, map[string]any{}, false},
		"null element added":       {map[string]any{"a": "1"}, map[string]any{"a": "1", "b": nil}, false},
		"null element gets string": {map[string]any{"a": nil}, map[string]any{"a": "1"}, true},
		"string becomes null":      {map[string]any{"a": "1", "b": "1"}, map[string]any{"a": "1", "b": nil}, true},
		"added":                    {nil, map[string]any{"a": "1"}, true},
		"removed":                  {map[string]any{"a": "1"}, nil, true},
		"emptied":                  {map[string]any{"a": "1"}, map[string]any{}, true},
		"empty string added":       {map[string]any{}, map[string]any{"a": ""}, true},
		"key renamed":              {map[string]any{"a": "1"}, map[string]any{"b": "1"}, true},
		"string changed":           {map[string]any{"a": "1"}, map[string]any{"a": "2"}, true},
		"unchanged":                {map[string]any{"a": "1"}, map[string]any{"a": "1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, civosim.Options{})
			s.Apply(acctest.Object{"name": "some-name", "rotate_when_changed": c.from})
			before := s.Remote().SecretAccessKey
			s.Apply(acctest.Object{"name": "some-name", "rotate_when_changed": c.to})
			after := s.Remote().SecretAccessKey
			if rotated := after != before; rotated != c.rotates {
				t.Errorf("rotated: %v, not %v", rotated, c.rotates)
			}
			s.Has("secret_access_key", after)
		})
	}
}

// Pinning the generated secret is no rotation, although rotate_when_changed is removed. Nor is it one to empty rotate_when_changed.
func TestRotation_ReplacedByTheSameSecret(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Apply(acctest.Object{"name": "some-name", "rotate_when_changed": map[string]string{"a": "1"}})
	before := s.Remote()
	for _, empty := range []any{nil, map[string]string{}} {
		s.Apply(acctest.Object{"name": "some-name", "secret_access_key": before.SecretAccessKey, "rotate_when_changed": empty})
		if after := s.Remote(); after != before {
			t.Errorf("%+v became %+v", before, after)
		}
	}
}

// Terraform plans a replacement as a create, for which it does not merge ignore_changes into the configuration.
func TestIgnoreChanges_Replacement(t *testing.T) {
	t.Parallel()
	const block = `
resource "civo_objectstore_credential" %q {
  name              = "%[1]s-%s"
  secret_access_key = %s
  rotate_when_changed          = %s
  secret_access_key_wo         = %s
  secret_access_key_wo_version = %s
  lifecycle {
    ignore_changes        = [secret_access_key]
    create_before_destroy = %s
  }
}
`
	w := acctest.Simulated(t, civosim.Options{})
	config := func(generation string) string {
		if generation == "1" {
			return required + fmt.Sprintf(block, "rotated", "1", "null", `{ a = "1" }`, "null", "null", "false") +
				fmt.Sprintf(block, "supplied", "1", `"supplied-1"`, "null", "null", "null", "true") +
				fmt.Sprintf(block, "written", "1", `"supplied-1"`, "null", "null", "null", "false")
		}
		return required + fmt.Sprintf(block, "rotated", "2", "null", `{ a = "2" }`, "null", "null", "false") +
			fmt.Sprintf(block, "supplied", "2", `"supplied-2"`, "null", "null", "null", "true") +
			fmt.Sprintf(block, "written", "2", "null", "null", `"write-only-2"`, "2", "false")
	}
	ws := w.Workspace(t, config("1"))
	ws.Version(tfversion.Version1_11_0)
	ws.MustRun("apply", "-auto-approve", "-no-color")
	rotated := map[string]string{}
	for _, c := range w.Credentials("") {
		rotated[c.Name] = c.SecretAccessKey
	}
	ws.Write("main.tf", config("2"))
	ws.MustRun("apply", "-auto-approve", "-no-color")
	if output, code := ws.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan after the replacement is not empty:\n%s", output)
	}
	state := ws.Read("terraform.tfstate")
	for _, c := range w.Credentials("") {
		inState := strings.Contains(state, fmt.Sprintf("%q", c.SecretAccessKey))
		switch c.Name {
		case "rotated-2":
			if !inState || c.SecretAccessKey == rotated["rotated-1"] {
				t.Errorf("rotated: in state %v, %q", inState, c.SecretAccessKey)
			}
		case "supplied-2":
			if !inState || c.SecretAccessKey != "supplied-2" {
				t.Errorf("supplied: in state %v, %q", inState, c.SecretAccessKey)
			}
		case "written-2":
			if inState || c.SecretAccessKey != "write-only-2" {
				t.Errorf("write-only: in state %v, %q", inState, c.SecretAccessKey)
			}
		default:
			t.Errorf("unexpected credential %q", c.Name)
		}
	}
}

func TestWriteOnlyVersion_AnyNumber(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	apply := func(secret, version string) {
		s.Apply(acctest.Object{"name": "some-name", "secret_access_key_wo": secret, "secret_access_key_wo_version": json.Number(version)})
	}
	apply("write-only-0", "1")
	secret := "write-only-0"
	for i, c := range []struct {
		version string
		sends   bool
	}{{"1.0", false}, {"1.5", true}, {"1e20", true}, {"100000000000000000000", false}, {"0.1", true}, {"-3", true}, {"9007199254740993", true}, {"9007199254740992", true}} {
		another := fmt.Sprintf("write-only-%d", i+1)
		apply(another, c.version)
		if c.sends {
			secret = another
		}
		if got := s.Remote().SecretAccessKey; got != secret {
			t.Errorf("version %s: Civo has %q, not %q", c.version, got, secret)
		}
	}
}

func TestTimeouts_MustBePositive(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	p := w.Driver(t)
	for _, operation := range []string{"create", "update", "delete", "open"} {
		for value, fails := range map[string]bool{"-5m": true, "0s": true, "0": true, "-1ns": true, "1ns": false, "10m": false} {
			t.Run(operation+" "+value, func(t *testing.T) {
				t.Parallel()
				config := acctest.Object{"name": "some-name", "timeouts": acctest.Object{operation: value}}
				var diags acctest.Diagnostics
				if operation == "open" {
					diags = p.ValidateEphemeral(t.Context(), config)
				} else {
					diags = p.Validate(t.Context(), config)
				}
				if diags.Failed() != fails {
					t.Fatalf("fails: %v, not %v: %s", diags.Failed(), fails, diags)
				}
				if fails {
					checkSays(t, diags, []string{value, `such as "10m"`, `AttributeName("timeouts").AttributeName("` + operation + `")`})
				}
			})
		}
	}
}

func TestSuspended(t *testing.T) {
	t.Parallel()
	s, config := acctest.NewScenario(t, civosim.Options{}), acctest.Object{"name": "some-name"}
	s.Apply(config)
	s.Drift(func(c *civosim.Credential) { c.Suspended = true })
	want := []string{"WARNING: Credential suspended", `"some-name"`, s.Get("id"), "LON1", "cannot access object stores", "dashboard", "Civo support"}

	plan, diags := s.Run(t.Context(), s.Instance, config)
	checkSays(t, diags, want)
	if diags.Failed() || !plan.IsEmpty() {
		t.Errorf("the plan changes %v: %s", plan.Changes(), diags)
	}
	_, diags = s.Data(t.Context(), config)
	checkSays(t, diags, want)
	if diags.Failed() {
		t.Errorf("the data source fails: %s", diags)
	}
	result, diags := s.Open(t.Context(), config)
	checkSays(t, diags, want)
	if diags.Failed() || acctest.Get(result, "secret_access_key") != s.Remote().SecretAccessKey {
		t.Errorf("the result is %s: %s", result, diags)
	}
}

// Terraform opens the ephemeral resource to plan a destroy too, so keys that do not work are no error.
func TestSuspended_Destroy(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, required+credentialNamed("some-name")+"ephemeral \"civo_objectstore_credential\" \"test\" {\n  id = "+address+".id\n}\n")
	ws.Version(tfversion.Version1_10_0)
	ws.MustRun("apply", "-auto-approve")
	w.ChangeCredential(only(t, w).ID, func(c *civosim.Credential) { c.Suspended = true })
	if output := ws.MustRun("plan"); !strings.Contains(output, "Warning: Credential suspended") {
		t.Errorf("the plan does not warn: %s", output)
	}
	ws.MustRun("destroy", "-auto-approve")
}

// A name that is not known yet replaces the credential, even if it will be the same. The plan says so.
func TestPlan_UnknownName(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Apply(acctest.Object{"name": "some-name"})
	for attribute, config := range map[string]acctest.Object{
		"name": {"name": acctest.Unknown}, "region": {"name": "some-name", "region": acctest.Unknown},
	} {
		plan, diags := s.Driver.Plan(t.Context(), s.Instance, config)
		checkSays(t, diags, []string{"WARNING: Replacing a credential deletes its keys", attribute + " is not known before apply", "-target"})
		if diags.Failed() || len(plan.Replaces) != 1 {
			t.Errorf("the plan replaces because of %v: %s", plan.Replaces, diags)
		}
	}
}

func TestConfigure_WrongProviderData(t *testing.T) {
	t.Parallel()
	resource, ok := credential.NewResource().(fwresource.ResourceWithConfigure)
	if !ok {
		t.Fatal("the resource is not configured")
	}
	for what, c := range map[string]struct {
		data  any
		fails bool
	}{"none": {nil, false}, "another type": {"a string", true}} {
		var resp fwresource.ConfigureResponse
		resource.Configure(t.Context(), fwresource.ConfigureRequest{ProviderData: c.data}, &resp)
		if resp.Diagnostics.HasError() != c.fails {
			t.Errorf("%s: %v", what, resp.Diagnostics)
		}
	}
	var resp fwephemeral.ConfigureResponse
	if ephemeral, ok := credential.NewEphemeralResource().(fwephemeral.EphemeralResourceWithConfigure); ok {
		ephemeral.Configure(t.Context(), fwephemeral.ConfigureRequest{ProviderData: 1}, &resp)
	}
	if !resp.Diagnostics.HasError() {
		t.Error("the ephemeral resource accepts data of another type")
	}
}

func TestMove_SourceAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"registry.terraform.io/civo/civo", "registry.opentofu.org/civo/civo",
		"registry.terraform.io/seed-0e51fd2b/civo", "registry.opentofu.org/seed-0e51fd2b/civo",
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, civosim.Options{})
			there := s.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1"})
			s.Move(address, officialType, official(there, nil))
			checkMoved(t, s.Instance, there)
			s.Unchanged(acctest.Object{"name": "some-name"})
		})
	}
}

// movedTo are the blocks that two instances of an official resource lead to. NAME stands for the name of the official resource.
var movedTo = map[string]struct {
	keys   [2]string // of the official instances, in HCL and JSON
	config string
}{
	"counted": {[2]string{"0", "1"}, `
resource "civo_objectstore_credential" "NAME" {
  count = 2
  name  = "NAME-${count.index}"
}
moved {
  from = civo_object_store_credential.NAME
  to   = civo_objectstore_credential.NAME
}`},
	"each_counted": {[2]string{"0", "1"}, `
resource "civo_objectstore_credential" "NAME" {
  count = 2
  name  = "NAME-${count.index}"
}
moved {
  from = civo_object_store_credential.NAME[0]
  to   = civo_objectstore_credential.NAME[0]
}
moved {
  from = civo_object_store_credential.NAME[1]
  to   = civo_objectstore_credential.NAME[1]
}`},
	"for_each": {[2]string{`"a"`, `"b"`}, `
resource "civo_objectstore_credential" "NAME" {
  for_each = { a = "NAME-0", b = "NAME-1" }
  name     = each.value
}
moved {
  from = civo_object_store_credential.NAME
  to   = civo_objectstore_credential.NAME
}`},
	"separated": {[2]string{`"a"`, `"b"`}, `
resource "civo_objectstore_credential" "first" {
  name = "NAME-0"
}
resource "civo_objectstore_credential" "second" {
  name = "NAME-1"
}
moved {
  from = civo_object_store_credential.NAME["a"]
  to   = civo_objectstore_credential.first
}
moved {
  from = civo_object_store_credential.NAME["b"]
  to   = civo_objectstore_credential.second
}`},
}

func TestMove_SeveralInstances(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	config := required
	var resources []string
	for name, c := range movedTo {
		config += strings.ReplaceAll(c.config, "NAME", name)
		var instances []string
		for i, key := range c.keys {
			there := w.AddCredential(civosim.Credential{Name: fmt.Sprintf("%s-%d", name, i), Region: "LON1"})
			instances = append(instances, fmt.Sprintf(`{"index_key": %s, "schema_version": 0, "attributes": %s, "sensitive_attributes": []}`, key, official(there, nil)))
		}
		resources = append(resources, fmt.Sprintf(`{"mode": "managed", "type": %q, "name": %q, "provider": %q, "instances": [%s]}`,
			officialType, name, `provider["`+officialAddress+`"]`, strings.Join(instances, ",")))
	}
	before := w.Credentials("")
	ws := w.Workspace(t, config)
	ws.Version(tfversion.Version1_8_0)
	ws.Serve(acctest.Address(), strings.Replace(acctest.Address(), "seed-0e51fd2b/civo", "civo/civo", 1))
	ws.Write("terraform.tfstate", fmt.Sprintf(`{
  "version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "00000000-0000-4000-8000-000000000002", "resources": [%s]
}`, strings.Join(resources, ",")))

	output := ws.MustRun("apply", "-no-color", "-auto-approve")
	if !strings.Contains(output, "0 added, 0 changed, 0 destroyed") {
		t.Errorf("the move is not all that happened:\n%s", output)
	}
	ws.Serve(acctest.Address())
	if output, code := ws.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan after it ends with %d:\n%s", code, output)
	}
	if after := w.Credentials(""); !maps.Equal(byID(before), byID(after)) {
		t.Errorf("%+v became %+v", before, after)
	}
	onlyReads(t, w)
}

func byID(credentials []civosim.Credential) map[string]civosim.Credential {
	found := map[string]civosim.Credential{}
	for _, c := range credentials {
		found[c.ID] = c
	}
	return found
}
