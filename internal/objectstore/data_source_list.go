// The data source civo_objectstores.

package objectstore

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// listDataSource is civo_objectstores: all stores of a region, without their usage.
type listDataSource struct{ regional.DataSource }

var _ datasource.DataSourceWithConfigure = (*listDataSource)(nil)

// NewListDataSource returns the data source civo_objectstores.
func NewListDataSource() datasource.DataSource {
	return &listDataSource{regional.DataSource{Suffix: typeSuffix + "s"}}
}

// listModel is the data source in configuration and state.
type listModel struct {
	Region       types.String  `tfsdk:"region"`
	ObjectStores []commonModel `tfsdk:"objectstores"`
}

// Schema implements datasource.DataSource.
func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists all object stores in a region, without their usage, like `civo objectstore ls`.",
		Attributes: map[string]schema.Attribute{
			"region": regional.LookupAttribute("Region whose object stores are listed, such as `LON1`. Case-insensitive."),
			"objectstores": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The object stores, sorted by name.",
				NestedObject:        schema.NestedAttributeObject{Attributes: commonAttributes()},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	var list listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &list)...)
	region := regional.LookupRegion(list.Region, d.Client, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	all, err := d.Client.ObjectStores(ctx, region)
	if err != nil {
		resp.Diagnostics.Append(kind.All(diagnostics.List, region).Error(err))
		return
	}
	slices.SortFunc(all, func(a, b civo.ObjectStore) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	list.ObjectStores = make([]commonModel, 0, len(all)) // an empty list is not null
	for _, s := range all {
		list.ObjectStores = append(list.ObjectStores, newCommonModel(d.Client, s))
	}
	list.Region = types.StringValue(region)
	resp.Diagnostics.Append(resp.State.Set(ctx, list)...)
}
