// The region argument: its default, its spelling and its validation.

package regional

import (
	"context"
	"fmt"

	dsschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// ValidRegion validates the form of a region code.
var ValidRegion = StringRule{
	"Invalid region code",
	"A region code contains only letters, digits and hyphens, such as LON1. `civo region ls` lists the regions of your account.",
	func(region string) string {
		if civo.IsRegion(region) {
			return ""
		}
		return fmt.Sprintf("%q is not a region code.", region)
	},
}

// Attribute returns the region argument of a resource. A change replaces the object, unless only the case changes.
func Attribute(description, noun string) schema.StringAttribute {
	otherRegion := "Changing the region replaces the " + noun + ". Changing only its case does not."
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{ValidRegion},
		PlanModifiers: []planmodifier.String{
			stringplanmodifier.UseNonNullStateForUnknown(),
			stringplanmodifier.RequiresReplaceIf(requiresReplace, otherRegion, otherRegion),
		},
		MarkdownDescription: description + " Default: the provider's region when the " + noun + " is created. Later changes to the provider's region have no effect. " + otherRegion,
	}
}

// LookupAttribute returns the region argument of a data source.
func LookupAttribute(description string) dsschema.StringAttribute {
	return dsschema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{ValidRegion},
		MarkdownDescription: description + " Default: the provider's region.",
	}
}

func requiresReplace(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = isOtherRegion(req.StateValue, req.PlanValue)
}

// isOtherRegion reports whether a change to the region replaces the object. A change of case does not. If the state contains no region,
// as between a move from the official provider and the next read, the object is not replaced either.
func isOtherRegion(prior, planned types.String) bool {
	return !prior.IsNull() && !civo.SameRegion(planned.ValueString(), prior.ValueString())
}

// Replaces reports whether the plan modifiers in the schema replace an object because its name or region changes.
func (m Model) Replaces(prior Model) bool {
	return !m.Name.Equal(prior.Name) || isOtherRegion(prior.Region, m.Region)
}

// lookupRegion returns the configured region of a lookup. It falls back to the provider's region. It adds an error if neither is set.
// If the provider's region is not known yet, the client reports the error. lookupRegion also adds an error if the provider's
// objectstore_endpoint is not known yet, because a lookup cannot return an unknown endpoint.
func lookupRegion(region types.String, client *civo.Client, diags *diag.Diagnostics) string {
	if client.ObjectStoreEndpointPending() {
		diags.AddError("Provider not configured yet", "The provider's argument objectstore_endpoint is not known before apply, so the provider cannot determine the endpoint. "+
			"Set the argument to a value that is known during plan. Alternatively, first use -target to apply the resource that provides the value, then apply again.")
	}
	if !region.IsNull() {
		return region.ValueString()
	}
	return defaultRegion(client, diags).ValueString()
}

// defaultRegion returns the provider's region, for an object whose configuration does not set a region. The result is unknown if the
// provider's region is not known yet. defaultRegion adds an error if the provider has no region.
func defaultRegion(client *civo.Client, diags *diag.Diagnostics) types.String {
	switch {
	case client.Region() != "":
		return types.StringValue(client.Region())
	case client.RegionPending():
		return types.StringUnknown()
	default:
		diags.AddAttributeError(path.Root("region"), "Missing region",
			"Neither this block nor the provider sets a region. Set region here or in the provider block, for example region = \"LON1\", or set the environment variable CIVO_REGION.")
		return types.StringNull()
	}
}

// PlanCreate plans the region and the endpoint of a new object, and checks that the account can create objects in the region.
func (t ObjectType[O]) PlanCreate(ctx context.Context, client *civo.Client, config, plan Model, diags *diag.Diagnostics) Model {
	if config.Region.IsNull() {
		plan.Region = defaultRegion(client, diags)
	}
	if IsSet(plan.Region) {
		if err := client.CheckRegion(ctx, plan.Region.ValueString()); err != nil {
			created := civo.Ref{Name: plan.Name.ValueString(), Region: plan.Region.ValueString()}
			diags.Append(t.Wording.On(diagnostics.Create, created).Error(err))
		}
	}
	plan.Endpoint = Endpoint(client, plan.Region)
	return plan
}

// PlanUpdate plans the attributes of an existing object that depend on each other. The region keeps the spelling of the state. The state
// of a moved object may contain no region until the object is read.
func PlanUpdate(client *civo.Client, config, plan, prior Model) Model {
	switch {
	case !prior.Region.IsNull():
		plan.Region = prior.Region
	case config.Region.IsNull():
		plan.Region = types.StringUnknown()
	}
	plan.Endpoint = Endpoint(client, plan.Region)
	if !civo.Status(prior.Status.ValueString()).IsFinal() {
		plan.Status = types.StringUnknown() // the update continues an interrupted create
	}
	if config.AccessKeyID.IsNull() && prior.AccessKeyID.IsNull() { // imported before Civo returned it
		plan.AccessKeyID = types.StringUnknown()
	}
	return plan
}

// KeepSpelling returns the region of an object. If the configuration or state has the same region in another case, it keeps that case.
func KeepSpelling(spelling types.String, actual string) types.String {
	if civo.SameRegion(spelling.ValueString(), actual) {
		return spelling
	}
	return types.StringValue(actual)
}

// Endpoint returns the URL of a region's S3 API. It is unknown if the region or the provider's objectstore_endpoint is not known yet.
func Endpoint(client *civo.Client, region types.String) types.String {
	if !IsSet(region) || client.ObjectStoreEndpointPending() {
		return types.StringUnknown()
	}
	return types.StringValue(client.S3Endpoint(region.ValueString()))
}
