// Diagnostics about credentials.

package credential

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// warnings warns about the status of an existing credential.
func warnings(c civo.Credential) (diags diag.Diagnostics) {
	if c.Status == civo.StatusFailed {
		diags.AddWarning("Credential failed", fmt.Sprintf("Civo reports the status \"failed\" for %s. The credential may not be able to access "+
			"its object stores. Contact Civo support, or replace the credential with terraform apply -replace.", kind.Describe(c)))
	}
	if c.Suspended {
		diags.AddWarning(suspended(c))
	}
	return diags
}

// suspended returns the summary and the detail of a diagnostic about a suspended credential.
func suspended(c civo.Credential) (summary, detail string) {
	return "Credential suspended", fmt.Sprintf("Civo has suspended %s. A suspended credential cannot access object stores. "+
		"Reactivate the credential in the Civo dashboard, or contact Civo support.", kind.Describe(c))
}
