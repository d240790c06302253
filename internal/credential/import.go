// Import by ID, name, access key ID or identity.

package credential

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// ImportState implements resource.ResourceWithImportState.
func (r *credentialResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.Import(ctx, kind, req, resp, func(ctx context.Context, target regional.ImportTarget) (id, name, region string, err error) {
		found, err := r.findImported(ctx, target.Region, civo.Lookup{ID: target.ID, Any: target.Any})
		return found.ID, found.Name, found.Region, err
	})
}

// findImported finds a credential in a region. If another region contains it, the error says which one.
func (r *credentialResource) findImported(ctx context.Context, region string, lookup civo.Lookup) (civo.Credential, error) {
	found, err := r.Client.FindCredential(ctx, region, lookup)
	if !civo.Is(err, civo.KindNotFound) {
		return found, err
	}
	found, err = r.Client.FindCredentialInAnyRegion(ctx, region, lookup)
	if err != nil {
		return found, err
	}
	return found, otherRegion(found, fmt.Sprintf("no credential in %s has the %s, but one in %s does", region, lookup, found.Region))
}

// otherRegion returns the error for a credential that is in another region than expected.
func otherRegion(found civo.Credential, reason string) error {
	found.SecretAccessKey = civo.Secret{}
	return &civo.Error{Kind: civo.KindOtherRegion, Credentials: []civo.Credential{found}, Reason: reason}
}
