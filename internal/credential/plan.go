// Planning beyond the plan modifiers in the schema.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// ModifyPlan implements resource.ResourceWithModifyPlan. It plans what a plan modifier of a single attribute cannot: values that
// depend on other attributes or on the provider's region. The schema declares the rest.
func (r *credentialResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.client == nil || isUnchanged(req.Plan.Raw, req.State.Raw) {
		return // the credential will be destroyed or stays as it is, or the provider is not configured
	}
	var change change
	resp.Diagnostics.Append(req.Config.Get(ctx, &change.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &change.plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &change.prior)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if change.isCreate() {
		r.planCreate(ctx, &change, &resp.Diagnostics)
	} else {
		planUpdate(&change, &resp.Diagnostics)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, change.plan)...)
	}
}

// planCreate completes the plan of a new credential. ignore_changes applies neither to it nor to the create of a replacement:
// Terraform sends the configuration as written.
func (r *credentialResource) planCreate(ctx context.Context, c *change, diags *diag.Diagnostics) {
	if c.config.Region.IsNull() {
		c.plan.Region = r.defaultRegion(diags)
	}
	if isSet(c.plan.Region) {
		if err := r.client.CheckRegion(ctx, c.plan.Region.ValueString()); err != nil {
			diags.Append(operationOn(toCreate, c.plan.credential()).errorDiagnostic(err))
		}
	}
	c.plan.Endpoint = endpointOf(c.plan.Region)
	planSecret(c)
}

// planSecret plans secret_access_key.
func planSecret(c *change) {
	if c.config.SecretAccessKey.IsUnknown() {
		return
	}
	if c.config.SecretAccessKey.IsNull() {
		c.plan.SecretAccessKey = types.StringUnknown() // not supplied
	}
	c.plan.SecretAccessKey = c.plannedSecret()
}

// defaultRegion returns the provider's region, for a credential whose configuration does not set one.
func (r *credentialResource) defaultRegion(diags *diag.Diagnostics) types.String {
	switch {
	case r.client.Region() != "":
		return types.StringValue(r.client.Region())
	case r.client.RegionPending():
		return types.StringUnknown()
	default:
		diags.Append(noRegion())
		return types.StringNull()
	}
}

func noRegion() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("region"), "Missing region",
		"Neither this block nor the provider sets a region. Set region here or in the provider block, for example region = \"LON1\", or set the environment variable CIVO_REGION.")
}

func endpointOf(region types.String) types.String {
	if region.IsUnknown() || region.IsNull() {
		return types.StringUnknown()
	}
	return types.StringValue(civo.S3Endpoint(region.ValueString()))
}

// planUpdate completes the plan of a change to an existing credential.
func planUpdate(c *change, diags *diag.Diagnostics) {
	if c.replaces() {
		return // Terraform discards this plan, and plans a create
	}
	diags.Append(c.validateIgnoreChanges()...)
	c.plan.Region = c.plannedRegion()
	c.plan.Endpoint = endpointOf(c.plan.Region)
	if !c.prior.isTerminal() {
		c.plan.Status = types.StringUnknown() // an interrupted create continues here
	}
	if c.config.AccessKeyID.IsNull() && c.prior.AccessKeyID.IsNull() { // imported before Civo returned it
		c.plan.AccessKeyID = types.StringUnknown()
	}
	planSecret(c)
}

// replaces reports whether the schema's plan modifiers replace the credential.
func (c change) replaces() bool {
	return !c.plan.Name.Equal(c.prior.Name) || regionReplaces(c.prior.Region, c.plan.Region)
}

// regionReplaces reports whether a change of the region replaces the credential. A change of case does not. Neither does a region
// that is missing from the state, as it is after a move from the official provider until the next read.
func regionReplaces(prior, planned types.String) bool {
	return !prior.IsNull() && !civo.SameRegion(planned.ValueString(), prior.ValueString())
}

// plannedRegion returns the region in the spelling of the state. A moved credential may have no region there until it is read.
func (c change) plannedRegion() types.String {
	switch {
	case !c.prior.Region.IsNull():
		return c.prior.Region
	case !c.config.Region.IsNull():
		return c.plan.Region
	default:
		return types.StringUnknown()
	}
}
