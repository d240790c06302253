package acctest

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The driver reports what Terraform reports as "Provider produced invalid plan" and "Provider produced inconsistent result after
// apply".
func TestCheck_RuleViolations(t *testing.T) {
	t.Parallel()
	schema := &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
		{Name: "name", Type: tftypes.String, Optional: true},
		{Name: "key", Type: tftypes.String, Optional: true, Computed: true},
		{Name: "secret", Type: tftypes.String, Optional: true, WriteOnly: true},
	}}}
	schemas := &tfprotov6.GetProviderSchemaResponse{ResourceSchemas: map[string]*tfprotov6.Schema{"test": schema}}
	d := &Driver{typeName: "test", schemas: schemas}
	for name, c := range map[string]struct {
		prior, config, planned, state Object
		want                          string // in the violation; empty: none
	}{
		"as configured": {config: Object{"name": "a"}, planned: Object{"name": "a", "key": Unknown}, state: Object{"name": "a", "key": "k"}},
		"prior value kept": {
			prior: Object{"name": "A"}, config: Object{"name": "a"}, planned: Object{"name": "A"}, state: Object{"name": "A"},
		},
		"write-only value not planned": {config: Object{"secret": "s"}, planned: Object{}, state: Object{}},
		"another value planned":        {config: Object{"name": "a"}, planned: Object{"name": "b"}, want: "planned value of name"},
		"null planned":                 {config: Object{"name": "a"}, planned: Object{}, want: "planned value of name"},
		"value of an omitted argument": {config: Object{}, planned: Object{"name": "a"}, want: "planned value of name"},
		"write-only value planned":     {config: Object{"secret": "s"}, planned: Object{"secret": "s"}, want: "planned value of secret"},
		"another value applied": {
			config: Object{"key": "k"}, planned: Object{"key": "k"}, state: Object{"key": "l"}, want: "value of key is not",
		},
		"unknown value applied": {
			config: Object{}, planned: Object{"key": Unknown}, state: Object{"key": Unknown}, want: "key is unknown",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := &Plan{config: encode(d.resourceType(), c.config), planned: encode(d.resourceType(), c.planned), prior: *d.NewInstance()}
			if c.prior != nil {
				plan.prior.State = encode(d.resourceType(), c.prior)
			}
			diags := d.checkPlan(plan)
			if c.state != nil {
				diags = append(diags, plan.checkApply(encode(d.resourceType(), c.state))...)
			}
			if got := diags.String(); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A value that an attribute cannot have is a mistake in a test.
func TestEncode_Panics(t *testing.T) {
	t.Parallel()
	for value, kind := range map[string]struct {
		tftypes.Type
		value any
	}{
		"of an attribute that does not exist": {tftypes.Object{}, Object{"title": "media"}},
		"of another type":                     {tftypes.Bool, "media"},
		"unknown in a map":                    {tftypes.Map{ElementType: tftypes.String}, map[string]any{"a": Unknown}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("encode accepts a value %s", value)
				}
			}()
			encode(kind.Type, kind.value)
		}()
	}
}
