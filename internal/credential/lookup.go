// Lookups, shared by the data source and the ephemeral resource.

package credential

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// lookupModel is a looked-up credential: the model of the data source and the ephemeral resource.
type lookupModel struct {
	commonModel

	SecretAccessKey types.String `tfsdk:"secret_access_key"`
}

func newLookupModel(c civo.Credential, spelling types.String) lookupModel {
	found := lookupModel{commonModel: newCommonModel(c), SecretAccessKey: stringOrNull(c.SecretAccessKey.Reveal())}
	if civo.SameRegion(spelling.ValueString(), c.Region) {
		found.Region = spelling
	}
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

// regionOr returns the region of the configuration and falls back to the provider's. It is an error if neither is set, unless the
// provider's is not known yet; then the client reports the error.
func regionOr(region types.String, client *civo.Client, diags *diag.Diagnostics) string {
	if !region.IsNull() {
		return region.ValueString()
	}
	if client.Region() == "" && !client.RegionPending() {
		diags.Append(noRegion())
	}
	return client.Region()
}

// maxRegion is the length from which a region without a hyphen is not shown.
const maxRegion = 32

// inRegion returns the region as the end of a phrase; empty if it is not known.
func inRegion(region string) string {
	if region == "" || len(region) > maxRegion && !strings.Contains(region, "-") {
		return "" // a word of this length may be a token in the wrong place
	}
	return " in " + region
}

// find returns the one credential that the configuration describes, as Civo lists it: its keys may be missing until it is ready.
// Errors about the lookup are reported on its attribute.
func find(ctx context.Context, client *civo.Client, wanted commonModel, diags *diag.Diagnostics) (civo.Credential, bool) {
	region := regionOr(wanted.Region, client, diags)
	if diags.HasError() {
		return civo.Credential{}, false
	}
	by, attribute := wanted.lookup()
	found, err := client.FindCurrentCredential(ctx, region, by)
	if err == nil {
		return found, true
	}
	problem := operation{toLookUp, fmt.Sprintf("the credential with the %s%s", by, inRegion(region))}.errorDiagnostic(err)
	if civo.IsNotFound(err) || civo.IsAmbiguous(err) {
		problem = diag.WithPath(attribute, problem)
	}
	diags.Append(problem)
	return civo.Credential{}, false
}
