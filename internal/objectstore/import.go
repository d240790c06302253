// Import by ID, name or identity, and moves from civo_object_store of the provider civo/civo.

package objectstore

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// ImportState implements resource.ResourceWithImportState.
func (r *storeResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.Import(ctx, kind, req, resp, func(ctx context.Context, target regional.ImportTarget) (id, name, region string, err error) {
		found, err := r.findImported(ctx, target.Region, civo.Lookup{ID: target.ID, IDOrName: target.Any})
		return found.ID, found.Name, found.Region, err
	})
}

// findImported finds a store in a region. If another region contains the store, the error names that region.
func (r *storeResource) findImported(ctx context.Context, region string, lookup civo.Lookup) (civo.ObjectStore, error) {
	found, err := r.Client.FindObjectStore(ctx, region, lookup)
	if !civo.Is(err, civo.KindNotFound) {
		return found, err
	}
	found, err = r.Client.FindObjectStoreInAnyRegion(ctx, region, lookup)
	if err != nil {
		return found, err
	}
	return found, otherRegion(found, fmt.Sprintf("no object store in %s has the %s, but one in %s does", region, lookup, found.Region))
}

// MoveState implements resource.ResourceWithMoveState, for `moved` blocks that move the resource of the official provider. It does not
// copy the bucket_url of that resource, which is the endpoint.
func (r *storeResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{regional.Move{
		From: "civo_object_store", Noun: kind.Noun,
		Strings:  []string{"id", "name", "region", "access_key_id", "status"},
		Numbers:  []string{"max_size_gb"},
		Timeouts: []string{"create"},
	}.Mover()}
}
