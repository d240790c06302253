// The list resource civo_objectstore, for terraform query.

package objectstore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// listResource is the list resource civo_objectstore. Its results contain what an import needs.
type listResource struct{ regional.Resource }

var _ list.ListResourceWithConfigure = (*listResource)(nil)

// NewListResource returns the list resource.
func NewListResource() list.ListResource {
	return &listResource{regional.Resource{Suffix: typeSuffix}}
}

// ListResourceConfigSchema implements list.ListResource.
func (l *listResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = regional.ListSchema(kind)
}

// List implements list.ListResource.
func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	regional.List(ctx, l.Resource, kind, req, stream, l.Client.ObjectStorePages, func(s civo.ObjectStore) regional.Listed {
		found := newCommonModel(l.Client, s)
		return regional.Listed{ID: s.ID, Name: s.Name, Region: s.Region, Attributes: map[string]any{
			"id": found.ID, "name": found.Name, "region": found.Region, "access_key_id": found.AccessKeyID, "max_size_gb": found.MaxSizeGB,
			"force_destroy": types.BoolValue(false), "endpoint": found.Endpoint, "bucket_url": found.BucketURL, "status": found.Status,
		}}
	})
}
