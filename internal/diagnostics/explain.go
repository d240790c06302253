// The parts of a diagnostic: the summary, advice on what to do next, and the records that the error is about.

package diagnostics

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

const tryAgain = "Check the network connection, api_endpoint, and Civo's status page, then try again."

// explain returns a summary of an error, and advice on what to do next.
func (o Operation) explain(err error) (summary, advice string) {
	noun, title, e := o.Wording.Noun, o.Wording.title(), clientError(err)
	if _, ok := errors.AsType[UnknownArgumentError](err); ok {
		return "Provider not configured yet", "Set the argument to a value that is known during plan. " +
			"Alternatively, first use -target to apply the resource that provides the value, then apply again."
	}
	if civo.IsTimeout(err) || civo.IsInterrupted(err) {
		return o.explainEnd(err)
	}
	switch e.Kind {
	case civo.KindUnknownRegion, civo.KindNoObjectStorage:
		return o.explainRegion(e)
	case civo.KindNameTaken, civo.KindInUse:
		return o.explainConflict(e)
	case civo.KindQuota:
		return "Quota exceeded", quotaAdvice(e.Quota)
	case civo.KindFailed:
		if o.Verb == Create {
			return "Civo could not create the " + noun,
				fmt.Sprintf("Apply again to replace the %s. If it fails again, contact Civo support and include the ID.", noun)
		}
		return title + " failed", fmt.Sprintf("Replace the %s with terraform apply -replace, or contact Civo support and include the ID.", noun)
	case civo.KindOtherName:
		return "Civo changed the name of the " + noun, fmt.Sprintf("Set name = %[1]q, then apply again to replace the %[2]s. To keep the %[2]s instead, run terraform untaint before you apply.",
			civo.Printable(e.About.Name), noun)
	case civo.KindNotFound, civo.KindOtherRegion, civo.KindAmbiguous:
		return o.explainLookup(e)
	case civo.KindUnavailable:
		if e.Connection != civo.ConnectionUnknown {
			return "Could not connect to Civo", connections[e.Connection]
		}
		return "Civo is unavailable", tryAgain
	default:
		if known, ok := explanations[e.Kind]; ok {
			return known.summary, known.advice
		}
		return "Civo rejected the request", "Fix the problem that Civo reports above, then try again."
	}
}

// explainEnd returns the summary and the advice for an operation that timed out, or was interrupted. A deletion can time out
// while it waits for stores.
func (o Operation) explainEnd(err error) (summary, advice string) {
	e := clientError(err)
	switch {
	case e.Kind == civo.KindRateLimited:
		return explanations[e.Kind].summary, explanations[e.Kind].advice
	case civo.IsInterrupted(err):
		return "Interrupted", o.Verb.resume
	case e.Kind == civo.KindBusy:
		return "Another operation is in progress", "The provider retried until the timeout, but another operation in the account was still in progress. " + o.retryLater()
	}
	return "Timed out", o.moreTime(e)
}

// explanations contains the summaries and the advice that depend on neither the operation nor the type of record.
var explanations = map[civo.Kind]struct{ summary, advice string }{
	civo.KindUnauthorized: {
		"Civo rejected the token",
		"Check that the token is a valid API key of the account that the configuration manages, and that the key was created for this API endpoint.",
	},
	civo.KindForbidden: {
		"Civo denied the request",
		"The API key does not permit this request. Check the permissions of the user who created the API key. If the user has the required permissions, " +
			"ask Civo support whether the account can use this feature, and include this message.",
	},
	civo.KindServerError: {
		"Civo could not carry out the request", "Try again in a few minutes. If the error persists, check Civo's status page, or contact Civo support and include this message.",
	},
	civo.KindRateLimited: {
		"Rate limit exceeded",
		"The account sends more requests than Civo accepts. Wait a few minutes, then try again. To reduce the number of requests, use -parallelism=2 " +
			"and do not run other tools on the same account at the same time.",
	},
	civo.KindAccessKeyTaken: {
		"Access key ID already taken", "Set access_key_id to another value, or remove the argument to generate an access key ID.",
	},
	civo.KindNoOwner: {
		"Owner not found",
		"No credential in the region has this access key ID. Set access_key_id to the access_key_id of a civo_objectstore_credential in the same region, or remove the argument.",
	},
	civo.KindNoRegion: {
		"Missing region", "Set region in the provider block, for example region = \"LON1\", or set the environment variable CIVO_REGION.",
	},
	civo.KindUnexpected: {
		"Unexpected response from Civo",
		"Check that api_endpoint is the URL of Civo's API and that no proxy responds in its place, then try again.",
	},
}

// explainLookup returns the summary and the advice for a record that was not found, matched more than once, or is in another region.
func (o Operation) explainLookup(e *civo.Error) (summary, advice string) {
	noun, title := o.Wording.Noun, o.Wording.title()
	choose := func(lookup, importing string) string {
		if o.Verb == Import {
			return importing
		}
		return lookup
	}
	switch {
	case e.Kind == civo.KindNotFound && (o.Verb == Create || o.Verb == Update):
		return title + " no longer exists", fmt.Sprintf("The %s was deleted outside of Terraform. Plan and apply again to create a new %s.", noun, noun)
	case e.Kind == civo.KindNotFound:
		return title + " not found", choose(
			fmt.Sprintf("Use the complete %s of the %s. If it is in another region, set region.", o.Wording.LookupKeys, noun)+o.sameRunAdvice(),
			fmt.Sprintf("No other region of your account contains this %[1]s. Import the %[1]s by its complete %[2]s.", noun, o.Wording.ImportKeys))
	case e.Kind == civo.KindAmbiguous:
		return "More than one " + noun + " matches", choose("Look up", "Import") + " the " + noun + " by its ID."
	case e.About == nil:
		return "Some regions could not be searched",
			choose("Try again later.", fmt.Sprintf("Try again later, or import the %s with its region, as in REGION/%s.", noun, o.value))
	}
	return title + " is in another region", choose(
		fmt.Sprintf("To keep the %s, set region = %q. To replace the %s, plan and apply again with refresh enabled.", noun, e.About.Region, noun),
		fmt.Sprintf("Import the %s with its region:\n\n  %s", noun, importID(*e.About)))
}

// sameRunAdvice returns advice for a lookup of a record that the same run creates. Terraform looks it up too early, unless it refers to
// the resource.
func (o Operation) sameRunAdvice() string {
	if o.Verb != LookUp || o.Attribute == "id" {
		return ""
	}
	return fmt.Sprintf(" If the same configuration creates the %s, use the ID of the resource instead of %s. Replace NAME with the name of the resource:\n\n  id = %s.NAME.id",
		o.Wording.Noun, o.Attribute, o.Wording.ResourceType)
}

// explainRegion returns the summary and the advice for a region that cannot be used. Civo also reports an unavailable region as unknown,
// so a region that worked before may work again.
func (o Operation) explainRegion(e *civo.Error) (summary, advice string) {
	summary, advice = "Region without object storage", "Use a region with object storage."
	listed := "Regions with object storage in your account"
	if !o.Wording.InObjectStorage {
		advice, listed = "Use another region.", "Regions of your account"
	}
	if e.Kind == civo.KindUnknownRegion {
		summary = "Unknown region"
		if o.Verb == Read || o.Verb == Update || o.Verb == Delete {
			advice = "The region may be temporarily unavailable. Try again later."
		}
	}
	var codes []string
	for _, region := range e.Regions {
		if !o.Wording.InObjectStorage || region.HasObjectStorage() {
			codes = append(codes, region.Code)
		}
	}
	if len(codes) == 0 {
		return summary, advice + " `civo region ls` lists the regions of your account."
	}
	return summary, advice + " " + listed + ": " + strings.Join(codes[:min(len(codes), mostNames)], ", ") + "."
}

// retryLater returns advice for an operation that another one prevented until the timeout.
func (o Operation) retryLater() string {
	if o.Verb.timeout == "" {
		return "Try again in a few minutes."
	}
	return strings.TrimSpace(o.Verb.resume + " To wait longer, increase " + o.Verb.timeout + " in the timeouts block.")
}

// quotaAdvice returns advice on a quota, which is nil if it could not be read.
func quotaAdvice(quota *civo.Quota) string {
	advice := "Request a higher quota at https://dashboard.civo.com/quota. Alternatively, reduce max_size_gb for one or more object stores, or delete object stores that you " +
		"no longer need. After a deletion, wait a few minutes until Civo updates the quota usage, then apply again."
	if quota == nil {
		return advice
	}
	return fmt.Sprintf("The account's quota for object storage is %d GB. The maximum sizes of its object stores add up to %d GB.\n\n%s", quota.LimitGB, quota.UsedGB, advice)
}

// moreTime returns advice for an operation that exceeded its timeout.
func (o Operation) moreTime(e *civo.Error) string {
	raise := "If Civo needs more time, increase " + o.Verb.timeout + " in the timeouts block."
	switch {
	case o.Verb == Create && e.About != nil:
		return fmt.Sprintf("The next apply replaces the %[1]s. To keep the %[1]s, run terraform untaint with the resource address before the next apply. %[2]s", o.Wording.Noun, raise)
	case o.Verb == LookUp && e.About != nil:
		return fmt.Sprintf("Civo has not finished creating the %s. Try again in a few minutes.", o.Wording.Noun)
	case o.Verb.timeout == "":
		return tryAgain
	case o.Verb == Open:
		return "Try again. " + raise
	}
	return strings.TrimSpace(o.Verb.resume + " " + raise)
}

// explainConflict returns the summary and the advice for an operation that existing records prevent.
func (o Operation) explainConflict(e *civo.Error) (summary, advice string) {
	if e.Kind == civo.KindInUse {
		return o.Wording.title() + " still owns object stores", o.Wording.inUseAdvice(e.Owned)
	}
	return o.Wording.title() + " name already taken", o.nameTakenAdvice(e)
}

func (o Operation) nameTakenAdvice(e *civo.Error) string {
	noun := o.Wording.Noun
	switch {
	case e.Conflict == nil:
		own := fmt.Sprintf("If you just deleted your own %s with this name, or if its creation failed, wait a few minutes, then apply again. Otherwise, choose another name.", noun)
		return strings.TrimSpace(o.Wording.NameTaken + " " + own)
	case e.Conflict.IsBeingDeleted():
		return fmt.Sprintf("The %s with this name is being deleted. Apply again when it no longer exists, or choose another name.", noun)
	}
	return fmt.Sprintf("If you renamed the resource in the configuration, add a moved block. If Terraform replaces the %[1]s with create_before_destroy, the old %[1]s still has the name. "+
		"In this case, change the name or remove create_before_destroy.\n\n"+
		"To manage the existing %[1]s with this resource, for example after an interrupted run, import the %[1]s. %[2]s\n\n  terraform import '%[3]s' %[4]s\n\n"+
		"In Terraform 1.5 and later, you can use an import block instead:\n\n  import {\n    to = %[3]s\n    id = %[4]q\n  }\n\nOtherwise, choose another name.",
		noun, o.Wording.replacePlaceholder(), o.Wording.placeholder(), importID(*e.Conflict))
}

// placeholder stands for the address of a resource, which Terraform does not tell the provider.
func (w Wording) placeholder() string { return w.ResourceType + ".NAME" }

// replacePlaceholder describes the address. The quotes around it in commands are for the keys of for_each.
func (w Wording) replacePlaceholder() string {
	return fmt.Sprintf("Replace %[1]s with the address of the resource in the plan, including the key if the resource uses for_each, as in %[1]s[\"KEY\"]:", w.placeholder())
}

// KeepAdvice describes how to keep a record that Terraform is about to delete.
func (w Wording) KeepAdvice(what string) string {
	return fmt.Sprintf("To keep %[1]s, revert the change if the plan replaces the %[2]s. Otherwise, remove the %[2]s from the state, and remove its resource block from the configuration. %[3]s\n\n"+
		"  terraform state rm '%[4]s'\n\nIn Terraform 1.7 and later, you can use a removed block with destroy = false instead.",
		what, w.Noun, w.replacePlaceholder(), w.placeholder())
}

// inUseAdvice describes what to do about the stores that a credential owns: first how to keep their data.
func (w Wording) inUseAdvice(owned []civo.Ref) string {
	var commands []string
	for _, store := range owned {
		commands = append(commands, DeleteStoreCommand(store))
	}
	return "Civo does not delete a credential that owns object stores. " + w.KeepAdvice("the object stores and their objects") +
		"\n\nIf Terraform manages the object stores, set their access_key_id to the access_key_id of this resource. Terraform then deletes the stores before the credential. " +
		"If the plan replaces the credential but not the stores, also replace the stores with -replace." +
		"\n\nOtherwise, to delete the object stores with all of their objects, run these commands, and then repeat the command that failed:\n\n" +
		join(commands, "\n", "\n  # ")
}

// DeleteStoreCommand returns the command line that deletes a store with all of its objects.
func DeleteStoreCommand(store civo.Ref) string {
	return fmt.Sprintf("  civo objectstore delete %s --region %s", civo.Printable(store.ID), civo.Printable(store.Region))
}

// NotAdopted returns the warning for a resource whose state does not identify the record that has its name. Terraform keeps the resource in
// the state, or deletes it.
func (w Wording) NotAdopted(err error, keeps bool) diag.Diagnostic {
	found, command := *clientError(err).Conflict, "  terraform import '"+w.placeholder()+"' "+importID(*clientError(err).Conflict)
	effect := "The resource is no longer in the state."
	if keeps {
		effect, command = "A destroy or a replacement removes the resource from the state, but does not delete this "+w.Noun+".", "  terraform state rm '"+w.placeholder()+"'\n"+command
	}
	return diag.NewWarningDiagnostic(w.title()+" not adopted", fmt.Sprintf(
		"An earlier apply may have created the %[1]s %[2]s%[3]s, but did not receive its ID. This %[1]s now has the name:\n\n%[4]s\n\n"+
			"The name alone does not show who created the %[1]s, so the provider does not change it. %[5]s\n\n"+
			"If the earlier apply created the %[1]s, delete it outside of Terraform, or import it. %[6]s\n\n%[7]s",
		w.Noun, civo.Quote(found.Name), InRegion(found.Region), listItem(found), effect, w.replacePlaceholder(), command))
}

// importID returns a record's import ID. The client accepts only IDs that are safe in a command line.
func importID(r civo.Ref) string { return civo.Printable(r.Region + "/" + r.ID) }

// clientError returns the error of the client in an error; an empty one if there is none.
func clientError(err error) *civo.Error {
	if e, ok := errors.AsType[*civo.Error](err); ok {
		return e
	}
	return &civo.Error{}
}

// listItem returns a record as an item of a list.
func listItem(o civo.Ref) string {
	if o.Extra == "" {
		return fmt.Sprintf("  - %s %s (ID %s)", o.Noun, civo.Quote(o.Name), civo.Quote(o.ID))
	}
	return fmt.Sprintf("  - %s (ID %s, %s)", civo.Quote(o.Name), civo.Quote(o.ID), o.Extra)
}

// mostNames is the maximum number of names that an error lists.
const mostNames = 25

// relatedRecords lists the credentials or stores that an error contains.
func (o Operation) relatedRecords(err error) string {
	e := clientError(err)
	if len(e.Existing) > 0 {
		names := make([]string, len(e.Existing))
		for i, existing := range e.Existing {
			names[i] = civo.Quote(existing.Name)
		}
		slices.Sort(names)
		return "Existing " + o.Wording.Noun + "s: " + join(names, ", ", " ") + "."
	}
	var lines []string
	for _, related := range slices.Concat(e.Candidates, e.Owned) {
		lines = append(lines, listItem(related))
	}
	if e.Conflict != nil {
		lines = append(lines, listItem(*e.Conflict))
	}
	if e.About != nil && e.Kind != civo.KindUnavailable { // otherwise, it is the subject of the operation
		lines = append(lines, listItem(*e.About))
	}
	return join(lines, "\n", "\n  - ")
}

// join joins the first items of a list. If there are more, it adds their number after the separator last.
func join(items []string, separator, last string) string {
	text := strings.Join(items[:min(len(items), mostNames)], separator)
	if more := len(items) - mostNames; more > 0 {
		text += fmt.Sprintf("%sand %d more", last, more)
	}
	return text
}

// InRegion returns the region in the form " in REGION"; empty if it is not known.
func InRegion(region string) string {
	if region == "" {
		return ""
	}
	return " in " + civo.Printable(region)
}

// contextWords replaces Go's descriptions of an ended context.
var contextWords = strings.NewReplacer("context deadline exceeded", "the operation timed out", "context canceled", "the operation was interrupted")

// sentence returns an error as a sentence.
func sentence(err error) string {
	text := contextWords.Replace(err.Error())
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + strings.TrimSuffix(text[1:], ".") + "."
}
