// List resources, for terraform query, and data sources that list all records of a region.

package regional

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dsschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
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

// List streams the records of the configured region, page by page up to the limit. A record has the attributes as after an import.
func List[T civo.Record[T], M any](
	ctx context.Context, data *Data, wording diagnostics.Wording, imported func(M, *Data, T) M,
	req list.ListRequest, stream *list.ListResultsStream,
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
				result.DisplayName = civo.Printable(found.Name)
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

// PluralSchema returns the schema of a data source that lists all records of a region in one attribute.
func PluralSchema(noun, description, attribute string, attributes map[string]dsschema.Attribute) dsschema.Schema {
	return dsschema.Schema{
		MarkdownDescription: description,
		Attributes: map[string]dsschema.Attribute{
			"region": LookupAttribute("Region of the " + noun + "s to list, such as `LON1`. Case-insensitive."),
			attribute: dsschema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The " + noun + "s, sorted by name.",
				NestedObject:        dsschema.NestedAttributeObject{Attributes: attributes},
			},
		},
	}
}

// ReadPlural reads a data source that lists all records of a region, sorted by name, and converts each to an element of the attribute.
func ReadPlural[T civo.Record[T], E any](
	ctx context.Context, data *Data, wording diagnostics.Wording, attribute string, convert func(*Data, T) E,
	req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	ctx, cancel := context.WithTimeout(ctx, ReadTimeout)
	defer cancel()
	var configured types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("region"), &configured)...)
	region := data.RegionOr(configured)
	operation := wording.All(diagnostics.List, region.ValueString())
	client := data.clientForLookup(region, operation, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	all, err := civo.Records[T](client, region.ValueString()).All(ctx)
	if err != nil {
		resp.Diagnostics.Append(operation.Error(err))
		return
	}
	slices.SortFunc(all, func(a, b T) int {
		x, y := a.Ref(), b.Ref()
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
	elements := make([]E, 0, len(all)) // an empty list is not null
	for _, record := range all {
		elements = append(elements, convert(data, record))
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("region"), region)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), elements)...)
}
