// The resource civo_objectstore: create, read and delete.

package objectstore

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// The default timeouts of the operations.
const (
	createTimeout = 30 * time.Minute
	updateTimeout = 10 * time.Minute
	deleteTimeout = 30 * time.Minute
)

// storeResource is the resource civo_objectstore.
type storeResource struct{ regional.Resource }

var (
	_ resource.ResourceWithConfigure   = (*storeResource)(nil)
	_ resource.ResourceWithIdentity    = (*storeResource)(nil)
	_ resource.ResourceWithImportState = (*storeResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*storeResource)(nil)
	_ resource.ResourceWithMoveState   = (*storeResource)(nil)
)

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &storeResource{regional.Resource{Suffix: typeSuffix}}
}

// Schema implements resource.Resource.
func (r *storeResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *storeResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = regional.IdentitySchema(kind.Noun, idDescription)
}

// Create implements resource.Resource. An interruption of the wait until the store is ready does not lose the store.
func (r *storeResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(diags...)
	if plan.Region.IsUnknown() { // the provider's region, which was not known during plan
		plan.Region = regional.DefaultRegion(r.Client, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	wanted := civo.ObjectStoreCreateOpts{
		Name: plan.Name.ValueString(), Region: plan.Region.ValueString(),
		MaxSizeGB: int(plan.MaxSizeGB.ValueInt64()), OwnerAccessKeyID: plan.AccessKeyID.ValueString(),
	}
	save := func(s civo.ObjectStore) {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan.newState(r.Client, s))...)
		resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, s.ID, s.Region)...)
	}
	created, err := r.Client.CreateObjectStore(ctx, wanted)
	if err != nil {
		if civo.IsUncertain(err) {
			resp.Identity = nil // may belong to a store that the refresh found to be deleted
			save(wanted.Draft())
		}
		resp.Diagnostics.Append(operationOn(diagnostics.Create, wanted.Draft()).Error(err))
		return
	}
	ready, err := r.Client.WaitObjectStoreReady(ctx, created)
	save(ready)
	if err != nil {
		resp.Diagnostics.Append(operationOn(diagnostics.Create, ready).WaitError(err))
	}
}

// Read implements resource.Resource.
func (r *storeResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	known := state.store()
	found, err := r.find(ctx, known)
	if civo.Is(err, civo.KindNotFound) {
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, known.ID, known.Region)...) // the framework still requires an identity
		return
	}
	if err != nil {
		resp.Diagnostics.Append(operationOn(diagnostics.Read, known).Error(err))
		return
	}
	if found.Status == civo.StatusFailed {
		resp.Diagnostics.Append(failedWarning(found))
	}
	if current := state.withRemote(r.Client, found); current.commonModel != state.commonModel || current.ForceDestroy != state.ForceDestroy {
		resp.Diagnostics.Append(resp.State.Set(ctx, current)...)
	}
	resp.Diagnostics.Append(regional.SetIdentity(ctx, resp.Identity, found.ID, found.Region)...)
}

// find reads a store that is in the state. If the store was moved from the official provider, the state may not contain its region.
// find then searches for the ID in the provider's region and in the other regions. The error is of civo.KindNotFound only if no
// region contains the store.
func (r *storeResource) find(ctx context.Context, known civo.ObjectStore) (civo.ObjectStore, error) {
	switch {
	case known.ID == "":
		return r.findByNameAndOwner(ctx, known)
	case known.Region != "":
		return r.Client.ObjectStore(ctx, known.Region, known.ID)
	}
	return r.Client.FindObjectStoreInAnyRegion(ctx, r.Client.Region(), civo.Lookup{ID: known.ID})
}

// findByNameAndOwner finds the store of a create with an unknown outcome, whose ID is not in the state. No store had the name before
// that create. If no store has the name and the owner, the error is of civo.KindNotFound.
func (r *storeResource) findByNameAndOwner(ctx context.Context, known civo.ObjectStore) (civo.ObjectStore, error) {
	found, err := r.Client.FindObjectStore(ctx, known.Region, civo.Lookup{Name: known.Name})
	if err != nil {
		return civo.ObjectStore{}, err
	}
	if owner := known.Owner.AccessKeyID; owner != "" && found.Owner.AccessKeyID != owner {
		return civo.ObjectStore{}, &civo.Error{Kind: civo.KindNotFound, Reason: "no object store has the name and the owner"}
	}
	return found, nil
}

// Delete implements resource.Resource. When Civo deletes a store, it also deletes all objects in it. Without force_destroy, Delete
// therefore deletes a store only if Civo reports that it is empty.
func (r *storeResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, deleteTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	resp.Diagnostics.Append(r.delete(ctx, state.store(), state.ForceDestroy.ValueBool())...)
}

func (r *storeResource) delete(ctx context.Context, known civo.ObjectStore, force bool) diag.Diagnostics {
	if known.ID == "" || known.Region == "" {
		found, err := r.find(ctx, known)
		if civo.Is(err, civo.KindNotFound) {
			return nil
		}
		if err != nil {
			return diag.Diagnostics{operationOn(diagnostics.Delete, known).Error(err)}
		}
		known = found
	}
	if !force {
		usage, err := r.Client.ObjectStoreUsage(ctx, known.Region, known.ID)
		switch {
		case civo.Is(err, civo.KindNotFound):
			return nil
		case err != nil:
			return diag.Diagnostics{unknownUsageError(known, err)}
		case !isEmpty(usage):
			return diag.Diagnostics{notEmptyError(known, usage)}
		}
	}
	if err := r.Client.DeleteObjectStore(ctx, known); err != nil {
		return diag.Diagnostics{operationOn(diagnostics.Delete, known).Error(err)}
	}
	return nil
}

// isEmpty reports whether a store is certainly empty. Parts of unfinished uploads take up space without being objects.
func isEmpty(usage civo.ObjectStoreUsage) bool { return usage.Objects == 0 && usage.UsedKB == 0 }
