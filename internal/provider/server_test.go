package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// countingServer counts the plans that reach the framework.
type countingServer struct {
	frameworkServer

	plans int
}

// PlanResourceChange implements tfprotov6.ResourceServer.
func (s *countingServer) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	s.plans++
	return s.frameworkServer.PlanResourceChange(ctx, req)
}

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
			"id=null": nil, "region=null": nil, "access_key_id=null": nil, "secret_access_key=null": nil, "secret_access_key_wo_version=other": nil,
			"status=null": nil, "status=other": nil,
		},
	},
	"civo_objectstore": {
		values: map[string]any{
			"id": "id-1", "name": "n", "region": "lon1", "access_key_id": "key", "max_size_gb": 500, "force_destroy": false,
			"endpoint": nil, "bucket_url": nil, "status": "ready",
		},
		mustPlan: map[string][]string{
			"id=null": nil, "region=null": nil, "access_key_id=null": nil, "status=null": nil, "status=other": nil,
			"max_size_gb=null": nil, "force_destroy=null": nil, "max_size_gb=other": {"required"}, "force_destroy=other": {"required"},
		},
	},
}

// A plan that does not reach the framework is the plan that the framework would return, and no such plan reaches it without need.
func TestPlan_Unchanged(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	served, ok := NewServer("test", WithEnvironment(civo.Environment{Getenv: func(string) string { return "" }}))().(*server)
	if !ok {
		t.Fatal("another server")
	}
	framework := &countingServer{frameworkServer: served.frameworkServer}
	served.frameworkServer = framework
	schemas, err := served.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	config := encode(t, schemas.Provider.ValueType(), map[string]any{"token": "t", "region": "lon1", "api_endpoint": "http://127.0.0.1:1"})
	if _, err := served.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config}); err != nil {
		t.Fatal(err)
	}
	for typeName, unchanged := range unchangedStates {
		schema := schemas.ResourceSchemas[typeName]
		for change, values := range variants(unchanged.values, schema) {
			for name, config := range configurations(values, schema) {
				t.Run(typeName+"/"+change+"/"+name, func(t *testing.T) {
					state := encode(t, schema.ValueType(), values)
					identity := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "region": tftypes.String}}
					req := &tfprotov6.PlanResourceChangeRequest{
						TypeName: typeName, PriorState: state, ProposedNewState: state, Config: encode(t, schema.ValueType(), config),
						PriorPrivate:  []byte(`{"kept":"eyJhIjoxfQ=="}`),
						PriorIdentity: &tfprotov6.ResourceIdentityData{IdentityData: encode(t, identity, map[string]any{"id": "id-1", "region": "lon1"})},
					}
					framework.plans = 0
					got, err := served.PlanResourceChange(ctx, req)
					if err != nil {
						t.Fatal(err)
					}
					with, must := unchanged.mustPlan[change]
					must = must && (with == nil || slices.Contains(with, name))
					if planned := framework.plans == 1; planned != must {
						t.Errorf("planned by the framework: %t", planned)
					}
					want, err := framework.PlanResourceChange(ctx, req)
					if err != nil {
						t.Fatal(err)
					}
					want.UnsafeToUseLegacyTypeSystem, want.RequiresReplace = false, slices.Clip(want.RequiresReplace)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("the plan (-framework +server):\n%s", diff)
					}
				})
			}
		}
	}
}

// variants returns the values, and for each attribute the values with another value of it, by a description of the change.
func variants(values map[string]any, schema *tfprotov6.Schema) map[string]map[string]any {
	all := map[string]map[string]any{"none": withURLs(values)}
	for _, attribute := range schema.Block.Attributes {
		for name, value := range map[string]any{"null": nil, "other": otherValue(attribute.Type, values[attribute.Name])} {
			if attribute.WriteOnly || attribute.Required && value == nil || attribute.Name == "endpoint" || attribute.Name == "bucket_url" {
				continue // no state has this value, or only a refresh changes it
			}
			changed := maps.Clone(values)
			changed[attribute.Name] = value
			all[attribute.Name+"="+name] = withURLs(changed)
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
		return value != true
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
