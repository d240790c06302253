package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

func TestData_ObjectStoreEndpoint(t *testing.T) {
	t.Parallel()
	const variable = "https://s3.{region}.example.com"
	for name, test := range map[string]struct {
		argument, token types.String
		want            string
		unknown         bool
	}{
		"variable":           {types.StringNull(), types.StringValue("token-a"), "https://s3.lon1.example.com", false},
		"argument":           {types.StringValue("https://{region}.example.org/"), types.StringValue("token-a"), "https://lon1.example.org", false},
		"not known":          {types.StringUnknown(), types.StringValue("token-a"), "", true},
		"known, token not":   {types.StringNull(), types.StringUnknown(), "https://s3.lon1.example.com", false},
		"neither is known":   {types.StringUnknown(), types.StringUnknown(), "", true},
		"argument, no token": {types.StringValue("https://example.org"), types.StringUnknown(), "https://example.org", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &civoProvider{environment: civo.Environment{Getenv: func(name string) string {
				return map[string]string{"CIVO_OBJECTSTORE_ENDPOINT": variable}[name]
			}}}
			var diags diag.Diagnostics
			data := p.data(model{Token: test.token, ObjectStoreEndpoint: test.argument}, "1.11.4", &diags)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if got := data.S3Endpoint(types.StringValue("LON1")); got.IsUnknown() != test.unknown || got.ValueString() != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			if tokenUnknown := test.token.IsUnknown(); (data.Client == nil) != tokenUnknown {
				t.Errorf("client %v, and the token is unknown: %t", data.Client, tokenUnknown)
			}
		})
	}
}
