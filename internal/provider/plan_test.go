package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

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
