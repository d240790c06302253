// The data sources civo_objectstore_credential and civo_objectstore_credentials, and the model and attributes of a lookup.

package credential

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

type dataSource struct{ regional.DataSource }

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

// NewDataSource returns the data source civo_objectstore_credential, which looks up one credential.
func NewDataSource() datasource.DataSource {
	return &dataSource{regional.DataSource{TypeName: objectType.ResourceType}}
}

// NewListDataSource returns the data source civo_objectstore_credentials: all credentials of a region, without their secrets.
func NewListDataSource() datasource.DataSource {
	return &regional.PluralDataSource[civo.Credential, commonModel]{
		DataSource:  regional.DataSource{TypeName: objectType.ResourceType + "s"},
		Type:        objectType,
		Description: "Lists all object store credentials in a region, without their secrets, like `civo objectstore credential ls`.",
		Attribute:   "credentials",
		Attributes:  commonAttributes(),
		Convert:     newCommonModel,
	}
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up an object store credential by exactly one of `name`, `access_key_id` and `id`, which must match exactly. Waits until Civo returns the keys of a " +
			"new credential. Returns an error unless exactly one credential matches.",
		Attributes: lookupAttributes(secretDescription + " Terraform prints `(sensitive value)`, but stores the secret in the state in plain text."),
	}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	var wanted lookupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &wanted)...)
	operation := diagnostics.Operation{Wording: objectType.Wording, Verb: diagnostics.LookUp}
	found, ok := objectType.LookUpOne(ctx, d.Client, wanted.Model, operation, &resp.Diagnostics)
	if !ok {
		return
	}
	if found.HidesKeys() {
		ready, err := d.Client.Credentials(found.Region).WaitReady(ctx, found)
		if err != nil && !civo.Is(err, civo.KindFailed) {
			resp.Diagnostics.Append(objectType.On(diagnostics.LookUp, found).Error(err))
			return
		}
		found = ready
	}
	if found.Suspended {
		resp.Diagnostics.AddWarning(suspended(found))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, newLookupModel(d.Client, found, wanted.Region))...)
}

// lookupModel is the model that the data source and the ephemeral resource share: the credential that a lookup finds.
type lookupModel struct {
	commonModel

	SecretAccessKey types.String `tfsdk:"secret_access_key"`
}

func newLookupModel(client *civo.Client, c civo.Credential, spelling types.String) lookupModel {
	found := lookupModel{commonModel: newCommonModel(client, c), SecretAccessKey: regional.StringOrNull(c.SecretAccessKey.Reveal())}
	found.Region = regional.KeepSpelling(spelling, c.Region)
	return found
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
		MarkdownDescription: description + " Set exactly one of `name`, `access_key_id` and `id`.",
	}
}
