// Planning that the plan modifiers in the schema cannot do.

package objectstore

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// HasNothingToPlan implements regional.FullResource. Arguments that the configuration omits must have their defaults. It does not
// check the values of the URLs, which a refresh updates.
func (r *storeResource) HasNothingToPlan(config, state regional.Attributes) bool {
	return state.Is("status", string(civo.StatusReady)) && state.SetsAll("id", "region", "access_key_id", "endpoint", "bucket_url") &&
		(config.SetsAll("max_size_gb") || state.Is("max_size_gb", defaultSizeGB)) &&
		(config.SetsAll("force_destroy") || state.Is("force_destroy", false))
}

// ModifyPlan implements resource.ResourceWithModifyPlan. It plans what a plan modifier of a single attribute cannot: values that
// depend on other attributes or on the provider's region, and the replacement of a store by one with another owner.
func (r *storeResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	change, ok := r.PlannedChange(ctx, req, resp)
	if !ok {
		return
	}
	config, plan, prior := change.Config, change.Plan, change.Prior
	switch {
	case req.State.Raw.IsNull():
		plan.Model = objectType.PlanCreate(ctx, r.Client, config.Model, plan.Model, &resp.Diagnostics)
	case r.replaces(ctx, plan, prior, resp):
		resp.Diagnostics.Append(r.checkReplacement(ctx, prior, plan.AccessKeyID.IsUnknown())...)
		return // Terraform discards this plan, and plans a create
	default:
		plan.Model = regional.PlanUpdate(r.Client, config.Model, plan.Model, prior.Model)
	}
	plan.BucketURL = plan.bucketURL()
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// replaces reports whether the plan replaces the store. If the owner changes, replaces adds access_key_id to the reasons.
func (r *storeResource) replaces(ctx context.Context, plan, prior resourceModel, resp *resource.ModifyPlanResponse) bool {
	if plan.Replaces(prior.Model) {
		return true
	}
	if r.hasOtherOwner(ctx, plan.AccessKeyID, prior, &resp.Diagnostics) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("access_key_id"))
		return true
	}
	return false
}

// checkReplacement warns about a replacement, and returns an error if it must not delete the objects in the store. An error in the plan
// prevents a replacement with create_before_destroy, which would first create the new store. If the owner is not known yet, its
// access key ID may also change in place, which is no reason to delete objects.
func (r *storeResource) checkReplacement(ctx context.Context, prior resourceModel, ownerUnknown bool) diag.Diagnostics {
	store, force := prior.Object(), prior.ForceDestroy.ValueBool()
	diags := diag.Diagnostics{replacementWarning(store, force)}
	if force && !ownerUnknown || store.ID == "" || store.Region == "" {
		return diags
	}
	usage, err := r.Client.ObjectStoreUsage(ctx, store.Region, store.ID)
	switch {
	case civo.Is(err, civo.KindNotFound), err == nil && isEmpty(usage):
	case ownerUnknown:
		diags.Append(unknownOwnerError(store))
	case err == nil:
		diags.Append(notEmptyError(store, usage))
	}
	return diags // the apply reports a usage that cannot be read
}

// hasOtherOwner reports whether another credential is to own the store, which replaces it. A credential whose access key ID changes
// in place is no other owner: then either no credential has the new key yet, or none has the old key any longer.
func (r *storeResource) hasOtherOwner(ctx context.Context, wanted types.String, prior resourceModel, diags *diag.Diagnostics) bool {
	if prior.AccessKeyID.IsNull() || prior.Region.IsNull() || wanted.Equal(prior.AccessKeyID) {
		return false
	}
	if wanted.IsUnknown() {
		return true
	}
	exist, err := credentialsExist(ctx, r.Client, prior.Region.ValueString(), wanted.ValueString(), prior.AccessKeyID.ValueString())
	if err != nil {
		diags.Append(objectType.On(diagnostics.Update, prior.Object()).Error(err))
		return false
	}
	return exist[0] && exist[1]
}

// credentialsExist reports for each access key ID whether a credential in a region has it.
func credentialsExist(ctx context.Context, client *civo.Client, region string, accessKeyIDs ...string) ([]bool, error) {
	all, err := client.Credentials(region).All(ctx)
	exist := make([]bool, len(accessKeyIDs))
	for i, id := range accessKeyIDs {
		exist[i] = slices.ContainsFunc(all, func(c civo.Credential) bool { return c.AccessKeyID == id })
	}
	return exist, err
}
