// The data source civo_objectstore_credential.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// dataSource is civo_objectstore_credential as a data source: the lookup of one credential.
type dataSource struct{ regional.DataSource }

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

// NewDataSource returns the data source civo_objectstore_credential.
func NewDataSource() datasource.DataSource {
	return &dataSource{regional.DataSource{Suffix: typeSuffix}}
}

// Schema implements datasource.DataSource.
func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := commonAttributes()
	attributes["name"] = lookupAttribute(nameDescription, lookupName, exactlyOneLookup)
	attributes["access_key_id"] = lookupAttribute(accessKeyIDDescription, lookupAccessKey)
	attributes["id"] = lookupAttribute(idDescription, lookupID)
	attributes["region"] = regional.LookupAttribute(regionDescription)
	attributes["secret_access_key"] = schema.StringAttribute{
		Computed: true, Sensitive: true,
		MarkdownDescription: secretDescription + " Terraform prints `(sensitive value)`, but stores the secret in the state in plain text.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up an object store credential by exactly one of `name`, `access_key_id` and `id`, which must match exactly. Waits until Civo returns the keys of a " +
			"new credential. Returns an error unless exactly one credential matches.",
		Attributes: attributes,
	}
}

func lookupAttribute(about string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: validators,
		MarkdownDescription: about + " " + lookupDescription,
	}
}

// Read implements datasource.DataSource.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := context.WithTimeout(ctx, regional.ReadTimeout)
	defer cancel()
	var wanted lookupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &wanted)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, ok := find(ctx, d.Client, wanted.commonModel, &resp.Diagnostics)
	if !ok {
		return
	}
	if found.HidesKeys() {
		ready, err := d.Client.WaitReady(ctx, found)
		if err != nil && !civo.Is(err, civo.KindFailed) {
			resp.Diagnostics.Append(operationOn(diagnostics.LookUp, found).Error(err))
			return
		}
		found = ready
	}
	resp.Diagnostics.Append(suspendedWarning(found)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, newLookupModel(d.Client, found, wanted.Region))...)
}
