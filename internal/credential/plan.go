// Planning beyond the plan modifiers in the schema.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// HasNothingToPlan implements regional.PlannedResource. It does not check the endpoint, which a refresh updates.
func (r *credentialResource) HasNothingToPlan(_, state regional.Attributes) bool {
	keepsSecret := !state.Is("secret_in_state", false) && !state.SetsAll("secret_access_key_wo_version")
	return state.Is("status", string(civo.StatusReady)) && state.SetsAll("id", "region", "access_key_id") &&
		state.SetsAll("secret_access_key") == keepsSecret
}

// ModifyPlan implements resource.ResourceWithModifyPlan. It plans what a plan modifier of a single attribute cannot: values that
// depend on other attributes or on the provider's region. The schema declares the rest.
func (r *credentialResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.Client == nil {
		return // the credential will be destroyed, or the provider is not configured
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
		r.planUpdate(&change, &resp.Diagnostics)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, change.plan)...)
	}
}

// planCreate completes the plan of a new credential. ignore_changes applies neither to it nor to the create of a replacement:
// Terraform sends the configuration as written.
func (r *credentialResource) planCreate(ctx context.Context, c *change, diags *diag.Diagnostics) {
	c.plan.Region = regional.PlanNewRegion(ctx, r.Client, c.config.Region, c.plan.Region, kind.On(diagnostics.Create, c.plan.Name.ValueString(), "", ""), diags)
	c.plan.Endpoint = regional.Endpoint(r.Client, c.plan.Region)
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

// planUpdate completes the plan of a change to an existing credential.
func (r *credentialResource) planUpdate(c *change, diags *diag.Diagnostics) {
	if c.replaces() {
		return // Terraform discards this plan, and plans a create
	}
	diags.Append(c.validateIgnoreChanges()...)
	c.plan.Region = regional.PlanRegion(c.prior.Region, c.config.Region, c.plan.Region)
	c.plan.Endpoint = regional.Endpoint(r.Client, c.plan.Region)
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
	return !c.plan.Name.Equal(c.prior.Name) || regional.RegionReplaces(c.prior.Region, c.plan.Region)
}
