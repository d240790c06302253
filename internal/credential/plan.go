// Planning beyond the plan modifiers in the schema.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// HasNothingToPlan implements regional.PlannedResource. It does not check the value of the endpoint, which a refresh updates.
func (r *credentialResource) HasNothingToPlan(_, state regional.Attributes) bool {
	keepsSecret := !state.Is("secret_in_state", false) && !state.SetsAll("secret_access_key_wo_version")
	return state.Is("status", string(civo.StatusReady)) && state.SetsAll("id", "region", "access_key_id", "endpoint") &&
		state.SetsAll("secret_access_key") == keepsSecret
}

// ModifyPlan implements resource.ResourceWithModifyPlan. It plans what a plan modifier of a single attribute cannot: values that
// depend on other attributes or on the provider's region. The schema declares the rest.
func (r *credentialResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.Client == nil {
		return // the credential will be destroyed, or the provider is not configured
	}
	var change change
	resp.Diagnostics.Append(req.Config.Get(ctx, &change.Config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &change.Plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &change.Prior)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case change.isCreate(): // for a create or a replacement, Terraform sends the configuration without ignore_changes
		change.Plan.Model = kind.PlanCreate(ctx, r.Client, change.Config.Model, change.Plan.Model, &resp.Diagnostics)
	case change.Plan.Replaces(change.Prior.Model):
		return // Terraform discards this plan, and plans a create
	default:
		resp.Diagnostics.Append(change.validateIgnoreChanges()...)
		change.Plan.Model = regional.PlanUpdate(r.Client, change.Config.Model, change.Plan.Model, change.Prior.Model)
	}
	if change.Config.SecretAccessKey.IsNull() {
		change.Plan.SecretAccessKey = types.StringUnknown() // not supplied
	}
	if !change.Config.SecretAccessKey.IsUnknown() {
		change.Plan.SecretAccessKey = change.plannedSecret()
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, change.Plan)...)
	}
}
