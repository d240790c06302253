// Looked-up credentials, shared by the data source and the ephemeral resource.

package credential

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
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
