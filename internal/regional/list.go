// List resources, for terraform query.

package regional

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// ListSchema returns the configuration schema of a list resource.
func ListSchema(kind diagnostics.Kind) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists " + kind.Noun + "s in a region for `terraform query`. Requires Terraform 1.14 or later.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional: true, Validators: []validator.String{ValidRegion},
				MarkdownDescription: "Region of the " + kind.Noun + "s to list, such as `LON1`. Case-insensitive. Default: the provider's region.",
			},
		},
	}
}

// Listed is one result of a list resource.
type Listed struct {
	ID, Name, Region string
	Attributes       map[string]any // the attributes of the resource after an import
}

// List streams the objects of the configured region, page by page. It requests no further page after it reaches the limit.
func List[Object any](
	ctx context.Context, r Resource, kind diagnostics.Kind, req list.ListRequest, stream *list.ListResultsStream,
	pages func(ctx context.Context, region string) iter.Seq2[[]Object, error], convert func(Object) Listed,
) {
	var configured types.String
	diags := req.Config.GetAttribute(ctx, path.Root("region"), &configured)
	region := LookupRegion(configured, r.Client, &diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		count := int64(0)
		for page, err := range pages(ctx, region) {
			if err != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{kind.All(diagnostics.List, region).Error(err)}})
				return
			}
			for _, object := range page {
				if !push(convert(object).result(ctx, req)) {
					return
				}
				count++
				if count == req.Limit {
					return
				}
			}
		}
	}
}

func (l Listed) result(ctx context.Context, req list.ListRequest) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = l.Name
	result.Diagnostics.Append(SetIdentity(ctx, result.Identity, l.ID, l.Region)...)
	if req.IncludeResource {
		result.Diagnostics.Append(setAttributes(ctx, result.Resource, l.Attributes)...)
	}
	return result
}

func setAttributes(ctx context.Context, resource *tfsdk.Resource, attributes map[string]any) diag.Diagnostics {
	var diags diag.Diagnostics
	for name, value := range attributes {
		diags.Append(resource.SetAttribute(ctx, path.Root(name), value)...)
	}
	return diags
}
