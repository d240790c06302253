// Diagnostics about credentials.

package credential

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// kind describes credentials in diagnostics.
var kind = diagnostics.Kind{
	Noun: "credential", ResourceType: "civo_objectstore_credential",
	ImportKeys: "ID, name or access key ID", LookupKeys: "name, access key ID or ID", Recognized: "access key ID",
}

// operationOn returns the operation on a credential.
func operationOn(verb diagnostics.Verb, c civo.Credential) diagnostics.Operation {
	return kind.On(verb, c.Name, c.ID, c.Region)
}

// failedWarning warns about a credential whose status became "failed" after it had been created.
func failedWarning(c civo.Credential) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Credential failed", fmt.Sprintf("Civo reports the status \"failed\" for %s. "+
		"The credential may not be able to access its object stores. Contact Civo support, or replace the credential with terraform apply -replace.", describe(c)))
}

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
	return fmt.Sprintf("Civo has suspended %s. A suspended credential cannot access object stores. "+
		"Reactivate the credential in the Civo dashboard, or contact Civo support.", describe(c))
}

func describe(c civo.Credential) string {
	return fmt.Sprintf("the credential %s (ID %s)%s", diagnostics.Quote(c.Name), diagnostics.Quote(c.ID), diagnostics.InRegion(c.Region))
}
