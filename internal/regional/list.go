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

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// ListSchema returns the configuration schema of a list resource.
func ListSchema(noun string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists " + noun + "s in a region for `terraform query`. Requires Terraform 1.14 or later.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional: true, Validators: []validator.String{ValidRegion},
				MarkdownDescription: "Region of the " + noun + "s to list, such as `LON1`. Case-insensitive. Default: the provider's region.",
			},
		},
	}
}

// List streams the records of the configured region, page by page. It requests no further page after it reaches the limit. The state of a
// record has the attributes that the resource has after an import.
func List[T civo.Record[T], M any](
	ctx context.Context, data *Data, wording diagnostics.Wording, imported func(M, *Data, T) M, req list.ListRequest, stream *list.ListResultsStream,
) {
	var configured types.String
	diags := req.Config.GetAttribute(ctx, path.Root("region"), &configured)
	region := data.RegionOr(configured)
	operation := wording.All(diagnostics.List, region.ValueString())
	client := data.clientForLookup(region, operation, &diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		count := int64(0)
		for page, err := range civo.Records[T](client, region.ValueString()).Pages(ctx) {
			if err != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{operation.Error(err)}})
				return
			}
			for _, record := range page {
				count++
				result, found := req.NewListResult(ctx), record.Ref()
				result.DisplayName = found.Name
				result.Diagnostics.Append(SetIdentity(ctx, result.Identity, found)...)
				if req.IncludeResource {
					var model M
					result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("id"), found.ID)...)
					result.Diagnostics.Append(result.Resource.Get(ctx, &model)...)
					result.Diagnostics.Append(result.Resource.Set(ctx, imported(model, data, record))...)
				}
				if !push(result) || count == req.Limit {
					return
				}
			}
		}
	}
}
