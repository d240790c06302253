package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

func TestClient_ObjectStoreEndpoint(t *testing.T) {
	t.Parallel()
	const variable = "https://s3.{region}.example.com"
	for name, test := range map[string]struct {
		argument, token types.String
		want            string
		pending         bool
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
			client := p.client(model{Token: test.token, ObjectStoreEndpoint: test.argument}, "1.11.4", &diags)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if client.ObjectStoreEndpointPending() != test.pending {
				t.Errorf("pending %t", client.ObjectStoreEndpointPending())
			}
			if got := client.S3Endpoint("LON1"); !test.pending && got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
