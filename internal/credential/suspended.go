// Suspended credentials.

package credential

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

const suspendedSummary = "Credential suspended"

// suspendedWarning returns a warning if Civo has suspended the credential, and nothing otherwise.
func suspendedWarning(c civo.Credential) diag.Diagnostics {
	if !c.Suspended {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(suspendedSummary, suspendedDetail(c))}
}

// suspendedError returns an error for the ephemeral resource, whose dependents need a credential that can access object stores.
func suspendedError(c civo.Credential) diag.Diagnostic {
	return diag.NewErrorDiagnostic(suspendedSummary, suspendedDetail(c))
}

func suspendedDetail(c civo.Credential) string {
	return fmt.Sprintf("Civo has suspended the credential %s (ID %s)%s. A suspended credential cannot access object stores. "+
		"Reactivate the credential in the Civo dashboard, or contact Civo support.", quote(c.Name), quote(c.ID), inRegion(c.Region))
}
