// Diagnostics about object stores.

package objectstore

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// warnings warns about the status of an existing store.
func warnings(s civo.ObjectStore) (diags diag.Diagnostics) {
	if s.Status == civo.StatusFailed {
		diags.AddWarning("Object store failed", fmt.Sprintf("Civo reports the status \"failed\" for %s. "+
			"S3 clients may not be able to access its objects. Contact Civo support before you replace the object store.", wording.Describe(s.Ref())))
	}
	return diags
}

// destroyWarnings warns if a planned destroy would delete objects, or fails because of them. The usage is nil if it is not known.
func destroyWarnings(prior resourceModel, usage *civo.ObjectStoreUsage) (diags diag.Diagnostics) {
	if usage == nil || isEmpty(*usage) {
		return nil
	}
	effect := "The apply fails and does not delete the object store, because force_destroy is false in the state. To keep the object store and its objects, " +
		"run terraform state rm with its address, and remove its resource block from the configuration. To delete the object store without force_destroy, first delete the objects. " +
		"To delete the object store with all of its objects, first set force_destroy = true and run terraform apply without -destroy."
	if prior.ForceDestroy.ValueBool() {
		effect = "The apply also deletes all of its objects, because force_destroy is true in the state. Copy the objects that you want to keep before you apply."
	}
	diags.AddWarning(notEmpty, fmt.Sprintf("The plan deletes %s. Civo reports that it contains %s. %s", wording.Describe(prior.store().Ref()), count(*usage), effect))
	return diags
}

// replacementWarning warns that a planned replacement deletes data, and explains why Terraform plans it if a value is not known yet. The
// usage is nil if it is not known.
func replacementWarning(plan, prior resourceModel, usage *civo.ObjectStoreUsage) diag.Diagnostic {
	text := fmt.Sprintf("The plan deletes %s and creates an empty object store. %s",
		wording.Describe(prior.store().Ref()), replacementEffect(prior.ForceDestroy.ValueBool(), usage))
	if why := regional.UnknownReplacement(plan.Model, prior.Model); why != "" {
		text += "\n\n" + why
	}
	if plan.AccessKeyID.IsUnknown() {
		text += "\n\naccess_key_id is not known before apply. Another credential may become the owner, so Terraform plans a replacement. " +
			"If the plan updates the current owner in place, first apply the owner with -target, then plan again. The provider then keeps the object store. " +
			"If the plan creates or replaces the credential, the owner changes, so Terraform must replace the object store."
	}
	return diag.NewWarningDiagnostic("Replacing an object store deletes its data", text)
}

// replacementEffect describes what a replacement does to the objects in the current object store.
func replacementEffect(forceDestroy bool, usage *civo.ObjectStoreUsage) string {
	contents, subject := "", "If the current object store contains objects, the apply"
	if usage != nil {
		contents = fmt.Sprintf("Civo reports that the current object store contains %s. ", count(*usage))
		subject = "The apply"
	}
	switch {
	case usage != nil && isEmpty(*usage):
		return "Civo reports that the current object store is empty."
	case forceDestroy:
		return contents + "The apply deletes all objects in the current object store, because force_destroy is true in the state. " +
			"Copy the objects that you want to keep before you apply. Terraform can delete the object store before it creates a new credential and the new object store, " +
			"even if the credential has create_before_destroy. If Terraform then fails to create either of them, the objects are already deleted."
	}
	return contents + subject + " fails and does not delete the object store, because force_destroy is false in the state. " +
		"If the object store has create_before_destroy, the apply first creates the new object store. The current one then remains in the state as a deposed object."
}

// notEmpty is the summary of the diagnostics about a store that contains objects.
const notEmpty = "Object store contains objects"

// count returns the usage of a store, such as "3 objects (1200 kB)".
func count(usage civo.ObjectStoreUsage) string {
	noun := "objects"
	if usage.Objects == 1 {
		noun = "object"
	}
	return fmt.Sprintf("%d %s (%d kB)", usage.Objects, noun, usage.UsedKB)
}

// notEmptyError is the error for a store that must not be deleted with its objects.
func notEmptyError(s civo.ObjectStore, usage civo.ObjectStoreUsage, endpoint string) error {
	bucket := shellWord(s.Name) + " --endpoint-url " + endpoint
	return diagnostics.Error{Diagnostic: diag.NewErrorDiagnostic(notEmpty, fmt.Sprintf(
		"Could not delete %s.\n\nCivo reports that the object store contains %s, and force_destroy is false in the state. Nothing was deleted.\n\n"+
			"%[5]s\n\nTo delete the object store, delete the objects, then try again. Civo may continue to count deleted objects for some time. Each part of an unfinished upload counts as an object, but does not appear in lists of objects. "+
			"To list and abort unfinished uploads, run these commands with the keys of the credential that owns the object store:\n\n  aws s3api list-multipart-uploads --bucket %[3]s\n  aws s3api abort-multipart-upload --bucket %[3]s --key KEY --upload-id ID\n\n"+
			"If the bucket has versioning, old versions and delete markers also count. To list and delete them, run these commands:\n\n  aws s3api list-object-versions --bucket %[3]s\n  aws s3api delete-object --bucket %[3]s --key KEY --version-id ID\n\n%[4]s",
		wording.Describe(s.Ref()), count(usage), bucket, forceAdvice(s), wording.KeepAdvice("the object store and its objects")))}
}

// forceAdvice describes how to delete a store with its objects.
func forceAdvice(s civo.ObjectStore) string {
	keepOwner := ""
	if s.Owner.AccessKeyID != "" {
		keepOwner = fmt.Sprintf(" If the plan replaces the object store because of its credential, set access_key_id = %s, and apply only the object store with -target.",
			civo.Quote(s.Owner.AccessKeyID))
	}
	return "To delete the object store with all of its objects, set force_destroy = true and apply. Then destroy or replace the object store. " +
		"The apply that sets force_destroy must not replace the object store. If a change in the configuration replaces the object store, first revert that change. If the object store is tainted, first run terraform untaint." +
		keepOwner + fmt.Sprintf("\n\nYou can also delete the object store and all of its objects outside of Terraform, even if the object store is deposed. Run this command, then try again:\n\n%s", diagnostics.DeleteStoreCommand(s.Ref()))
}

// shellWord quotes a name for a POSIX shell if a shell could read it as more than a name.
func shellWord(name string) string {
	if invalidName(name) == "" {
		return name
	}
	return civo.ShellQuote(civo.Printable(name))
}

// unknownUsageError is the error for a store that may contain objects, because its usage cannot be read.
func unknownUsageError(s civo.ObjectStore, err error) error {
	op := wording.On(diagnostics.Delete, s.Ref())
	op.Note = "The provider could not determine whether the object store contains objects, and force_destroy is false in the state. Nothing was deleted.\n\n" + forceAdvice(s)
	return diagnostics.Error{Diagnostic: op.Error(err)}
}

// ownerNotChangedError is the error for a store whose owner does not have the wanted access key ID. It depends on which of the IDs exist.
func ownerNotChangedError(actual civo.ObjectStore, wanted string, oldExists, newExists bool) error {
	advice := "If the access key ID of the owner changed in place, change it back to keep the object store. " +
		"To replace the object store and delete its objects, run terraform apply with -replace."
	owner := "the credential with the access key ID " + civo.Quote(actual.Owner.AccessKeyID)
	if actual.Owner.AccessKeyID == "" {
		owner = "no credential"
	}
	switch {
	case !newExists:
		advice = "No credential in the region has the new access key ID. To keep the object store, set access_key_id to the access key ID of the owner."
	case oldExists:
		advice = "To keep the object store, set access_key_id to the access key ID of the owner. To replace the object store and delete its objects, plan and apply again."
	}
	if newExists {
		advice += " If the object store contains objects, the replacement fails unless force_destroy is true in the state. " +
			"To set force_destroy first, change access_key_id back to the value in the state, set force_destroy = true, and apply."
	}
	return diagnostics.Error{Diagnostic: diag.NewAttributeErrorDiagnostic(path.Root("access_key_id"), "Object store has another owner", fmt.Sprintf(
		"Could not change the owner of %s.\n\nCivo reports that %s owns the object store, but access_key_id is %s. "+
			"Civo cannot change the owner of an object store. The object store and its objects are unchanged.\n\n%s",
		wording.Describe(actual.Ref()), owner, civo.Quote(wanted), advice))}
}
