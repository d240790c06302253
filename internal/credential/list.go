// The list resource civo_objectstore_credential, for terraform query.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// listResource is civo_objectstore_credential as a list resource: the results of `terraform query`, ready to be imported.
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
	regional.List(ctx, l.Resource, kind, req, stream, l.Client.CredentialPages, func(c civo.Credential) regional.Listed {
		found := newLookupModel(l.Client, c, types.StringNull())
		return regional.Listed{ID: c.ID, Name: c.Name, Region: c.Region, Attributes: map[string]any{
			"id": found.ID, "name": found.Name, "region": found.Region, "access_key_id": found.AccessKeyID,
			"secret_access_key": found.SecretAccessKey, "endpoint": found.Endpoint, "status": found.Status, "suspended": found.Suspended,
		}}
	})
}
