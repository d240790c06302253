// Lookups, shared by the data source, the ephemeral resource and the action.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
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

// exactlyOneLookup is a validator for name that returns an error unless exactly one of the lookup attributes is set. An unknown
// one counts as set.
var exactlyOneLookup = stringvalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("access_key_id"), path.MatchRoot("id"))

// lookup returns the lookup that the attributes describe, and the attribute that it is by.
func (f commonModel) lookup() (civo.Lookup, path.Path) {
	switch {
	case !f.Name.IsNull():
		return civo.Lookup{Name: f.Name.ValueString()}, path.Root("name")
	case !f.AccessKeyID.IsNull():
		return civo.Lookup{AccessKeyID: f.AccessKeyID.ValueString()}, path.Root("access_key_id")
	default:
		return civo.Lookup{ID: f.ID.ValueString()}, path.Root("id")
	}
}

// find returns the one credential that the configuration describes, as Civo lists it: its keys may be missing until it is ready.
// Errors about the lookup are reported on its attribute.
func find(ctx context.Context, client *civo.Client, wanted commonModel, diags *diag.Diagnostics) (civo.Credential, bool) {
	region := regional.LookupRegion(wanted.Region, client, diags)
	if diags.HasError() {
		return civo.Credential{}, false
	}
	by, attribute := wanted.lookup()
	found, err := client.FindCurrentCredential(ctx, region, by)
	if err == nil {
		return found, true
	}
	diags.Append(lookupError(kind.With(diagnostics.LookUp, by.String(), region), err, attribute))
	return civo.Credential{}, false
}

// lookupError returns the diagnostic for a failed lookup, on the lookup's attribute if the error is about the lookup.
func lookupError(operation diagnostics.Operation, err error, attribute path.Path) diag.Diagnostic {
	problem := operation.Error(err)
	if civo.Is(err, civo.KindNotFound) || civo.Is(err, civo.KindAmbiguous) {
		return diag.WithPath(attribute, problem)
	}
	return problem
}
