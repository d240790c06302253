// The data sources civo_objectstore and civo_objectstores.

package objectstore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

type dataSource struct{ data *regional.Data }

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

// NewDataSource returns the data source civo_objectstore, which looks up one store and reads its usage.
func NewDataSource() datasource.DataSource { return &dataSource{} }

func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = wording.ResourceType
}

func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = regional.DataOf(req.ProviderData, &resp.Diagnostics)
}

// lookupModel is the configuration and the state of the data source.
type lookupModel struct {
	commonModel

	UsedSizeKB  types.Int64 `tfsdk:"used_size_kb"`
	ObjectCount types.Int64 `tfsdk:"object_count"`
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	const lookup = " Set exactly one of `name` and `id`."
	exactlyOne := stringvalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("id")) // an unknown value counts as set
	attributes := commonAttributes()
	attributes["name"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{lookupName, exactlyOne}, MarkdownDescription: nameDescription + lookup,
	}
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{lookupID}, MarkdownDescription: idDescription + lookup,
	}
	attributes["region"] = regional.LookupAttribute(regionDescription)
	attributes["used_size_kb"] = schema.Int64Attribute{
		Computed: true, MarkdownDescription: "Total size of the objects in kB, rounded up, as reported by Civo. A kB is 1,024 bytes. The size includes the parts of unfinished uploads. " +
			"For `max_size_gb`, Civo counts a GB as 1,000,000 kB. The value may not include recent changes.",
	}
	attributes["object_count"] = schema.Int64Attribute{
		Computed: true, MarkdownDescription: "Number of objects, as reported by Civo. Each uploaded part of an unfinished upload also counts as an object. " +
			"The value may not include recent changes.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up an object store by its exact `name` or `id` and reads its usage. Returns an error unless exactly one object store matches.",
		Attributes:          attributes,
	}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	var wanted lookupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &wanted)...)
	by, operation := civo.By(wanted.ID.ValueString(), civo.FieldID), diagnostics.Operation{Wording: wording, Verb: diagnostics.LookUp, Attribute: "id"}
	if !wanted.Name.IsNull() {
		by, operation.Attribute = civo.By(wanted.Name.ValueString(), civo.FieldName), "name"
	}
	found, ok := regional.LookUp[civo.ObjectStore](ctx, d.data, wanted.Region, by, operation, &resp.Diagnostics)
	if !ok {
		return
	}
	usage, err := d.data.Client.ObjectStoreUsage(ctx, found.Region, found.ID)
	if err != nil {
		resp.Diagnostics.Append(wording.On(diagnostics.LookUp, found.Ref()).Error(err))
		return
	}
	result := lookupModel{
		commonModel: newCommonModel(d.data, found),
		UsedSizeKB:  types.Int64Value(usage.UsedKB), ObjectCount: types.Int64Value(usage.Objects),
	}
	resp.Diagnostics.Append(endpointWarning(d.data, found)...)
	result.Region = regional.KeepSpelling(wanted.Region, found.Region)
	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
}

// pluralDataSource is the data source civo_objectstores.
type pluralDataSource struct{ dataSource }

// NewPluralDataSource returns the data source civo_objectstores, which lists all stores of a region without their usage.
func NewPluralDataSource() datasource.DataSource { return &pluralDataSource{} }

func (d *pluralDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = wording.ResourceType + "s"
}

func (d *pluralDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = regional.PluralSchema(wording.Noun,
		"Lists all object stores in a region, without their usage, like `civo objectstore ls`.", "objectstores", commonAttributes())
}

func (d *pluralDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	regional.ReadPlural(ctx, d.data, wording, "objectstores", newCommonModel, req, resp)
}
