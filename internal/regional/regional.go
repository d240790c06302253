// Package regional contains code that the resources and data sources for objects in a region share: the operations of the resources,
// imports, moves, lists, the region argument and validators.
package regional

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// ObjectType describes a type of object.
type ObjectType[O civo.Object[O]] struct {
	diagnostics.Wording

	Objects  func(client *civo.Client, region string) *civo.Collection[O]
	FindOne  func(in *civo.Collection[O], ctx context.Context, by civo.Lookup) (O, error) // FindCurrent if the object contains a secret
	ImportBy func(value string) civo.Lookup                                               // the lookup for an import ID without its region
	// FindDraft finds the object of a create with an unknown outcome, whose ID is not in the state. The error is of civo.KindNotFound only
	// if Civo has not created it.
	FindDraft func(ctx context.Context, client *civo.Client, known O) (O, error)
}

// On returns the operation on an object.
func (t ObjectType[O]) On(verb diagnostics.Verb, o O) diagnostics.Operation {
	return t.Wording.On(verb, o.Ref())
}

// Describe returns the name, the ID and the region of an object as part of a sentence.
func (t ObjectType[O]) Describe(o O) string { return t.Wording.Describe(o.Ref()) }

// LookUpOne returns the one object that a configuration describes, as Civo lists it. It reports errors with the operation.
func (t ObjectType[O]) LookUpOne(
	ctx context.Context, client *civo.Client, wanted Model, operation diagnostics.Operation, diags *diag.Diagnostics,
) (found O, ok bool) {
	region := lookupRegion(wanted.Region, client, diags)
	if diags.HasError() {
		return found, false
	}
	by, attribute := civo.Lookup{ID: wanted.ID.ValueString()}, "id"
	switch {
	case !wanted.Name.IsNull():
		by, attribute = civo.Lookup{Name: wanted.Name.ValueString()}, "name"
	case !wanted.AccessKeyID.IsNull():
		by, attribute = civo.Lookup{AccessKeyID: wanted.AccessKeyID.ValueString()}, "access_key_id"
	}
	found, err := t.FindOne(t.Objects(client, region), ctx, by)
	if err != nil {
		diags.Append(operation.LookUp(by, region, attribute).Error(err))
	}
	return found, err == nil
}

// DataSource contains the type name and the configured client of a data source.
type DataSource struct {
	TypeName string
	Client   *civo.Client
}

// Metadata sets the type name.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.TypeName
}

// Configure stores the client, which is nil while Terraform validates the configuration.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Client = ClientOf(req.ProviderData, &resp.Diagnostics)
}

// ClientOf returns the client in the provider data, or nil if the provider is not configured. It adds an error if the data has another
// type, which is a bug in the provider.
func ClientOf(data any, diags *diag.Diagnostics) *civo.Client {
	client, ok := data.(*civo.Client)
	if !ok && data != nil {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("Expected *civo.Client, got %T. This is a bug in the provider. Report it to the provider developers.", data))
	}
	return client
}

type identityModel struct {
	ID     types.String `tfsdk:"id"`
	Region types.String `tfsdk:"region"`
}

// setIdentity sets the identity of an object, which Terraform 1.12 and later store.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, o civo.Ref) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, identityModel{StringOrNull(o.ID), types.StringValue(o.Region)})
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
