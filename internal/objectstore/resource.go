// The resource civo_objectstore, which is also the list resource for terraform query.

package objectstore

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
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

type storeResource struct {
	regional.Resource[civo.ObjectStore, civo.ObjectStoreLookup, resourceModel]
}

var (
	_ resource.ResourceWithConfigure      = (*storeResource)(nil)
	_ resource.ResourceWithIdentity       = (*storeResource)(nil)
	_ resource.ResourceWithImportState    = (*storeResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*storeResource)(nil)
	_ resource.ResourceWithMoveState      = (*storeResource)(nil)
	_ resource.ResourceWithValidateConfig = (*storeResource)(nil)
	_ list.ListResourceWithConfigure      = (*storeResource)(nil)
)

func newResource() *storeResource {
	return &storeResource{regional.Resource[civo.ObjectStore, civo.ObjectStoreLookup, resourceModel]{
		Kind: kind, ResourceSchema: resourceSchema, OfficialType: "civo_object_store", DeleteTimeout: deleteTimeout,
		Warnings: warnings, CheckDelete: checkDelete,
	}}
}

// NewResource returns the resource.
func NewResource() resource.Resource { return newResource() }

// NewListResource returns the list resource.
func NewListResource() list.ListResource { return newResource() }

func (r *storeResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	ctx, cancel := regional.WithTimeout(ctx, plan.Timeouts.Create, createTimeout, &resp.Diagnostics)
	defer cancel()
	if plan.Region.IsUnknown() { // the provider's region, which was not known during plan
		plan.Region = regional.DefaultRegion(r.Client, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	wanted := civo.ObjectStoreCreateOpts{
		Name: plan.Name.ValueString(), Region: plan.Region.ValueString(),
		MaxSizeGB: int(plan.MaxSizeGB.ValueInt64()), OwnerAccessKeyID: plan.AccessKeyID.ValueString(),
	}
	created, err := r.Client.CreateObjectStore(ctx, wanted)
	r.FinishCreate(ctx, resp, plan, wanted.Draft(), created, err)
}

// findByNameAndOwner finds the store of a create with an unknown outcome. No store had the name before that create. If no store has the
// name and the owner, the error is of civo.KindNotFound.
func findByNameAndOwner(ctx context.Context, client *civo.Client, known civo.ObjectStore) (civo.ObjectStore, error) {
	found, err := client.FindObjectStore(ctx, known.Region, civo.ObjectStoreLookup{Name: known.Name})
	if owner := known.Owner.AccessKeyID; err == nil && owner != "" && found.Owner.AccessKeyID != owner {
		err = &civo.Error{Kind: civo.KindNotFound, Reason: "no object store has the name and the owner"}
	}
	return found, err
}

// Update sends a request only if the size or the owner's access key ID changes, or if it continues an interrupted create.
func (r *storeResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, prior resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	ctx, cancel := regional.WithTimeout(ctx, plan.Timeouts.Update, updateTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	store, err := r.LocateForUpdate(ctx, plan, prior)
	if err == nil && changesOwner(plan, prior) {
		var problem diag.Diagnostic
		if store, problem, err = r.checkOwner(ctx, store, plan.AccessKeyID.ValueString()); problem != nil {
			resp.Diagnostics.Append(problem)
			return
		}
	}
	resized := !plan.MaxSizeGB.Equal(prior.MaxSizeGB)
	if err == nil && resized {
		store, err = r.Client.ResizeObjectStore(ctx, store, int(plan.MaxSizeGB.ValueInt64()))
	}
	if err != nil {
		resp.Diagnostics.Append(kind.On(diagnostics.Update, prior.Object()).Error(err))
		return
	}
	r.FinishUpdate(ctx, resp, plan, store, resized || !prior.IsTerminal())
}

// changesOwner reports whether an update changes the access key ID of the owner.
func changesOwner(plan, prior resourceModel) bool {
	return regional.IsSet(plan.AccessKeyID) && !plan.AccessKeyID.Equal(prior.AccessKeyID)
}

// checkOwner reads a store and returns a diagnostic unless its owner has the wanted access key ID.
func (r *storeResource) checkOwner(ctx context.Context, known civo.ObjectStore, wanted string) (civo.ObjectStore, diag.Diagnostic, error) {
	store, err := r.Client.CurrentObjectStore(ctx, known.Region, known.ID)
	if err != nil || store.Owner.AccessKeyID == wanted {
		return store, nil, err
	}
	exist, err := r.credentialsExist(ctx, known.Region, store.Owner.AccessKeyID, wanted)
	if err != nil {
		return store, nil, err
	}
	return store, ownerNotChangedError(store, wanted, exist[0], exist[1]), nil
}

// checkDelete checks that a store is empty, because Civo deletes a store with all objects in it. force_destroy skips the check.
func checkDelete(ctx context.Context, client *civo.Client, state resourceModel, known civo.ObjectStore) (gone bool, problem diag.Diagnostic) {
	if state.ForceDestroy.ValueBool() {
		return false, nil
	}
	usage, err := client.ObjectStoreUsage(ctx, known.Region, known.ID)
	switch {
	case civo.Is(err, civo.KindNotFound):
		return true, nil
	case err != nil:
		return false, unknownUsageError(known, err)
	case !isEmpty(usage):
		return false, notEmptyError(known, usage)
	}
	return false, nil
}

// isEmpty reports whether a store is certainly empty. Parts of unfinished uploads take up space without being objects.
func isEmpty(usage civo.ObjectStoreUsage) bool { return usage.Objects == 0 && usage.UsedKB == 0 }
