// Package regional contains code that the resources and data sources for objects in a region share: the configured client, the region
// argument, imports, identities, moves, lists and validators.
package regional

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// Resource contains the type name and the configured client of a resource or a list resource.
type Resource struct {
	Suffix string // follows the provider's name in the type
	Client *civo.Client
}

// Metadata sets the type name.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + r.Suffix
}

// Configure stores the client, which is nil while Terraform validates the configuration.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Client = ClientOf(req.ProviderData, &resp.Diagnostics)
}

// DataSource contains the type name and the configured client of a data source.
type DataSource struct {
	Suffix string // follows the provider's name in the type
	Client *civo.Client
}

// Metadata sets the type name.
func (d *DataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + d.Suffix
}

// Configure stores the client, which is nil while Terraform validates the configuration.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Client = ClientOf(req.ProviderData, &resp.Diagnostics)
}

// ClientOf returns the client in the provider data, or nil if the provider is not configured. It adds an error if the data has another
// type, which is a bug in the provider.
func ClientOf(data any, diags *diag.Diagnostics) *civo.Client {
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

// IdentitySchema returns the schema of an identity that consists of an ID and a region.
func IdentitySchema(noun, idDescription string) identityschema.Schema {
	return identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id":     identityschema.StringAttribute{RequiredForImport: true, Description: idDescription},
			"region": identityschema.StringAttribute{OptionalForImport: true, Description: "Region of the " + noun + ", such as LON1. Default: the provider's region."},
		},
	}
}

// SetIdentity sets the identity of an object, which Terraform 1.12 and later store.
func SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, id, region string) diag.Diagnostics {
	var diags diag.Diagnostics
	if identity == nil {
		return diags
	}
	diags.Append(identity.SetAttribute(ctx, path.Root("id"), StringOrNull(id))...)
	diags.Append(identity.SetAttribute(ctx, path.Root("region"), region)...)
	return diags
}

// StringOrNull returns null for an empty string.
func StringOrNull(value string) types.String {
	if value == "" {
		return types.StringNull()
	}
	return types.StringValue(value)
}

// IsSet reports whether a value is neither null nor unknown.
func IsSet(value interface {
	IsNull() bool
	IsUnknown() bool
},
) bool {
	return !value.IsNull() && !value.IsUnknown()
}
