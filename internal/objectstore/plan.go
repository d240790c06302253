// Planning that the plan modifiers in the schema cannot do.

package objectstore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// ModifyPlan implements resource.ResourceWithModifyPlan. It plans what a plan modifier of a single attribute cannot: values that
// depend on other attributes or on the provider's region, and the replacement of a store by one with another owner.
func (r *storeResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.Client == nil ||
		regional.IsUnchanged(req.Plan.Raw, req.State.Raw, "id", "region", "access_key_id", "max_size_gb", "bucket_url") {
		return // the store will be destroyed or does not change, or the provider is not configured
	}
	var config, plan, prior resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	}
	switch {
	case resp.Diagnostics.HasError():
		return
	case req.State.Raw.IsNull():
		plan.Region = regional.PlanNewRegion(ctx, r.Client, config.Region, plan.Region, kind.On(diagnostics.Create, plan.Name.ValueString(), "", ""), &resp.Diagnostics)
	default:
		if r.planUpdate(ctx, config, &plan, prior, resp) {
			resp.Diagnostics.Append(replacementWarning(prior.store(), prior.ForceDestroy.ValueBool()))
			return // Terraform discards this plan, and plans a create
		}
	}
	plan.Endpoint = regional.Endpoint(r.Client, plan.Region)
	plan.BucketURL = bucketURL(r.Client, plan.Region, plan.Name)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// planUpdate completes the plan for an existing store, and reports whether the plan replaces the store.
func (r *storeResource) planUpdate(ctx context.Context, config resourceModel, plan *resourceModel, prior resourceModel, resp *resource.ModifyPlanResponse) (replaces bool) {
	if !plan.Name.Equal(prior.Name) || regional.RegionReplaces(prior.Region, plan.Region) {
		return true
	}
	if r.hasOtherOwner(ctx, plan.AccessKeyID, prior, &resp.Diagnostics) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("access_key_id"))
		return true
	}
	plan.Region = regional.PlanRegion(prior.Region, config.Region, plan.Region)
	if !prior.isTerminal() {
		plan.Status = types.StringUnknown() // the update continues an interrupted create
	}
	if config.AccessKeyID.IsNull() && prior.AccessKeyID.IsNull() { // imported before Civo returned it
		plan.AccessKeyID = types.StringUnknown()
	}
	return false
}

// hasOtherOwner reports whether the plan sets another credential as the owner, which requires a replacement. If the access key ID of
// the same credential changes in place, no credential has the new key yet, or no credential has the old key anymore. An access key ID
// that is not known yet belongs to a credential that will be created.
func (r *storeResource) hasOtherOwner(ctx context.Context, wanted types.String, prior resourceModel, diags *diag.Diagnostics) bool {
	if prior.AccessKeyID.IsNull() || prior.Region.IsNull() || wanted.Equal(prior.AccessKeyID) {
		return false
	}
	if wanted.IsUnknown() {
		return true
	}
	for _, key := range []string{wanted.ValueString(), prior.AccessKeyID.ValueString()} {
		exists, err := r.credentialExists(ctx, prior.Region.ValueString(), key)
		if err != nil {
			diags.Append(operationOn(diagnostics.Update, prior.store()).Error(err))
		}
		if !exists {
			return false
		}
	}
	return true
}

// credentialExists reports whether a credential in a region has the access key ID.
func (r *storeResource) credentialExists(ctx context.Context, region, accessKeyID string) (bool, error) {
	_, err := r.Client.FindCurrentCredential(ctx, region, civo.Lookup{AccessKeyID: accessKeyID})
	switch {
	case civo.IsNotFound(err):
		return false, nil
	case civo.IsAmbiguous(err):
		return true, nil
	}
	return err == nil, err
}
