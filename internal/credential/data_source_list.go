// The data source civo_objectstore_credentials.

package credential

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

// listDataSource is civo_objectstore_credentials: all credentials of a region, without their secrets.
type listDataSource struct{ regional.DataSource }

var _ datasource.DataSourceWithConfigure = (*listDataSource)(nil)

// NewListDataSource returns the data source civo_objectstore_credentials.
func NewListDataSource() datasource.DataSource {
	return &listDataSource{regional.DataSource{Suffix: typeSuffix + "s"}}
}

// listModel is the data source in configuration and state.
type listModel struct {
	Region      types.String  `tfsdk:"region"`
	Credentials []commonModel `tfsdk:"credentials"`
}

// Schema implements datasource.DataSource.
func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists all object store credentials in a region, without their secrets, like `civo objectstore credential ls`.",
		Attributes: map[string]schema.Attribute{
			"region": regional.LookupAttribute("Region whose credentials are listed, such as `LON1`. Case-insensitive."),
			"credentials": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The credentials, sorted by name.",
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
	all, err := d.Client.Credentials(ctx, region)
	if err != nil {
		resp.Diagnostics.Append(kind.All(diagnostics.List, region).Error(err))
		return
	}
	slices.SortFunc(all, func(a, b civo.Credential) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	list.Credentials = make([]commonModel, 0, len(all)) // an empty list is not null
	for _, c := range all {
		list.Credentials = append(list.Credentials, newCommonModel(d.Client, c))
	}
	if list.Region.IsNull() {
		list.Region = types.StringValue(region)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, list)...)
}
