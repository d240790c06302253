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
type PluralDataSource[Object, Model any] struct {
	DataSource

	Kind        diagnostics.Kind
	Description string
	Attribute   string // name of the attribute that contains the list
	Attributes  map[string]schema.Attribute
	List        func(*civo.Client, context.Context, string) ([]Object, error) // by region
	Key         func(Object) (name, id string)                                // to sort by
	Convert     func(*civo.Client, Object) Model
}

// Schema implements datasource.DataSource.
func (d *PluralDataSource[Object, Model]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: d.Description,
		Attributes: map[string]schema.Attribute{
			"region": LookupAttribute("Region of the " + d.Kind.Noun + "s to list, such as `LON1`. Case-insensitive."),
			d.Attribute: schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The " + d.Kind.Noun + "s, sorted by name.",
				NestedObject:        schema.NestedAttributeObject{Attributes: d.Attributes},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *PluralDataSource[Object, Model]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, ReadTimeout)
	defer cancel()
	var configured types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("region"), &configured)...)
	region := LookupRegion(configured, d.Client, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	all, err := d.List(d.Client, ctx, region)
	if err != nil {
		resp.Diagnostics.Append(d.Kind.All(diagnostics.List, region).Error(err))
		return
	}
	slices.SortFunc(all, func(a, b Object) int {
		nameA, idA := d.Key(a)
		nameB, idB := d.Key(b)
		return cmp.Or(cmp.Compare(nameA, nameB), cmp.Compare(idA, idB))
	})
	models := make([]Model, 0, len(all)) // an empty list is not null
	for _, object := range all {
		models = append(models, d.Convert(d.Client, object))
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("region"), region)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(d.Attribute), models)...)
}
