// Diagnostics about object stores.

package objectstore

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
)

// warnings warns about the status of an existing store.
func warnings(s civo.ObjectStore) (diags diag.Diagnostics) {
	if s.Status == civo.StatusFailed {
		diags.AddWarning("Object store failed", fmt.Sprintf("Civo reports the status \"failed\" for %s. "+
			"S3 clients may not be able to access its objects. Contact Civo support before you replace the object store.", wording.Describe(s.Ref())))
	}
	return diags
}

// replacementWarning warns that a planned replacement deletes data.
func replacementWarning(s civo.ObjectStore, forceDestroy bool) diag.Diagnostic {
	effect := "If the current object store contains objects, the apply fails, because force_destroy is false in the state."
	if forceDestroy {
		effect = "The apply deletes all objects in the current object store, because force_destroy is true in the state. Copy the objects that you want to keep before you apply."
	}
	return diag.NewWarningDiagnostic("Replacing an object store deletes its data",
		fmt.Sprintf("The plan deletes %s and creates an empty object store. %s", wording.Describe(s.Ref()), effect))
}

// notEmptyError is the error for a store that must not be deleted with its objects.
func notEmptyError(s civo.ObjectStore, usage civo.ObjectStoreUsage) diag.Diagnostic {
	count := fmt.Sprintf("%d objects", usage.Objects)
	if usage.Objects == 1 {
		count = "1 object"
	}
	return diag.NewErrorDiagnostic("Object store contains objects", fmt.Sprintf(
		"Could not delete or replace %s.\n\nCivo reports that the object store contains %s (%d kB), and force_destroy is false. Nothing was deleted.\n\n"+
			"Delete the objects, then try again. Civo may report deleted objects for some time. To delete the object store with all of its objects, first set "+
			"force_destroy = true and apply. Then destroy or replace the object store. If the object store is tainted, run terraform untaint before the apply. An object store that create_before_destroy already replaced keeps its setting: delete its objects.", wording.Describe(s.Ref()), count, usage.UsedKB))
}

// unknownOwnerError is the error for a planned replacement that deletes objects although the owner may stay the same.
func unknownOwnerError(s civo.ObjectStore) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("access_key_id"), "Owner not known yet", fmt.Sprintf(
		"Could not plan a change of the owner of %s.\n\nThe access key ID is not known before apply, so another credential may become the owner. That replaces the object store and deletes the objects in it.\n\n"+
			"If the access key ID of the owner changes in place, first apply the credential with -target, then plan again: the provider keeps the object store. "+
			"To replace the object store, first delete its objects, or destroy it with -target.", wording.Describe(s.Ref())))
}

// unknownUsageError is the error for a store that may contain objects, because its usage cannot be read.
func unknownUsageError(s civo.ObjectStore, err error) diag.Diagnostic {
	op := wording.On(diagnostics.Delete, s.Ref())
	op.Note = "The provider could not determine whether the object store contains objects, and force_destroy is false. Nothing was deleted. " +
		"To delete the object store without this check, first set force_destroy = true and apply. If the object store is tainted, run terraform untaint before you apply."
	return op.Error(err)
}

// ownerNotChangedError is the error for a store whose owner does not have the wanted access key ID. It depends on which of the IDs exist.
func ownerNotChangedError(actual civo.ObjectStore, wanted string, oldExists, newExists bool) diag.Diagnostic {
	advice := "To keep the object store after a change to the access key ID of the owner, change it back. To use other keys, create another object store and copy the objects."
	switch {
	case !newExists:
		advice = "No credential in the region has the new access key ID. To keep the object store, set access_key_id to the access key ID of the owner."
	case oldExists:
		advice = "To keep the object store, set access_key_id to the access key ID of the owner. To replace the object store and delete its data, plan and apply again."
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("access_key_id"), "Object store has another owner", fmt.Sprintf(
		"Could not change the owner of %s.\n\nCivo reports that the credential with the access key ID %s owns the object store, but access_key_id is %s. "+
			"Civo cannot change the owner of an object store. The object store and its objects are unchanged.\n\n%s",
		wording.Describe(actual.Ref()), civo.Quote(actual.Owner.AccessKeyID), civo.Quote(wanted), advice))
}
