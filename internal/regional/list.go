// List resources, for terraform query.

package regional

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// ListResourceConfigSchema returns the configuration schema of the list resource.
func (r *Resource[O, M]) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists " + r.Type.Noun + "s in a region for `terraform query`. Requires Terraform 1.14 or later.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional: true, Validators: []validator.String{ValidRegion},
				MarkdownDescription: "Region of the " + r.Type.Noun + "s to list, such as `LON1`. Case-insensitive. Default: the provider's region.",
			},
		},
	}
}

// List streams the objects of the configured region, page by page. It requests no further page after it reaches the limit.
func (r *Resource[O, M]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var configured types.String
	diags := req.Config.GetAttribute(ctx, path.Root("region"), &configured)
	region := lookupRegion(configured, r.Client, &diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		count := int64(0)
		for page, err := range r.Type.Objects(r.Client, region).Pages(ctx) {
			if err != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{r.Type.All(diagnostics.List, region).Error(err)}})
				return
			}
			for _, object := range page {
				count++
				if !push(r.listResult(ctx, req, object)) || count == req.Limit {
					return
				}
			}
		}
	}
}

// listResult returns a result with the attributes that the resource has after an import.
func (r *Resource[O, M]) listResult(ctx context.Context, req list.ListRequest, object O) list.ListResult {
	result, found := req.NewListResult(ctx), object.Ref()
	result.DisplayName = found.Name
	result.Diagnostics.Append(setIdentity(ctx, result.Identity, found)...)
	if req.IncludeResource {
		var imported M
		result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("id"), found.ID)...)
		result.Diagnostics.Append(result.Resource.Get(ctx, &imported)...)
		result.Diagnostics.Append(result.Resource.Set(ctx, imported.WithRemote(r.Client, object))...)
	}
	return result
}
