package provider

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// unchangedState is a state of a resource whose plan proposes no change.
type unchangedState struct {
	values map[string]any // the others are null
	// mustPlan contains the changes to the values after which the framework must plan, as ATTRIBUTE=VALUE, followed by the configurations
	// with which it must, or all if none follow.
	mustPlan map[string][]string
}

var unchangedStates = map[string]unchangedState{
	"civo_objectstore_credential": {
		values: map[string]any{
			"id": "id-1", "name": "n", "region": "lon1", "access_key_id": "key", "secret_access_key": "secret",
			"endpoint": nil, "status": "ready", "suspended": false,
		},
		mustPlan: map[string][]string{
			"id=null": nil, "region=null": nil, "access_key_id=null": nil, "endpoint=null": nil, "secret_access_key=null": nil, "secret_access_key_wo_version=other": nil,
			"status=null": nil, "status=other": nil,
		},
	},
	"civo_objectstore": {
		values: map[string]any{
			"id": "id-1", "name": "n", "region": "lon1", "access_key_id": "key", "max_size_gb": 500, "force_destroy": false,
			"endpoint": nil, "bucket_url": nil, "status": "ready",
		},
		mustPlan: map[string][]string{
			"id=null": nil, "region=null": nil, "access_key_id=null": nil, "endpoint=null": nil, "bucket_url=null": nil,
			"status=null": nil, "status=other": nil,
			"max_size_gb=null": nil, "force_destroy=null": nil, "max_size_gb=other": {"required"}, "force_destroy=other": {"required"},
		},
	},
}

// A plan that does not reach the framework is the plan that the framework would return, and no such plan reaches it without need.
func TestPlan_Unchanged(t *testing.T) {
	t.Parallel()
	served, schemas := configuredServer(t)
	for typeName, unchanged := range unchangedStates {
		schema := schemas[typeName]
		for change, values := range variants(unchanged.values, schema) {
			for name, config := range configurations(values, schema) {
				t.Run(typeName+"/"+change+"/"+name, func(t *testing.T) {
					t.Parallel()
					with, must := unchanged.mustPlan[change]
					must = must && (with == nil || slices.Contains(with, name))
					checkPlan(t, served, unchangedPlan(t, typeName, schema, values, config), must)
				})
			}
		}
	}
}

// checkPlan compares the plan with that of the framework, and whether the framework must plan.
func checkPlan(t *testing.T, served *server, req *tfprotov6.PlanResourceChangeRequest, must bool) {
	t.Helper()
	if unchanged := served.isUnchanged(req); unchanged == must {
		t.Errorf("planned by the framework: %t", !unchanged)
	}
	got, err := served.PlanResourceChange(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	want, err := served.frameworkServer.PlanResourceChange(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the plan (-framework +server):\n%s", diff)
	}
}

// configuredServer returns a configured server, and the schemas of its resources.
func configuredServer(t *testing.T) (served *server, resources map[string]*tfprotov6.Schema) {
	t.Helper()
	served, ok := NewServer("test", civo.Environment{Getenv: func(string) string { return "" }}, civo.Timing{})().(*server)
	if !ok {
		t.Fatal("another server")
	}
	schemas, err := served.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	config := encode(t, schemas.Provider.ValueType(), map[string]any{"token": "t", "region": "lon1", "api_endpoint": "http://127.0.0.1:1"})
	if _, err := served.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config}); err != nil {
		t.Fatal(err)
	}
	return served, schemas.ResourceSchemas
}

// unchangedPlan returns a request for a plan that proposes the state.
func unchangedPlan(t *testing.T, typeName string, schema *tfprotov6.Schema, state, config map[string]any) *tfprotov6.PlanResourceChangeRequest {
	t.Helper()
	identity := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "region": tftypes.String}}
	return &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, Config: encode(t, schema.ValueType(), config),
		PriorState: encode(t, schema.ValueType(), state), ProposedNewState: encode(t, schema.ValueType(), state),
		PriorPrivate:  []byte(`{"kept":"eyJhIjoxfQ=="}`),
		PriorIdentity: &tfprotov6.ResourceIdentityData{IdentityData: encode(t, identity, map[string]any{"id": "id-1", "region": "lon1"})},
	}
}

// variants returns the values, and for each attribute the values with another value of it, by a description of the change.
func variants(values map[string]any, schema *tfprotov6.Schema) map[string]map[string]any {
	all := map[string]map[string]any{"none": withURLs(values)}
	for _, attribute := range schema.Block.Attributes {
		for name, value := range map[string]any{"null": nil, "other": otherValue(attribute.Type, values[attribute.Name])} {
			isURL := attribute.Name == "endpoint" || attribute.Name == "bucket_url"
			if attribute.WriteOnly || attribute.Required && value == nil || isURL && value != nil {
				continue // no state has this value, or a refresh corrects it
			}
			changed := maps.Clone(values)
			changed[attribute.Name] = value
			if !isURL {
				withURLs(changed)
			}
			all[attribute.Name+"="+name] = changed
		}
	}
	hidden := maps.Clone(values)
	delete(hidden, "secret_access_key")
	if _, ok := values["secret_access_key"]; ok {
		hidden["secret_in_state"] = false
		all["secret kept out"] = maps.Clone(hidden)
		delete(hidden, "secret_in_state")
		hidden["secret_access_key_wo_version"] = 1
		all["secret write-only"] = hidden
	}
	return all
}

// withURLs sets the URLs that follow from the region and the name.
func withURLs(values map[string]any) map[string]any {
	values["endpoint"] = fmt.Sprintf("https://objectstore.%v.civo.com", values["region"])
	if _, ok := values["bucket_url"]; ok {
		values["bucket_url"] = fmt.Sprintf("%s/%v", values["endpoint"], values["name"])
	}
	return values
}

func otherValue(kind tftypes.Type, value any) any {
	switch {
	case kind.Is(tftypes.String):
		return "other"
	case kind.Is(tftypes.Number):
		return 1000
	case kind.Is(tftypes.Bool):
		is, _ := value.(bool)
		return !is
	default:
		return map[string]tftypes.Value{"a": tftypes.NewValue(tftypes.String, "b")}
	}
}

// configurations returns configurations that propose the values: one with all arguments that have one, and one with the required ones.
func configurations(values map[string]any, schema *tfprotov6.Schema) map[string]map[string]any {
	full, required := map[string]any{}, map[string]any{}
	for _, attribute := range schema.Block.Attributes {
		if attribute.Required {
			required[attribute.Name] = values[attribute.Name]
		}
		if attribute.Required || attribute.Optional {
			full[attribute.Name] = values[attribute.Name]
		}
		if attribute.WriteOnly && values[attribute.Name+"_version"] != nil {
			full[attribute.Name] = "secret"
		}
	}
	return map[string]map[string]any{"full": full, "required": required}
}

// encode returns an object with the values, and with null for the others.
func encode(t *testing.T, kind tftypes.Type, values map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	object, ok := kind.(tftypes.Object)
	if !ok {
		t.Fatalf("%s is not an object", kind)
	}
	attributes := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		attributes[name] = tftypes.NewValue(kind, values[name])
	}
	encoded, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, attributes))
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// A plan without a configured provider changes nothing and does not panic.
func TestPlan_ProviderNotConfigured(t *testing.T) {
	t.Parallel()
	served := NewServer("test", civo.Environment{Getenv: func(string) string { return "" }}, civo.Timing{})()
	schemas, err := served.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for typeName, schema := range schemas.ResourceSchemas {
		form := schema.ValueType()
		config := encode(t, form, map[string]any{"name": "n"})
		none, err := tfprotov6.NewDynamicValue(form, tftypes.NewValue(form, nil))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := served.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: typeName, Config: config, ProposedNewState: config, PriorState: &none,
		})
		if err != nil || len(resp.Diagnostics) > 0 {
			t.Errorf("%s: %v: %v", typeName, resp, err)
		}
	}
}
