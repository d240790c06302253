// The data sources civo_objectstore_credential and civo_objectstore_credentials, and the model and attributes of a lookup.

package credential

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

type dataSource struct{ data *regional.Data }

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

// NewDataSource returns the data source civo_objectstore_credential, which looks up one credential.
func NewDataSource() datasource.DataSource { return &dataSource{} }

func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = wording.ResourceType
}

func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = regional.DataOf(req.ProviderData, &resp.Diagnostics)
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up an object store credential by exactly one of `name`, `access_key_id`, and `id`, which must match exactly. Waits until Civo returns the keys of a " +
			"new credential. Returns an error unless exactly one credential matches.",
		Attributes: lookupAttributes(secretDescription + " Terraform prints `(sensitive value)`, but stores the secret in the state in plain text."),
	}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	var wanted lookupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &wanted)...)
	found, ok := wanted.lookUp(ctx, d.data, diagnostics.Operation{Wording: wording, Verb: diagnostics.LookUp}, &resp.Diagnostics)
	if !ok {
		return
	}
	if found.HidesKeys() {
		var err error
		found, err = d.data.Client.Credentials(found.Region).WaitReady(ctx, found)
		if err != nil && !civo.Is(err, civo.KindFailed) {
			resp.Diagnostics.Append(wording.On(diagnostics.LookUp, found.Ref()).Error(err))
			return
		}
	}
	if found.Suspended {
		resp.Diagnostics.AddWarning(suspended(found))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, newLookupModel(d.data, found, wanted.Region))...)
}

// lookupModel is the model that the data source and the ephemeral resource share: the credential that a lookup finds.
type lookupModel struct {
	commonModel

	SecretAccessKey types.String `tfsdk:"secret_access_key"`
}

func newLookupModel(data *regional.Data, c civo.Credential, spelling types.String) lookupModel {
	found := lookupModel{commonModel: newCommonModel(data, c), SecretAccessKey: regional.StringOrNull(c.SecretAccessKey.Reveal())}
	found.Region = regional.KeepSpelling(spelling, c.Region)
	return found
}

// lookUp returns the credential that a configuration describes by exactly one of its attributes. It reports errors with the operation.
func (m lookupModel) lookUp(
	ctx context.Context, data *regional.Data, operation diagnostics.Operation, diags *diag.Diagnostics,
) (found civo.Credential, ok bool) {
	by := civo.By(m.ID.ValueString(), civo.FieldID)
	operation.Attribute = "id"
	switch {
	case !m.Name.IsNull():
		by, operation.Attribute = civo.By(m.Name.ValueString(), civo.FieldName), "name"
	case !m.AccessKeyID.IsNull():
		by, operation.Attribute = civo.By(m.AccessKeyID.ValueString(), civo.FieldAccessKeyID), "access_key_id"
	}
	return regional.LookUp[civo.Credential](ctx, data, m.Region, by, operation, diags)
}

// lookupAttributes returns the attributes of lookupModel.
func lookupAttributes(aboutSecret string) map[string]schema.Attribute {
	// If one of the values is unknown, the validator returns no error.
	exactlyOne := stringvalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("access_key_id"), path.MatchRoot("id"))
	attributes := commonAttributes()
	attributes["name"] = lookupAttribute(nameDescription, lookupName, exactlyOne)
	attributes["access_key_id"] = lookupAttribute(accessKeyIDDescription, lookupAccessKey)
	attributes["id"] = lookupAttribute(idDescription, lookupID)
	attributes["region"] = regional.LookupAttribute(regionDescription)
	attributes["secret_access_key"] = schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: aboutSecret}
	return attributes
}

func lookupAttribute(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: validators,
		MarkdownDescription: description + " Set exactly one of `name`, `access_key_id`, and `id`.",
	}
}

// pluralDataSource is the data source civo_objectstore_credentials.
type pluralDataSource struct{ dataSource }

// NewPluralDataSource returns the data source civo_objectstore_credentials: all credentials of a region, without their secrets.
func NewPluralDataSource() datasource.DataSource { return &pluralDataSource{} }

func (d *pluralDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = wording.ResourceType + "s"
}

func (d *pluralDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = regional.PluralSchema(wording.Noun,
		"Lists all object store credentials in a region, without their secrets, like `civo objectstore credential ls`.",
		"credentials", commonAttributes())
}

func (d *pluralDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	regional.ReadPlural(ctx, d.data, wording, "credentials", newCommonModel, req, resp)
}
