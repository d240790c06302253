// Type names and the configured client, shared by the resource and the data sources.

package credential

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// resourceBase contains what the resource and the list resource share: the type name and the configured client.
type resourceBase struct{ client *civo.Client }

// Metadata names the type.
func (m *resourceBase) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + typeSuffix
}

// Configure takes the client. There is none when Terraform only validates.
func (m *resourceBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	m.client = clientOf(req.ProviderData, &resp.Diagnostics)
}

// clientOf returns the client in the provider data, or nil if there is none yet. Data of another type is reported as an error,
// because it is a bug in the provider.
func clientOf(data any, diags *diag.Diagnostics) *civo.Client {
	if data == nil {
		return nil
	}
	client, ok := data.(*civo.Client)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("Expected *civo.Client, got %T. This is a bug in the provider. Report it to the provider developers.", data))
	}
	return client
}

// dataSourceBase contains what the data sources share: the type name and the configured client.
type dataSourceBase struct {
	suffix string
	client *civo.Client
}

// Metadata names the type.
func (s *dataSourceBase) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + s.suffix
}

// Configure takes the client. There is none when Terraform only validates.
func (s *dataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	s.client = clientOf(req.ProviderData, &resp.Diagnostics)
}
