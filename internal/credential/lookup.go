// Lookups, shared by the data source, the ephemeral resource and the action.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// lookupModel is a looked-up credential: the model of the data source and the ephemeral resource.
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
func lookupAttributes() map[string]schema.Attribute {
	// An unknown value counts as set.
	exactlyOne := stringvalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("access_key_id"), path.MatchRoot("id"))
	attributes := commonAttributes()
	attributes["name"] = lookupAttribute(nameDescription, lookupName, exactlyOne)
	attributes["access_key_id"] = lookupAttribute(accessKeyIDDescription, lookupAccessKey)
	attributes["id"] = lookupAttribute(idDescription, lookupID)
	attributes["region"] = regional.LookupAttribute(regionDescription)
	attributes["secret_access_key"] = schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: secretDescription}
	return attributes
}

func lookupAttribute(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: validators,
		MarkdownDescription: description + " Set exactly one of `name`, `access_key_id` and `id`.",
	}
}

// find returns the one credential that the configuration describes, as Civo lists it: its keys may be missing until it is ready.
// The operation describes what the credential is for.
func find(ctx context.Context, client *civo.Client, wanted regional.Model, operation diagnostics.Operation, diags *diag.Diagnostics) (civo.Credential, bool) {
	region := regional.LookupRegion(wanted.Region, client, diags)
	if diags.HasError() {
		return civo.Credential{}, false
	}
	by, attribute := civo.Lookup{ID: wanted.ID.ValueString()}, "id"
	switch {
	case !wanted.Name.IsNull():
		by, attribute = civo.Lookup{Name: wanted.Name.ValueString()}, "name"
	case !wanted.AccessKeyID.IsNull():
		by, attribute = civo.Lookup{AccessKeyID: wanted.AccessKeyID.ValueString()}, "access_key_id"
	}
	found, err := client.FindCurrentCredential(ctx, region, by)
	if err != nil {
		diags.Append(operation.LookUp(by, region, attribute).Error(err))
	}
	return found, err == nil
}
