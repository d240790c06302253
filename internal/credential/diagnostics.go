// Diagnostics: what the provider was doing, what Civo answered, and what to do next.

package credential

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// operation is what the provider was doing when an error occurred, and to which credential.
type operation struct {
	verb    string // as in "could not VERB"
	subject string
}

// The verbs of operations.
const (
	toCreate = "create"
	toRead   = "read"
	toUpdate = "update"
	toDelete = "delete"
	toLookUp = "look up"
	toOpen   = "open"
	toList   = "list"
	toImport = "import"
)

// operationOn returns the operation on a credential.
func operationOn(verb string, c civo.Credential) operation {
	subject := "the credential " + quote(c.Name)
	if c.Name == "" {
		subject = "the credential with the ID " + quote(c.ID)
	}
	return operation{verb: verb, subject: subject + inRegion(c.Region)} // a moved credential may have no region
}

// errorDiagnostic returns the diagnostic for an error of the client: what the provider was doing, what Civo answered, and what to
// do next.
func (t operation) errorDiagnostic(err error) diag.Diagnostic {
	summary, advice := t.explain(err)
	paragraphs := []string{
		fmt.Sprintf("Could not %s %s.", t.verb, t.subject), sentence(err), relatedObjects(err), advice, t.stateNote(err),
	}
	paragraphs = slices.DeleteFunc(paragraphs, func(text string) bool { return text == "" })
	problem := diag.NewErrorDiagnostic(summary, strings.Join(paragraphs, "\n\n"))
	if attribute := attributeOf(err); attribute != "" {
		return diag.WithPath(path.Root(attribute), problem)
	}
	return problem
}

// attributeOf returns the attribute that an error is about; empty if there is none.
func attributeOf(err error) string {
	switch {
	case civo.IsUnknownRegion(err), civo.IsNoObjectStorage(err):
		return "region"
	case civo.IsAccessKeyTaken(err):
		return "access_key_id"
	case civo.IsNameTaken(err):
		return "name"
	}
	return ""
}

// stateNote returns a description of the credential's state if it is unclear.
func (t operation) stateNote(err error) string {
	switch {
	case t.verb == toCreate && civo.IsUncertain(err):
		return "Civo may have created the credential. The state contains its access key ID, so the next apply finds the credential and replaces it without leaving a duplicate. To keep the credential, run terraform untaint first."
	case t.verb == toUpdate && civo.IsUncertain(err):
		return "Civo may have updated the credential. The next plan reads the current keys."
	case t.verb == toCreate && (civo.IsTimeout(err) || civo.IsInterrupted(err)) && len(credentialsOf(err)) == 0:
		return "No credential was created."
	case t.verb == toCreate || isAboutCredential(err):
		return ""
	case t.verb == toRead || t.verb == toUpdate || t.verb == toDelete:
		return "The credential remains in the state, unchanged."
	}
	return ""
}

// isAboutCredential reports whether Civo's response is about the credential itself, so that the error shows the state of the
// credential.
func isAboutCredential(err error) bool {
	return !slices.ContainsFunc([]func(error) bool{
		civo.IsUnauthorized, civo.IsUnavailable, civo.IsUnexpected, civo.IsRateLimited, civo.IsUnknownRegion, civo.IsNoObjectStorage,
	}, func(is func(error) bool) bool { return is(err) })
}

// waitDiagnostic returns the diagnostic for a wait that ended early. An interruption by the user is a warning: an error would make
// Terraform replace the credential instead of continuing.
func (t operation) waitDiagnostic(err error) diag.Diagnostic {
	if !civo.IsInterrupted(err) {
		return t.errorDiagnostic(err)
	}
	return diag.NewWarningDiagnostic("Interrupted before the credential was ready",
		fmt.Sprintf("Civo accepted the request to %s %s, but the credential is not ready yet. Apply again to continue waiting.", t.verb, t.subject))
}

// failedWarning warns about a credential whose status became "failed" after it had been created.
func failedWarning(c civo.Credential) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Credential failed",
		fmt.Sprintf("Civo reports the status \"failed\" for the credential %s (ID %s)%s. The credential may not be able to access its object stores. Contact Civo support, or replace the credential with terraform apply -replace.",
			quote(c.Name), quote(c.ID), inRegion(c.Region)))
}

const tryAgain = "Check the network connection, api_endpoint and Civo's status page, then try again."

// explain returns a summary of an error, and what to do next.
func (t operation) explain(err error) (summary, advice string) {
	switch {
	case civo.IsTimeout(err) && !civo.IsRateLimited(err): // also of a deletion that waited for stores
		return "Timed out", t.moreTime(err)
	case civo.IsInterrupted(err):
		return "Interrupted", t.resume()
	case civo.IsUnknownRegion(err):
		return "Unknown region", t.regionAdvice(err)
	case civo.IsNoObjectStorage(err):
		return "Region without object storage", t.regionAdvice(err)
	case civo.IsNameTaken(err):
		return "Credential name already taken", nameTakenAdvice(err)
	case civo.IsFailed(err) && t.verb == toCreate:
		return "Civo could not create the credential",
			"Apply again to replace the credential. If it fails again, contact Civo support and include the ID."
	case civo.IsNotFound(err) && (t.verb == toCreate || t.verb == toUpdate):
		return "Credential no longer exists", "The credential was deleted outside of Terraform. Plan and apply again to create a new credential."
	case civo.IsNotFound(err), civo.IsOtherRegion(err), civo.IsAmbiguous(err):
		return t.explainLookup(err)
	}
	for _, known := range explanations {
		if known.is(err) {
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

// explanations are the explanations that do not depend on the operation.
var explanations = []struct {
	is              func(error) bool
	summary, advice string
}{
	{
		civo.IsNotConfigured, "Provider not configured yet",
		"Set the argument to a value that is known during plan. Alternatively, first use -target to apply the resource that provides the value, then apply again.",
	},
	{
		civo.IsUnauthorized, "Civo rejected the token",
		"Check that the token is valid and belongs to the account of the credential. The provider reads it from the argument token, the environment " +
			"variable CIVO_TOKEN or a credentials file.",
	},
	{
		civo.IsRateLimited, "Rate limit exceeded",
		"The account sends more requests than Civo accepts. Wait a few minutes, then try again. To reduce the number of requests, use -parallelism=2 " +
			"and do not run other tools on the same account at the same time.",
	},
	{
		civo.IsAccessKeyTaken, "Access key ID already taken",
		"Set access_key_id to another value, or remove the argument to generate an access key ID.",
	},
	{
		civo.IsInUse, "Credential still owns object stores",
		"Civo does not delete a credential that owns object stores. Delete these stores and their data, then apply again. If Terraform manages " +
			"the stores, make them refer to this resource. Terraform then deletes them before the credential.",
	},
	{
		civo.IsNoRegion, "Missing region",
		"Set region in the provider block, for example region = \"LON1\", or set the environment variable CIVO_REGION.",
	},
	{
		civo.IsFailed, "Credential failed",
		"Replace the credential with terraform apply -replace, or contact Civo support and include the ID.",
	},
	{civo.IsUnavailable, "Civo is unavailable", tryAgain},
	{
		civo.IsUnexpected, "Unexpected response from Civo",
		"Check that api_endpoint is the URL of Civo's API and that no proxy responds in its place, then try again.",
	},
}

// resume returns how to continue after an interruption.
func (t operation) resume() string {
	switch t.verb {
	case toCreate, toUpdate, toDelete:
		return "Apply again."
	case toImport:
		return "Run the import again."
	default:
		return "Run the command again."
	}
}

// explainLookup returns the same for a lookup that does not match exactly one credential.
func (t operation) explainLookup(err error) (summary, advice string) {
	switch {
	case civo.IsNotFound(err) && t.verb == toImport:
		return "Credential not found", "Import the credential by its complete ID, name or access key ID. If it is in another region, add the region: REGION/ID."
	case civo.IsNotFound(err):
		return "Credential not found", "Use the complete name, access key ID or ID of the credential. If it is in another region, set region."
	case civo.IsAmbiguous(err) && t.verb == toImport:
		return "More than one credential matches", "Import the credential by its ID."
	case civo.IsAmbiguous(err):
		return "More than one credential matches", "Look up the credential by its ID."
	}
	found := credentialsOf(err)
	switch {
	case len(found) == 0 && t.verb == toImport:
		return "Some regions could not be searched", "Try again later, or import the credential with its region: REGION/ID."
	case len(found) == 0:
		return "Some regions could not be searched", "Try again later."
	case t.verb == toImport:
		return "Credential is in another region", fmt.Sprintf("Import the credential with its region:\n\n  %s/%s", found[0].Region, printableID(found[0].ID))
	}
	return "Credential is in another region",
		fmt.Sprintf("To keep the credential, set region = %q. To replace it, plan without -refresh=false.", found[0].Region)
}

// regionAdvice lists the available regions. Civo also reports an unavailable region as unknown, so a region that worked before
// may work again.
func (t operation) regionAdvice(err error) string {
	advice := "Use a region with object storage."
	if civo.IsUnknownRegion(err) && (t.verb == toRead || t.verb == toUpdate || t.verb == toDelete) {
		advice = "The region may be temporarily unavailable. Try again later."
	}
	e, _ := errors.AsType[*civo.Error](err)
	var codes []string
	for _, region := range e.Regions {
		if region.HasObjectStorage() {
			codes = append(codes, region.Code)
		}
	}
	if len(codes) == 0 {
		return advice + " `civo region ls` lists the regions of your account."
	}
	return advice + " Regions with object storage in your account: " + strings.Join(codes[:min(len(codes), mostNames)], ", ") + "."
}

// moreTime returns what to do if an operation exceeded its timeout.
func (t operation) moreTime(err error) string {
	raise := fmt.Sprintf("If Civo needs more time, increase %s in the timeouts block.", t.verb)
	switch {
	case t.verb == toCreate && len(credentialsOf(err)) > 0:
		return "The next apply replaces the credential. " + raise
	case t.verb == toCreate, t.verb == toUpdate, t.verb == toDelete:
		return "Apply again. " + raise
	case t.verb == toOpen:
		return "Try again. " + raise
	case t.verb == toLookUp && len(credentialsOf(err)) > 0:
		return "Civo has not finished creating the credential. Try again in a few minutes."
	default:
		return tryAgain
	}
}

func nameTakenAdvice(err error) string {
	const choose = "Choose another name. If Terraform replaces a credential with create_before_destroy, the old credential still has the name. " +
		"Change the name, or remove create_before_destroy."
	taken := credentialsOf(err)
	if len(taken) == 0 {
		return choose
	}
	id := taken[0].Region + "/" + printableID(taken[0].ID)
	return fmt.Sprintf("%s\n\nTo manage the existing credential with this resource instead, import it. Replace civo_objectstore_credential.NAME with the address of the resource:\n\n"+
		"  terraform import civo_objectstore_credential.NAME %s\n\nIn Terraform 1.5 and later, you can use an import block instead:\n\n"+
		"  import {\n    to = civo_objectstore_credential.NAME\n    id = %q\n  }", choose, id, id)
}

// relatedObjects lists the stores or credentials that an error is about.
func relatedObjects(err error) string {
	var lines []string
	for _, store := range storesOf(err) {
		lines = append(lines, fmt.Sprintf("  - object store %s (ID %s)", quote(store.Name), quote(store.ID)))
	}
	switch {
	case civo.IsNotFound(err):
		return existingNames(credentialsOf(err))
	case civo.IsAmbiguous(err), civo.IsFailed(err), civo.IsNameTaken(err), civo.IsAccessKeyTaken(err), civo.IsOtherRegion(err):
		for _, c := range credentialsOf(err) {
			lines = append(lines, fmt.Sprintf("  - %s (ID %s, access key ID %s)", quote(c.Name), quote(c.ID), quote(c.AccessKeyID)))
		}
	}
	if extra := len(lines) - mostNames; extra > 0 {
		lines = append(lines[:mostNames], fmt.Sprintf("  - and %d more", extra))
	}
	return strings.Join(lines, "\n")
}

// mostNames is the maximum number of names that an error lists.
const mostNames = 25

func existingNames(credentials []civo.Credential) string {
	if len(credentials) == 0 {
		return ""
	}
	var names []string
	for _, c := range credentials {
		names = append(names, quote(c.Name))
	}
	slices.Sort(names)
	rest := ""
	if len(names) > mostNames {
		rest = fmt.Sprintf(" and %d more", len(names)-mostNames)
		names = names[:mostNames]
	}
	return "Existing credentials: " + strings.Join(names, ", ") + rest + "."
}

// maxQuoted is the maximum length of a name, ID or key in an error, in characters.
const maxQuoted = 100

// quote returns text from Civo in quotation marks, without characters that a terminal interprets. Any user of the account can
// choose names and access key IDs.
func quote(text string) string {
	if runes := []rune(text); len(runes) > maxQuoted {
		text = string(runes[:maxQuoted]) + "…"
	}
	return strconv.Quote(text)
}

// printableID returns an ID for use in a command line. The client accepts only IDs that are safe there.
func printableID(id string) string { return civo.Printable(id) }

func credentialsOf(err error) []civo.Credential {
	if e, ok := errors.AsType[*civo.Error](err); ok {
		return e.Credentials
	}
	return nil
}

func storesOf(err error) []civo.ObjectStore {
	if e, ok := errors.AsType[*civo.Error](err); ok {
		return e.Stores
	}
	return nil
}

// contextWords replaces Go's descriptions of an ended context.
var contextWords = strings.NewReplacer("context deadline exceeded", "the operation timed out", "context canceled", "the operation was interrupted")

// sentence returns an error as a sentence.
func sentence(err error) string {
	text := contextWords.Replace(err.Error())
	if text == "" {
		return text
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}
