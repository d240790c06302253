// The summary of an error, and advice on what to do next.

package diagnostics

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

const tryAgain = "Check the network connection, api_endpoint and Civo's status page, then try again."

// explain returns a summary of an error, and advice on what to do next.
func (o Operation) explain(err error) (summary, advice string) {
	noun, title := o.Kind.Noun, o.Kind.Title()
	switch {
	case civo.IsTimeout(err) && !civo.Is(err, civo.KindRateLimited): // also if a deletion waited for stores
		return "Timed out", o.moreTime(err)
	case civo.IsInterrupted(err):
		return "Interrupted", o.resume()
	case civo.Is(err, civo.KindUnknownRegion), civo.Is(err, civo.KindNoObjectStorage):
		return o.explainRegion(err)
	case civo.Is(err, civo.KindNameTaken):
		return title + " name already taken", o.nameTakenAdvice(err)
	case civo.Is(err, civo.KindFailed) && o.Verb == Create:
		return "Civo could not create the " + noun,
			fmt.Sprintf("Apply again to replace the %s. If it fails again, contact Civo support and include the ID.", noun)
	case civo.Is(err, civo.KindFailed):
		return title + " failed", fmt.Sprintf("Replace the %s with terraform apply -replace, or contact Civo support and include the ID.", noun)
	case civo.Is(err, civo.KindNotFound) && (o.Verb == Create || o.Verb == Update):
		return title + " no longer exists", fmt.Sprintf("The %s was deleted outside of Terraform. Plan and apply again to create a new %s.", noun, noun)
	case civo.Is(err, civo.KindNotFound), civo.Is(err, civo.KindOtherRegion), civo.Is(err, civo.KindAmbiguous):
		return o.explainLookup(err)
	}
	for _, known := range explanations {
		if civo.Is(err, known.kind) {
			return known.summary, known.advice
		}
	}
	return "Civo rejected the request", rejectedAdvice(err)
}

func rejectedAdvice(err error) string {
	if e, ok := errors.AsType[*civo.Error](err); ok && e.Reason == civo.HiddenReason {
		return "Check the arguments of the resource, then try again."
	}
	return "Fix the problem that Civo reports above, then try again."
}

// explanations are the explanations that depend on neither the operation nor the kind of object.
var explanations = []struct {
	kind            civo.Kind
	summary, advice string
}{
	{
		civo.KindNotConfigured, "Provider not configured yet",
		"Set the argument to a value that is known during plan. Alternatively, first use -target to apply the resource that provides the value, then apply again.",
	},
	{
		civo.KindUnauthorized, "Civo rejected the token",
		"Check that the token is valid and belongs to the account that the configuration manages. The provider reads it from the argument token, the environment " +
			"variable CIVO_TOKEN or a credentials file.",
	},
	{
		civo.KindRateLimited, "Rate limit exceeded",
		"The account sends more requests than Civo accepts. Wait a few minutes, then try again. To reduce the number of requests, use -parallelism=2 " +
			"and do not run other tools on the same account at the same time.",
	},
	{
		civo.KindAccessKeyTaken, "Access key ID already taken",
		"Set access_key_id to another value, or remove the argument to generate an access key ID.",
	},
	{
		civo.KindNoOwner, "Owner not found",
		"No credential in the region has this access key ID. Set access_key_id to that of a civo_objectstore_credential in the same region, or remove the argument.",
	},
	{
		civo.KindInUse, "Credential still owns object stores",
		"Civo does not delete a credential that owns object stores. Delete these stores and their data, then apply again. If Terraform manages " +
			"the stores, set their access_key_id to the access_key_id of this resource. Terraform then deletes the stores before the credential.",
	},
	{
		civo.KindNoRegion, "Missing region",
		"Set region in the provider block, for example region = \"LON1\", or set the environment variable CIVO_REGION.",
	},
	{civo.KindUnavailable, "Civo is unavailable", tryAgain},
	{
		civo.KindUnexpected, "Unexpected response from Civo",
		"Check that api_endpoint is the URL of Civo's API and that no proxy responds in its place, then try again.",
	},
}

// resume returns advice on how to continue after an interruption.
func (o Operation) resume() string {
	switch o.Verb {
	case Create, Update, Delete:
		return "Apply again."
	case Import:
		return "Run the import again."
	case Rotate:
		return "" // depends on whether the secret has changed: see the note
	default:
		return "Run the command again."
	}
}

// explainLookup returns the summary and the advice for a lookup that does not match exactly one object.
func (o Operation) explainLookup(err error) (summary, advice string) {
	noun, title := o.Kind.Noun, o.Kind.Title()
	switch {
	case civo.Is(err, civo.KindNotFound) && o.Verb == Import:
		return title + " not found", fmt.Sprintf("Import the %s by its complete %s. If it is in another region, add the region: REGION/ID.", noun, o.Kind.ImportKeys)
	case civo.Is(err, civo.KindNotFound):
		return title + " not found", fmt.Sprintf("Use the complete %s of the %s. If it is in another region, set region.", o.Kind.LookupKeys, noun)
	case civo.Is(err, civo.KindAmbiguous) && o.Verb == Import:
		return "More than one " + noun + " matches", fmt.Sprintf("Import the %s by its ID.", noun)
	case civo.Is(err, civo.KindAmbiguous):
		return "More than one " + noun + " matches", fmt.Sprintf("Look up the %s by its ID.", noun)
	}
	found := objectsOf(err)
	switch {
	case len(found) == 0 && o.Verb == Import:
		return "Some regions could not be searched", fmt.Sprintf("Try again later, or import the %s with its region: REGION/ID.", noun)
	case len(found) == 0:
		return "Some regions could not be searched", "Try again later."
	case o.Verb == Import:
		return title + " is in another region", fmt.Sprintf("Import the %s with its region:\n\n  %s", noun, found[0].importID())
	}
	return title + " is in another region",
		fmt.Sprintf("To keep the %s, set region = %q. To replace it, plan without -refresh=false.", noun, found[0].region)
}

// explainRegion returns the summary and the advice for a region that cannot be used. Civo also reports an unavailable region as unknown,
// so a region that worked before may work again.
func (o Operation) explainRegion(err error) (summary, advice string) {
	summary, advice = "Region without object storage", "Use a region with object storage."
	if civo.Is(err, civo.KindUnknownRegion) {
		summary = "Unknown region"
		if o.Verb == Read || o.Verb == Update || o.Verb == Delete {
			advice = "The region may be temporarily unavailable. Try again later."
		}
	}
	e, _ := errors.AsType[*civo.Error](err)
	var codes []string
	for _, region := range e.Regions {
		if region.HasObjectStorage() {
			codes = append(codes, region.Code)
		}
	}
	if len(codes) == 0 {
		return summary, advice + " `civo region ls` lists the regions of your account."
	}
	return summary, advice + " Regions with object storage in your account: " + strings.Join(codes[:min(len(codes), mostNames)], ", ") + "."
}

// moreTime returns advice for an operation that exceeded its timeout.
func (o Operation) moreTime(err error) string {
	raise := fmt.Sprintf("If Civo needs more time, increase %s in the timeouts block.", o.Verb)
	exists := len(objectsOf(err)) > 0
	switch {
	case o.Verb == Create && exists:
		return fmt.Sprintf("The next apply replaces the %s. %s", o.Kind.Noun, raise)
	case o.Verb == Create, o.Verb == Update, o.Verb == Delete:
		return "Apply again. " + raise
	case o.Verb == Open:
		return "Try again. " + raise
	case o.Verb == Rotate:
		return "If Civo needs more time, increase invoke in the timeouts block."
	case o.Verb == LookUp && exists:
		return fmt.Sprintf("Civo has not finished creating the %s. Try again in a few minutes.", o.Kind.Noun)
	default:
		return tryAgain
	}
}

func (o Operation) nameTakenAdvice(err error) string {
	taken, noun, address := objectsOf(err), o.Kind.Noun, o.Kind.ResourceType+".NAME"
	choose := fmt.Sprintf("Choose another name. If Terraform replaces the %[1]s with create_before_destroy, the old %[1]s still has the name. "+
		"In this case, change the name or remove create_before_destroy.", noun)
	switch {
	case len(taken) == 0 && o.Kind.NameTaken != "":
		return o.Kind.NameTaken
	case len(taken) == 0:
		return choose
	case taken[0].isBeingDeleted:
		return fmt.Sprintf("The %s with this name is being deleted. Apply again when it no longer exists, or choose another name.", noun)
	}
	id := taken[0].importID()
	return fmt.Sprintf("%s\n\nIf you renamed the resource in the configuration, add a moved block instead.\n\nTo manage the existing %s with this resource instead, import it. Replace %s with the address of the resource:\n\n"+
		"  terraform import %s %s\n\nIn Terraform 1.5 and later, you can use an import block instead:\n\n"+
		"  import {\n    to = %s\n    id = %q\n  }", choose, noun, address, address, id, address, id)
}
