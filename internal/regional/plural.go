// Data sources that list all objects of a region.

package regional

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// ReadTimeout is the timeout of refreshes and data sources, which have no timeouts block.
const ReadTimeout = 5 * time.Minute

// PluralDataSource is a data source that lists all objects of a region, sorted by name.
type PluralDataSource[O civo.Object[O], E any] struct {
	DataSource

	Type        ObjectType[O]
	Description string
	Attribute   string // name of the attribute that contains the list
	Attributes  map[string]schema.Attribute
	Convert     func(*civo.Client, O) E
}

// Schema implements datasource.DataSource.
func (d *PluralDataSource[O, E]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: d.Description,
		Attributes: map[string]schema.Attribute{
			"region": LookupAttribute("Region of the " + d.Type.Noun + "s to list, such as `LON1`. Case-insensitive."),
			d.Attribute: schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The " + d.Type.Noun + "s, sorted by name.",
				NestedObject:        schema.NestedAttributeObject{Attributes: d.Attributes},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *PluralDataSource[O, E]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, ReadTimeout)
	defer cancel()
	var configured types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("region"), &configured)...)
	region := lookupRegion(configured, d.Client, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	all, err := d.Type.Objects(d.Client, region).All(ctx)
	if err != nil {
		resp.Diagnostics.Append(d.Type.All(diagnostics.List, region).Error(err))
		return
	}
	slices.SortFunc(all, func(a, b O) int {
		x, y := a.Ref(), b.Ref()
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
	elements := make([]E, 0, len(all)) // an empty list is not null
	for _, object := range all {
		elements = append(elements, d.Convert(d.Client, object))
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("region"), region)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(d.Attribute), elements)...)
}
