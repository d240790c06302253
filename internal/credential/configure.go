package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// managed is what the resource and the list resource share: the type's name and the configured client.
type managed struct{ client *civo.Client }

// Metadata names the type.
func (m *managed) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + typeSuffix
}

// Configure takes the client. There is none when Terraform only validates.
func (m *managed) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	m.client, _ = req.ProviderData.(*civo.Client)
}

// source is what the data sources share: the type's name and the configured client.
type source struct {
	suffix string
	client *civo.Client
}

// Metadata names the type.
func (s *source) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + s.suffix
}

// Configure takes the client. There is none when Terraform only validates.
func (s *source) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	s.client, _ = req.ProviderData.(*civo.Client)
}
