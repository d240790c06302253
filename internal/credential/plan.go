// Planning beyond the plan modifiers in the schema.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// HasNothingToPlan implements regional.FullResource. It does not check the value of the endpoint, which a refresh updates.
func (r *credentialResource) HasNothingToPlan(_, state regional.Attributes) bool {
	keepsSecret := !state.Is("secret_in_state", false) && !state.SetsAll("secret_access_key_wo_version")
	return state.Is("status", string(civo.StatusReady)) && state.SetsAll("id", "region", "access_key_id", "endpoint") &&
		state.SetsAll("secret_access_key") == keepsSecret
}

// ModifyPlan implements resource.ResourceWithModifyPlan. It plans what a plan modifier of a single attribute cannot: values that
// depend on other attributes or on the provider's region. The schema declares the rest.
func (r *credentialResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planned, ok := r.PlannedChange(ctx, req, resp)
	if !ok {
		return
	}
	c := change(planned)
	switch {
	case c.isCreate(): // for a create or a replacement, Terraform sends the configuration without ignore_changes
		c.Plan.Model = objectType.PlanCreate(ctx, r.Client, c.Config.Model, c.Plan.Model, &resp.Diagnostics)
	case c.Plan.Replaces(c.Prior.Model):
		return // Terraform discards this plan, and plans a create
	default:
		resp.Diagnostics.Append(c.validateIgnoreChanges()...)
		c.Plan.Model = regional.PlanUpdate(r.Client, c.Config.Model, c.Plan.Model, c.Prior.Model)
	}
	if c.Config.SecretAccessKey.IsNull() {
		c.Plan.SecretAccessKey = types.StringUnknown() // not supplied
	}
	if !c.Config.SecretAccessKey.IsUnknown() {
		c.Plan.SecretAccessKey = c.plannedSecret()
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, c.Plan)...)
	}
}
