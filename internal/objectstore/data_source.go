// The data source civo_objectstore.

package objectstore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// dataSource is the data source civo_objectstore, which looks up one store and reads its usage.
type dataSource struct{ regional.DataSource }

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

// NewDataSource returns the data source civo_objectstore.
func NewDataSource() datasource.DataSource {
	return &dataSource{regional.DataSource{Suffix: typeSuffix}}
}

// lookupModel is the configuration and the state of the data source.
type lookupModel struct {
	commonModel

	UsedSizeKB  types.Int64 `tfsdk:"used_size_kb"`
	ObjectCount types.Int64 `tfsdk:"object_count"`
}

// exactlyOneLookup is a validator for name that returns an error unless exactly one of the lookup attributes is set. An unknown
// value counts as set.
var exactlyOneLookup = stringvalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("id"))

// Schema implements datasource.DataSource.
func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	const lookup = " Set exactly one of `name` and `id`."
	attributes := commonAttributes()
	attributes["name"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{lookupName, exactlyOneLookup}, MarkdownDescription: nameDescription + lookup,
	}
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{lookupID}, MarkdownDescription: idDescription + lookup,
	}
	attributes["region"] = regional.LookupAttribute(regionDescription)
	attributes["used_size_kb"] = schema.Int64Attribute{
		Computed: true, MarkdownDescription: "Total size of the objects in kB, as reported by Civo. A GB is 1,000,000 kB. The value may not include recent changes.",
	}
	attributes["object_count"] = schema.Int64Attribute{
		Computed: true, MarkdownDescription: "Number of objects, as reported by Civo. The value may not include recent changes.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up an object store by its exact `name` or `id` and reads its usage. Returns an error unless exactly one object store matches.",
		Attributes:          attributes,
	}
}

// Read implements datasource.DataSource.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	var wanted lookupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &wanted)...)
	region := regional.LookupRegion(wanted.Region, d.Client, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	by, attribute := civo.Lookup{ID: wanted.ID.ValueString()}, path.Root("id")
	if !wanted.Name.IsNull() {
		by, attribute = civo.Lookup{Name: wanted.Name.ValueString()}, path.Root("name")
	}
	found, err := d.Client.FindObjectStore(ctx, region, by)
	usage := civo.ObjectStoreUsage{}
	if err == nil {
		usage, err = d.Client.ObjectStoreUsage(ctx, region, found.ID)
	}
	if err != nil {
		problem := kind.With(diagnostics.LookUp, by.String(), region).Error(err)
		if civo.Is(err, civo.KindNotFound) || civo.Is(err, civo.KindAmbiguous) {
			problem = diag.WithPath(attribute, problem)
		}
		resp.Diagnostics.Append(problem)
		return
	}
	result := lookupModel{
		commonModel: newCommonModel(d.Client, found),
		UsedSizeKB:  types.Int64Value(usage.UsedKB), ObjectCount: types.Int64Value(usage.Objects),
	}
	result.Region = regional.KeepSpelling(wanted.Region, found.Region)
	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
}
