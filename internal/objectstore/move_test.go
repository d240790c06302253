package objectstore_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

const (
	officialAddress = "registry.terraform.io/civo/civo"
	officialType    = "civo_object_store"
)

// official returns the state of the official provider's resource. Changes override its attributes.
func official(t *testing.T, w *acctest.Env, s civosim.Store, changes acctest.Object) string {
	t.Helper()
	owner, _ := w.Credential(s.OwnerID)
	state := acctest.Object{
		"id": s.ID, "name": s.Name, "region": "LON1", "max_size_gb": s.MaxSizeGB, "access_key_id": owner.AccessKeyID,
		"bucket_url": "objectstore.lon1.civo.com", "status": "ready", "timeouts": nil,
	}
	maps.Copy(state, changes)
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestMove_FromOfficialProvider(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state, config acctest.Object
	}{
		"all attributes":       {},
		"region null":          {state: acctest.Object{"region": nil}},
		"region in lower case": {state: acctest.Object{"region": "lon1"}, config: acctest.Object{"region": "LON1"}},
		"no access key":        {state: acctest.Object{"access_key_id": nil}},
		"timeouts": {
			state:  acctest.Object{"timeouts": map[string]any{"create": "20m"}},
			config: acctest.Object{"timeouts": acctest.Object{"create": "20m"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, civosim.Options{})
			store := w.AddStore(civosim.Store{Name: "acme", MaxSizeGB: 1000})
			i, diags := d.Move(t.Context(), officialAddress, officialType, official(t, w, store, test.state))
			if diags.Failed() || i.Get("bucket_url") != "" { // the bucket_url of the official provider is the endpoint
				t.Fatalf("bucket_url is %q: %s", i.Get("bucket_url"), diags)
			}
			config := acctest.Object{"name": "acme", "max_size_gb": 1000}
			maps.Copy(config, test.config)
			if plan := apply(t, d, i, config); !plan.IsEmpty() || only(t, w) != store {
				t.Errorf("the plan changes %v, Civo has %+v", plan.Changes(), only(t, w))
			}
			if got, want := i.Get("bucket_url"), "https://objectstore.lon1.civo.com/acme"; got != want {
				t.Errorf("bucket_url is %q, not %q", got, want)
			}
		})
	}
}

// After a move without a refresh, an apply completes the state and sends no write request.
func TestMove_WithoutRefresh(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	store := w.AddStore(civosim.Store{Name: "acme"})
	i, diags := d.Move(t.Context(), officialAddress, officialType, official(t, w, store, acctest.Object{"region": nil}))
	if diags.Failed() {
		t.Fatal(diags)
	}
	plan, diags := d.Plan(t.Context(), i, acctest.Object{"name": "acme"})
	if diags.Failed() || len(plan.Replaces) > 0 {
		t.Fatalf("the plan replaces because of %v: %s", plan.Replaces, diags)
	}
	if diags := d.Apply(t.Context(), i, plan); diags.Failed() || i.Get("region") != "LON1" || only(t, w) != store {
		t.Errorf("%s; the state has %s", diags, i.State)
	}
	if w.Count(civosim.KindUpdateStore) != 0 {
		t.Error("a PUT was sent")
	}
}

func TestMove_Unsupported(t *testing.T) {
	t.Parallel()
	_, d := simulated(t, civosim.Options{})
	for name, state := range map[string]string{
		"no ID": `{"name": "acme"}`, "size is text": `{"id": "1", "max_size_gb": "large"}`, "a list": `[]`, "timeouts are text": `{"id": "1", "timeouts": "1m"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := d.Move(t.Context(), officialAddress, officialType, state)
			fails(t, diags, "Unsupported state format", "civo_object_store ")
		})
	}
}

// required is the block that names the provider.
const required = "terraform {\n  required_providers {\n    civo = { source = \"seed-0e51fd2b/civo\" }\n  }\n}\n"

// One configuration can move a credential and a store of the official provider.
func TestMove_CredentialAndStore(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	owner := w.AddCredential(civosim.Credential{Name: "backups"})
	store := w.AddStore(civosim.Store{Name: "acme", OwnerID: owner.ID})
	ws := w.Workspace(t, required+`
resource "civo_objectstore_credential" "test" {
  name = "backups"
}
resource "civo_objectstore" "test" {
  name          = "acme"
  access_key_id = civo_objectstore_credential.test.access_key_id
}
moved {
  from = civo_object_store_credential.test
  to   = civo_objectstore_credential.test
}
moved {
  from = civo_object_store.test
  to   = civo_objectstore.test
}
`)
	ws.Version(tfversion.Version1_8_0)
	here := officialAddress
	if acctest.IsOpenTofu() {
		here = strings.Replace(officialAddress, "registry.terraform.io", "registry.opentofu.org", 1)
	}
	ws.Serve(acctest.Address(), here)
	credentialState, err := json.Marshal(map[string]any{
		"id": owner.ID, "name": owner.Name, "region": "LON1", "access_key_id": owner.AccessKeyID,
		"secret_access_key": owner.SecretAccessKey, "status": "ready", "timeouts": nil,
	})
	if err != nil {
		t.Fatal(err)
	}
	instance := func(typeName, state string) string {
		return fmt.Sprintf(`{"mode": "managed", "type": %q, "name": "test", "provider": %q,
    "instances": [{"schema_version": 0, "attributes": %s, "sensitive_attributes": []}]}`, typeName, `provider["`+here+`"]`, state)
	}
	ws.Write("terraform.tfstate", fmt.Sprintf(`{
  "version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "00000000-0000-4000-8000-000000000002",
  "resources": [%s, %s]
}`, instance(officialType, official(t, w, store, nil)), instance("civo_object_store_credential", string(credentialState))))

	output := ws.MustRun("plan", "-no-color")
	for _, words := range []string{"civo_object_store.test has moved to civo_objectstore.test", "Plan: 0 to add, 0 to change, 0 to destroy."} {
		if !strings.Contains(output, words) {
			t.Errorf("the plan does not contain %q:\n%s", words, output)
		}
	}
	ws.MustRun("apply", "-no-color", "-auto-approve")
	ws.Serve(acctest.Address()) // the official provider is no longer needed
	ws.MustRun("plan", "-no-color", "-detailed-exitcode")
	if only(t, w) != store || len(w.Credentials("")) != 1 {
		t.Errorf("Civo has %+v and %+v", w.Stores(""), w.Credentials(""))
	}
}
