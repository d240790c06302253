// Diagnostics about object stores.

package objectstore

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// kind describes object stores in diagnostics.
var kind = diagnostics.Kind{
	Noun: "object store", ResourceType: "civo_objectstore",
	ImportKeys: "ID or name", LookupKeys: "name or ID", Recognized: "name and owner",
	NameTaken: "The name belongs to an object store of another Civo customer, because names are unique across all customers in a region. Choose another name, " +
		"for example with your company's name as a prefix.",
}

// operationOn returns the operation on a store.
func operationOn(verb diagnostics.Verb, s civo.ObjectStore) diagnostics.Operation {
	return kind.On(verb, s.Name, s.ID, s.Region)
}

func describe(s civo.ObjectStore) string {
	return fmt.Sprintf("the object store %s (ID %s)%s", diagnostics.Quote(s.Name), diagnostics.Quote(s.ID), diagnostics.InRegion(s.Region))
}

// failedWarning warns about a store whose status became "failed" after it had been created.
func failedWarning(s civo.ObjectStore) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Object store failed", fmt.Sprintf("Civo reports the status \"failed\" for %s. "+
		"Its objects may not be accessible. Contact Civo support before you replace the object store.", describe(s)))
}

// replacementWarning warns that a planned replacement deletes data.
func replacementWarning(s civo.ObjectStore, forceDestroy bool) diag.Diagnostic {
	effect := "The apply fails if the object store contains objects, because force_destroy is false in the state."
	if forceDestroy {
		effect = "The apply deletes all objects in it, because force_destroy is true in the state. Copy the objects that you want to keep first."
	}
	return diag.NewWarningDiagnostic("Replacing an object store deletes its data",
		fmt.Sprintf("The plan deletes %s and creates an empty object store instead. %s", describe(s), effect))
}

// notEmptyError is the error for a store that must not be deleted with its objects.
func notEmptyError(s civo.ObjectStore, usage civo.ObjectStoreUsage) diag.Diagnostic {
	count := fmt.Sprintf("%d objects", usage.Objects)
	if usage.Objects == 1 {
		count = "1 object"
	}
	return diag.NewErrorDiagnostic("Object store contains objects", fmt.Sprintf(
		"Could not delete %s.\n\nCivo reports that it contains %s (%d kB), and force_destroy is false. Nothing was deleted.\n\n"+
			"Delete the objects, then apply again. Civo's report can lag behind by some time. To delete the object store with all of its objects, set force_destroy = true "+
			"and apply, before you destroy or replace the object store.", describe(s), count, usage.UsedKB))
}

// unknownUsageError is the error for a store that may contain objects.
func unknownUsageError(s civo.ObjectStore, err error) diag.Diagnostic {
	op := operationOn(diagnostics.Delete, s)
	op.Note = "The provider could not determine whether the object store contains objects, and force_destroy is false. Nothing was deleted. " +
		"To delete the object store without this check, set force_destroy = true and apply first. If the object store is tainted, run terraform untaint before that."
	return op.Error(err)
}

// ownerNotChangedError is the error for a store that did not follow a change of the access key ID of its owner. It depends on which of
// the two access key IDs belong to credentials.
func ownerNotChangedError(actual civo.ObjectStore, wanted string, oldExists, newExists bool) diag.Diagnostic {
	advice := "If you changed the access key ID of the owner, change it back to keep the object store. To use other keys, create another object store and copy the objects."
	switch {
	case !newExists:
		advice = "No credential in the region has the new access key ID. Set access_key_id to the access key ID of the owner to keep the object store."
	case oldExists:
		advice = "To keep the object store, set access_key_id to the access key ID of the owner. To replace it, plan again. The replacement deletes its data."
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("access_key_id"), "Object store has another owner", fmt.Sprintf(
		"Could not change the owner of %s.\n\nCivo reports that the credential with the access key ID %s owns the object store, not the one with %s. "+
			"Civo cannot change the owner of an object store. The object store and its objects are unchanged.\n\n%s",
		describe(actual), diagnostics.Quote(actual.Owner.AccessKeyID), diagnostics.Quote(wanted), advice))
}
