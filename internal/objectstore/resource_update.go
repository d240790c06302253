// The resource civo_objectstore: update.

package objectstore

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// Update implements resource.Resource. It sends a request only if the size or the owner's access key ID changes, or if it
// continues an interrupted create.
func (r *storeResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, prior resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	timeout, diags := plan.Timeouts.Update(ctx, updateTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	store, err := r.findForUpdate(ctx, plan, prior)
	if err != nil {
		resp.Diagnostics.Append(operationOn(diagnostics.Update, prior.store()).Error(err))
		return
	}
	if changesOwner(plan, prior) {
		var problem diag.Diagnostic
		if store, problem = r.checkOwner(ctx, store, plan.AccessKeyID.ValueString()); problem != nil {
			resp.Diagnostics.Append(problem)
			return
		}
	}
	resized := !plan.MaxSizeGB.Equal(prior.MaxSizeGB)
	if resized {
		if store, err = r.Client.ResizeObjectStore(ctx, store, int(plan.MaxSizeGB.ValueInt64())); err != nil {
			resp.Diagnostics.Append(operationOn(diagnostics.Update, prior.store()).Error(err))
			return
		}
	}
	var waitErr error
	if resized || !prior.isTerminal() {
		store, waitErr = r.Client.WaitObjectStoreReady(ctx, store)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.newState(r.Client, store))...)
	resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, store.ID, store.Region)...)
	if waitErr != nil {
		resp.Diagnostics.Append(operationOn(diagnostics.Update, store).WaitError(waitErr))
	}
}

// changesOwner reports whether an update changes the access key ID of the owner.
func changesOwner(plan, prior resourceModel) bool {
	return regional.IsSet(plan.AccessKeyID) && !plan.AccessKeyID.Equal(prior.AccessKeyID)
}

// checkOwner reads a store and returns an error unless its owner has the wanted access key ID.
func (r *storeResource) checkOwner(ctx context.Context, known civo.ObjectStore, wanted string) (civo.ObjectStore, diag.Diagnostic) {
	store, err := r.Client.CurrentObjectStore(ctx, known.Region, known.ID)
	if err == nil && store.Owner.AccessKeyID == wanted {
		return store, nil
	}
	var exist []bool
	if err == nil {
		exist, err = r.credentialsExist(ctx, known.Region, store.Owner.AccessKeyID, wanted)
	}
	if err != nil {
		return known, operationOn(diagnostics.Update, known).Error(err)
	}
	return known, ownerNotChangedError(store, wanted, exist[0], exist[1])
}

// findForUpdate returns the store in the prior state. If the state does not contain its region, findForUpdate reads the store. This
// happens if -refresh=false skips the read after a move.
func (r *storeResource) findForUpdate(ctx context.Context, plan, prior resourceModel) (civo.ObjectStore, error) {
	known := prior.store()
	if known.ID != "" && known.Region != "" {
		return known, nil
	}
	found, err := r.find(ctx, known)
	if err != nil {
		return civo.ObjectStore{}, err
	}
	if planned := plan.Region; !planned.IsUnknown() && !civo.SameRegion(planned.ValueString(), found.Region) {
		return civo.ObjectStore{}, otherRegion(found, fmt.Sprintf("the object store is in %s, not in %s", found.Region, planned.ValueString()))
	}
	return found, nil
}

// otherRegion returns the error for a store in an unexpected region.
func otherRegion(found civo.ObjectStore, reason string) error {
	return &civo.Error{Kind: civo.KindOtherRegion, Stores: []civo.ObjectStore{found}, Reason: reason}
}
