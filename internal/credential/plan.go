package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// ModifyPlan implements resource.ResourceWithModifyPlan. All that a plan decides is decided here, rather than in plan
// modifiers of single attributes, because the attributes depend on each other and on the provider's region.
func (r *credentialResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.client == nil {
		return // it is to be destroyed, or the provider could not be configured
	}
	var change change
	resp.Diagnostics.Append(req.Config.Get(ctx, &change.config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &change.plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		r.planCreate(&change, &resp.Diagnostics)
	} else {
		resp.Diagnostics.Append(req.State.Get(ctx, &change.prior)...)
		change.adopted = isAdopted(ctx, req.Private, &resp.Diagnostics)
		planUpdate(&change, r.client.Region(), resp)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, change.plan)...)
	}
}

// planCreate completes the plan of a new credential.
func (r *credentialResource) planCreate(c *change, diags *diag.Diagnostics) {
	if c.config.Region.IsNull() {
		c.plan.Region = r.defaultRegion(diags)
	}
	c.plan.Endpoint = endpointOf(c.plan.Region)
	c.plan.SecretAccessKey = c.plannedSecret()
}

// defaultRegion is the region of a credential that names none.
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
	return diag.NewAttributeErrorDiagnostic(path.Root("region"), "No region",
		"Neither this nor the provider names a region. Set region here or in the provider's block, for example region = \"LON1\", or the variable CIVO_REGION.")
}

// notRotated tells of the first change of rotate_when_changed after an import or a move: whether it was there before
// nobody can know.
func notRotated() diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("rotate_when_changed"), "Recorded, not rotated",
		"The credential was imported or moved and has not been changed by Terraform since, so that the strings of rotate_when_changed are only recorded "+
			"now, and the secret stays. To rotate it, apply, then change the strings once more.")
}

func endpointOf(region types.String) types.String {
	if region.IsUnknown() || region.IsNull() {
		return types.StringUnknown()
	}
	return types.StringValue(civo.S3Endpoint(region.ValueString()))
}

// planUpdate completes the plan of a change to a credential that there is: what is not changed stays as it was.
func planUpdate(c *change, region string, resp *resource.ModifyPlanResponse) {
	if c.prior.Region.IsNull() { // moved, and not read since: where it is shows when it is asked for
		c.prior.Region = types.StringUnknown()
		if !c.config.Region.IsNull() {
			c.prior.Region = c.plan.Region
		} else if region != "" {
			c.prior.Region = types.StringValue(region)
		}
	}
	if c.config.Region.IsNull() || civo.SameRegion(c.plan.Region.ValueString(), c.prior.Region.ValueString()) {
		c.plan.Region = c.prior.Region
	}
	for attribute, changed := range map[string]bool{
		"name":   !c.plan.Name.Equal(c.prior.Name),
		"region": !c.plan.Region.Equal(c.prior.Region),
	} {
		if changed {
			resp.RequiresReplace.Append(path.Root(attribute))
		}
	}
	if len(resp.RequiresReplace) > 0 {
		return // Terraform plans the new one as if there had been none
	}
	if c.adopted && !c.plan.RotateWhenChanged.Equal(c.prior.RotateWhenChanged) {
		resp.Diagnostics.Append(notRotated())
	}
	c.plan.ID, c.plan.Endpoint = c.prior.ID, endpointOf(c.plan.Region)
	c.plan.Status, c.plan.Suspended = c.prior.Status, c.prior.Suspended
	if !c.prior.isSettled() {
		c.plan.Status = types.StringUnknown() // an interrupted create goes on here
	}
	switch {
	case !c.config.AccessKeyID.IsNull():
	case c.prior.AccessKeyID.IsNull(): // imported before Civo showed it
		c.plan.AccessKeyID = types.StringUnknown()
	default:
		c.plan.AccessKeyID = c.prior.AccessKeyID
	}
	c.plan.SecretAccessKey = c.plannedSecret()
}
