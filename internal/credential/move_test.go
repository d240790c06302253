package credential_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

const (
	officialAddress = "registry.terraform.io/civo/civo"
	officialType    = "civo_object_store_credential"
)

// official returns the state of a credential as the official provider writes it.
func official(c civosim.Credential, changes acctest.Object) string {
	attributes := acctest.Object{
		"id": c.ID, "name": c.Name, "region": nil, "access_key_id": c.AccessKeyID, "secret_access_key": c.SecretAccessKey,
		"status": "ready", "timeouts": nil,
	}
	maps.Copy(attributes, changes)
	state, err := json.Marshal(attributes)
	if err != nil {
		panic(err)
	}
	return string(state)
}

func TestMove_FromOfficialProvider(t *testing.T) {
	t.Parallel()
	longer := map[string]any{"create": "20m", "update": "7m", "delete": "9m"}
	for what, c := range map[string]struct {
		state, config acctest.Object
	}{
		"region set":                     {acctest.Object{"region": "LON1"}, acctest.Object{"region": "LON1"}},
		"region set, not configured":     {acctest.Object{"region": "LON1"}, acctest.Object{}},
		"region in lower case":           {acctest.Object{"region": "lon1"}, acctest.Object{"region": "lon1"}},
		"region in lower case, no more":  {acctest.Object{"region": "lon1"}, acctest.Object{"region": "LON1"}},
		"region null":                    {acctest.Object{"region": nil}, acctest.Object{}},
		"region null, configured now":    {acctest.Object{"region": nil}, acctest.Object{"region": "LON1"}},
		"region empty":                   {acctest.Object{"region": ""}, acctest.Object{}},
		"given keys":                     {acctest.Object{}, acctest.Object{"access_key_id": "moved-key", "secret_access_key": "moved-secret"}},
		"given access key alone":         {acctest.Object{}, acctest.Object{"access_key_id": "moved-key"}},
		"generated keys":                 {acctest.Object{}, acctest.Object{}},
		"timeouts":                       {acctest.Object{"timeouts": longer}, acctest.Object{"timeouts": acctest.Object(longer)}},
		"some timeouts":                  {acctest.Object{"timeouts": map[string]any{"create": "20m", "update": nil}}, acctest.Object{"timeouts": acctest.Object{"create": "20m"}}},
		"attributes that are not there":  {acctest.Object{"max_size_gb": 500}, acctest.Object{}},
		"status of a credential at work": {acctest.Object{"status": "pending"}, acctest.Object{}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, civosim.Options{})
			there := s.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1", AccessKeyID: "moved-key", SecretAccessKey: "moved-secret"})
			s.Move(officialAddress, officialType, official(there, c.state))
			if s.Count() > 0 {
				t.Errorf("moving made %d requests", s.Count())
			}
			checkMoved(t, s.Instance, there)
			config := acctest.Object{"name": "some-name"}.With(c.config)
			if plan := s.Apply(config); !plan.IsEmpty() {
				t.Errorf("the first plan changes %q", plan.Changes())
			}
			if got := strings.ToUpper(s.Get("region")); got != "LON1" {
				t.Errorf("the region is %q", got)
			}
			s.OnlyReads(t)
		})
	}
}

func checkMoved(t *testing.T, i *acctest.Instance, there civosim.Credential) {
	t.Helper()
	acctest.CheckAttributes(t, "moved", i.State, "id", there.ID, "name", there.Name,
		"access_key_id", there.AccessKeyID, "secret_access_key", there.SecretAccessKey)
}

// A moved credential changes like an imported one. It also has timeouts.
func TestMove_ChangedConfiguration(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	there := s.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1"})
	s.Move(officialAddress, officialType, official(there, acctest.Object{"timeouts": map[string]any{"create": "20m"}}))
	checkFirstPlan(t, s, acctest.Object{"name": "some-name", "secret_access_key": "another-secret"}, "secret_access_key timeouts", 1)
}

// The provider looks up the region, because Terraform moves a state before it configures the provider.
func TestMove_OtherRegion(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	there := s.AddCredential(civosim.Credential{Name: "some-name", Region: "FRA1"})
	s.Move(officialAddress, officialType, official(there, nil))
	s.Apply(acctest.Object{"name": "some-name"})
	s.Has("id", there.ID, "region", "fra1", "endpoint", "https://objectstore.fra1.civo.com")
	s.OnlyReads(t)
	s.Apply(nil)
	if len(s.Credentials("")) > 0 {
		t.Errorf("%+v remain", s.Credentials(""))
	}
}

// goneElsewhere is a credential that no region contains.
var goneElsewhere = civosim.Credential{ID: "00000000-0000-4000-8000-000000000001", Name: "some-name"}

func TestMove_InNoRegion(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Move(officialAddress, officialType, official(goneElsewhere, nil))
	// While the regions cannot be listed, it may still exist in another one.
	s.Inject(civosim.Fault{PathPrefix: "/v2/regions", Effect: civosim.Effect500})
	s.RefusePlan(acctest.Object{"name": "some-name"}, "")
	s.Has("id", goneElsewhere.ID)
	s.ClearFaults()
	s.Restart()
	s.Apply(acctest.Object{"name": "some-name"})
	s.Has("id", only(t, s.Env).ID)
}

// With -refresh=false, the credential has not been located before it is changed.
func TestMove_UpdateWithoutRefresh(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		region string // that it is in
		config acctest.Object
		want   string // in the message; empty: it works
		finds  string // the region in the state afterwards
	}{
		"no key changes":                       {"LON1", acctest.Object{}, "", "LON1"},
		"the secret changes":                   {"LON1", acctest.Object{"secret_access_key": "another-secret"}, "", "LON1"},
		"no key changes, in another region":    {"FRA1", acctest.Object{}, "", "FRA1"},
		"the key changes, in another region":   {"FRA1", acctest.Object{"access_key_id": "another-key"}, "", "FRA1"},
		"in another region than is configured": {"FRA1", acctest.Object{"region": "NYC1", "access_key_id": "another-key"}, "plan and apply again with refresh enabled", ""},
		"the secret changes, in no region":     {"", acctest.Object{"secret_access_key": "another-secret"}, "Credential no longer exists", ""},
		"the secret leaves the state":          {"LON1", acctest.Object{"secret_in_state": false}, "", "LON1"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScenario(t, civosim.Options{Regions: []string{"NYC1", "FRA1", "LON1"}})
			there := goneElsewhere
			there.Region = c.region
			if c.region != "" {
				there = s.AddCredential(there)
			}
			s.Move(officialAddress, officialType, official(there, acctest.Object{"region": ""})) // which means the same as null
			config := acctest.Object{"name": "some-name"}.With(c.config)
			diags := s.ApplyUnrefreshed(config)
			if c.want != "" {
				checkSays(t, diags, []string{c.want, `Could not update the credential "some-name".`})
				checkMoved(t, s.Instance, there)
				s.OnlyReads(t)
				return
			}
			if diags.Failed() || s.Identity(t.Context(), s.Instance)["region"] != c.finds {
				t.Errorf("the identity is %v: %s", s.Identity(t.Context(), s.Instance), diags)
			}
			s.Has("region", c.finds)
			s.Unchanged(config)
		})
	}
}

// A destroy with -refresh=false looks for a moved credential, and succeeds if no region contains it.
func TestMove_DestroyWithoutRefresh(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	s.Move(officialAddress, officialType, official(goneElsewhere, nil))
	if diags := s.ApplyUnrefreshed(nil); diags.Failed() || s.Exists() {
		t.Errorf("the state has the credential: %t, after: %s", s.Exists(), diags)
	}
	s.OnlyReads(t)
}

func TestMove_UnknownSources(t *testing.T) {
	t.Parallel()
	there := goneElsewhere
	there.SecretAccessKey = "moved-secret"
	good := official(there, nil)
	for what, c := range map[string]struct{ provider, typeName, state, want string }{
		"another provider":  {"registry.terraform.io/hashicorp/aws", officialType, good, "Unable to Move Resource State"},
		"a provider's fork": {"registry.terraform.io/someone/civo", officialType, good, "Unable to Move Resource State"},
		"another type":      {officialAddress, "civo_object_store", good, "Unable to Move Resource State"},
		"its own type":      {provider.Address, acctest.TypeName, good, "Unable to Move Resource State"},
		"no JSON":           {officialAddress, officialType, `{"id": "1", "secret_access_key": "moved-secret"`, "Unsupported state format"},
		"other types":       {officialAddress, officialType, `{"id": "1", "secret_access_key": ["moved-secret"]}`, "Unsupported state format"},
		"no id":             {officialAddress, officialType, official(there, acctest.Object{"id": nil}), "Unsupported state format"},
		"empty id":          {officialAddress, officialType, official(there, acctest.Object{"id": ""}), "Unsupported state format"},
		"a list":            {officialAddress, officialType, `["moved-secret"]`, "Unsupported state format"},
		"null":              {officialAddress, officialType, `null`, "Unsupported state format"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			i, diags := w.Driver(t).Move(t.Context(), c.provider, c.typeName, c.state)
			if !diags.Failed() || i.Exists() || !strings.Contains(diags.String(), c.want) {
				t.Errorf("the message does not say %q: %s", c.want, diags)
			}
			if strings.Contains(diags.String(), "moved-secret") {
				t.Errorf("the secret is in the message: %s", diags)
			}
		})
	}
}

func TestMove_SourceAddresses(t *testing.T) {
	t.Parallel()
	s := acctest.NewScenario(t, civosim.Options{})
	there := s.AddCredential(civosim.Credential{Name: "some-name", Region: "LON1"})
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		for _, namespace := range []string{"civo", "seed-0e51fd2b"} {
			s.Move(host+"/"+namespace+"/civo", officialType, official(there, nil))
			checkMoved(t, s.Instance, there)
			s.Unchanged(acctest.Object{"name": "some-name"})
		}
	}
}

// Terraform requires the provider that a state names until the resources are moved. The built provider replaces the official one, which
// takes no part in the move.
func TestMove_SeveralInstances(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	officialHere := officialAddress
	if acctest.IsOpenTofu() {
		officialHere = strings.Replace(officialAddress, "registry.terraform.io", "registry.opentofu.org", 1)
	}
	var resources []string
	for name, keys := range map[string][]string{"counted": {"0", "1"}, "separated": {`"a"`, `"b"`}} {
		var instances []string
		for i, key := range keys {
			there := w.AddCredential(civosim.Credential{Name: fmt.Sprintf("%s-%d", name, i), Region: "LON1"})
			instances = append(instances, fmt.Sprintf(`{"index_key": %s, "schema_version": 0, "attributes": %s, "sensitive_attributes": []}`, key, official(there, acctest.Object{"region": []any{nil, "LON1"}[i]})))
		}
		resources = append(resources, fmt.Sprintf(`{"mode": "managed", "type": %q, "name": %q, "provider": %q, "instances": [%s]}`,
			officialType, name, `provider["`+officialHere+`"]`, strings.Join(instances, ",")))
	}
	before := w.Credentials("")
	ws := w.Workspace(t, "")
	ws.Copy("testdata/moved")
	ws.Version(tfversion.Version1_8_0)
	ws.Serve(acctest.Address(), officialHere)
	ws.Write("terraform.tfstate", fmt.Sprintf(`{
  "version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "00000000-0000-4000-8000-000000000002", "resources": [%s]
}`, strings.Join(resources, ",")))

	output := ws.MustRun("apply", "-no-color", "-auto-approve")
	for _, words := range []string{officialType + ".counted[0] has moved to " + acctest.TypeName + ".counted[0]", "0 added, 0 changed, 0 destroyed"} {
		if !strings.Contains(output, words) {
			t.Errorf("the apply does not say %q:\n%s", words, output)
		}
	}
	ws.Serve(acctest.Address()) // the official provider is needed no more
	if output, code := ws.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan after it ends with %d:\n%s", code, output)
	}
	if after := w.Credentials(""); !maps.Equal(byID(before), byID(after)) {
		t.Errorf("%+v became %+v", before, after)
	}
	w.OnlyReads(t)
}

func byID(credentials []civosim.Credential) map[string]civosim.Credential {
	found := map[string]civosim.Credential{}
	for _, c := range credentials {
		found[c.ID] = c
	}
	return found
}
