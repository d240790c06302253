// What the configured provider passes to its resources and data sources.

package regional

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// Data is the configuration of the provider. Arguments of the provider can be unknown during plan.
type Data struct {
	Client   *civo.Client // nil while an argument that it requires is not known yet
	Unknown  string       // the name of that argument
	Region   types.String // default region; null if none is configured
	Endpoint types.String // URL of the object stores; may contain "{region}"
}

// DataOf returns the data of the provider, or nil if the provider is not configured, as while Terraform validates a configuration. It adds
// an error if the data has another type, which is a bug in the provider.
func DataOf(configured any, diags *diag.Diagnostics) *Data {
	data, ok := configured.(*Data)
	if !ok && configured != nil {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("Expected *regional.Data, got %T. This is a bug in the provider. Report it to the provider developers.", configured))
	}
	return data
}

// ClientFor returns the client for an operation. It adds an error if the client is not known yet.
func (d *Data) ClientFor(operation diagnostics.Operation, diags *diag.Diagnostics) *civo.Client {
	if d.Client == nil {
		diags.Append(operation.Error(diagnostics.UnknownArgument(d.Unknown)))
	}
	return d.Client
}

// ClientIn returns the client for an operation in a region. It adds an error if the client or the region is not known yet, or if there is
// no region.
func (d *Data) ClientIn(region types.String, operation diagnostics.Operation, diags *diag.Diagnostics) *civo.Client {
	switch {
	case region.IsNull():
		addMissingRegion(diags)
	case d.Client != nil && region.IsUnknown():
		diags.Append(operation.Error(diagnostics.UnknownArgument("region")))
	default:
		return d.ClientFor(operation, diags)
	}
	return nil
}

// clientForLookup is like ClientIn. It also adds an error if the endpoint is not known yet, because a lookup must return it.
func (d *Data) clientForLookup(region types.String, operation diagnostics.Operation, diags *diag.Diagnostics) *civo.Client {
	if d.Endpoint.IsUnknown() {
		diags.AddError("Provider not configured yet", "The provider's argument objectstore_endpoint is not known before apply, so the provider cannot determine the endpoint. "+
			"Set the argument to a value that is known during plan. Alternatively, first use -target to apply the resource that provides the value, then apply again.")
		return nil
	}
	return d.ClientIn(region, operation, diags)
}

// RegionOr returns a configured or planned region, or the provider's if it is null or was not known during plan.
func (d *Data) RegionOr(region types.String) types.String {
	if IsSet(region) {
		return region
	}
	return d.Region
}

// S3Endpoint returns the URL of a region's S3 API. It is unknown if the region or the provider's objectstore_endpoint is not known yet.
func (d *Data) S3Endpoint(region types.String) types.String {
	if !IsSet(region) || d.Endpoint.IsUnknown() {
		return types.StringUnknown()
	}
	return types.StringValue(civo.S3Endpoint(d.Endpoint.ValueString(), region.ValueString()))
}

func addMissingRegion(diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("region"), "Missing region",
		"Neither this block nor the provider sets a region. Set region here or in the provider block, for example region = \"LON1\", or set the environment variable CIVO_REGION.")
}
