// The resource civo_objectstore, which is also the list resource for terraform query.

package objectstore

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

type storeResource struct {
	regional.Resource[civo.ObjectStore, resourceModel]
}

var _ regional.FullResource = (*storeResource)(nil)

func newResource() *storeResource {
	return &storeResource{regional.Resource[civo.ObjectStore, resourceModel]{
		Type: objectType, ResourceSchema: resourceSchema, OfficialType: "civo_object_store",
		CreateTimeout: 30 * time.Minute, UpdateTimeout: 10 * time.Minute, DeleteTimeout: 30 * time.Minute,
		Warnings: warnings, CreateObject: create, UpdateObject: update, DeleteObject: remove,
	}}
}

// NewResource returns the resource.
func NewResource() resource.Resource { return newResource() }

// NewListResource returns the list resource.
func NewListResource() list.ListResource { return newResource() }

func create(
	ctx context.Context, client *civo.Client, c regional.Change[resourceModel], region string,
) (draft, created civo.ObjectStore, err error) {
	draft = c.Plan.Object()
	draft.Region = region
	created, err = client.CreateObjectStore(ctx, draft)
	return draft, created, err
}

// findByNameAndOwner finds the store of a create with an unknown outcome. No store had the name before that create. If no store has the
// name and the owner, the error is of civo.KindNotFound.
func findByNameAndOwner(ctx context.Context, client *civo.Client, known civo.ObjectStore) (civo.ObjectStore, error) {
	found, err := client.ObjectStores(known.Region).Find(ctx, civo.Lookup{Name: known.Name})
	if owner := known.Owner.AccessKeyID; err == nil && owner != "" && found.Owner.AccessKeyID != owner {
		err = &civo.Error{Kind: civo.KindNotFound, Reason: "no object store has the name and the owner"}
	}
	return found, err
}

// update sends a request only if the size or the owner's access key ID changes.
func update(
	ctx context.Context, client *civo.Client, c regional.Change[resourceModel], store civo.ObjectStore,
) (updated civo.ObjectStore, sent bool, err error) {
	if owner := c.Plan.AccessKeyID; regional.IsSet(owner) && !owner.Equal(c.Prior.AccessKeyID) {
		if store, err = checkOwner(ctx, client, store, owner.ValueString()); err != nil {
			return store, false, err
		}
	}
	if c.Plan.MaxSizeGB.Equal(c.Prior.MaxSizeGB) {
		return store, false, nil
	}
	updated, err = client.ResizeObjectStore(ctx, store, int(c.Plan.MaxSizeGB.ValueInt64()))
	return updated, true, err
}

// checkOwner reads a store and returns an error unless its owner has the wanted access key ID.
func checkOwner(ctx context.Context, client *civo.Client, known civo.ObjectStore, wanted string) (civo.ObjectStore, error) {
	store, err := client.ObjectStores(known.Region).GetCurrent(ctx, known.ID)
	if err != nil || store.Owner.AccessKeyID == wanted {
		return store, err
	}
	exist, err := credentialsExist(ctx, client, known.Region, store.Owner.AccessKeyID, wanted)
	if err == nil {
		err = diagnostics.Error{Diagnostic: ownerNotChangedError(store, wanted, exist[0], exist[1])}
	}
	return store, err
}

// remove deletes a store. Civo also deletes all objects in the store, so the store must be empty unless force_destroy is set.
func remove(ctx context.Context, client *civo.Client, state resourceModel, known civo.ObjectStore) error {
	if !state.ForceDestroy.ValueBool() {
		usage, err := client.ObjectStoreUsage(ctx, known.Region, known.ID)
		switch {
		case civo.Is(err, civo.KindNotFound):
			return err
		case err != nil:
			return diagnostics.Error{Diagnostic: unknownUsageError(known, err)}
		case !isEmpty(usage):
			return diagnostics.Error{Diagnostic: notEmptyError(known, usage)}
		}
	}
	return client.DeleteObjectStore(ctx, known)
}

// isEmpty reports whether a store is certainly empty. Parts of unfinished uploads take up space without being objects.
func isEmpty(usage civo.ObjectStoreUsage) bool { return usage.Objects == 0 && usage.UsedKB == 0 }
