// Data sources that list all records of a region.

package regional

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// PluralSchema returns the schema of a data source that lists all records of a region in one attribute.
func PluralSchema(noun, description, attribute string, attributes map[string]schema.Attribute) schema.Schema {
	return schema.Schema{
		MarkdownDescription: description,
		Attributes: map[string]schema.Attribute{
			"region": LookupAttribute("Region of the " + noun + "s to list, such as `LON1`. Case-insensitive."),
			attribute: schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The " + noun + "s, sorted by name.",
				NestedObject:        schema.NestedAttributeObject{Attributes: attributes},
			},
		},
	}
}

// ReadPlural reads a data source that lists all records of a region, sorted by name. It converts each record to an element of the attribute.
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
