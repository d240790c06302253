package credential

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// task is what was being done, and to which credential, when something went wrong.
type task struct {
	verb    string // as in "could not VERB"
	subject string
}

// The verbs of tasks.
const (
	toCreate = "create"
	toRead   = "read"
	toUpdate = "update"
	toDelete = "delete"
	toFind   = "find"
	toOpen   = "open"
	toList   = "list"
	toImport = "import"
)

// taskOf names a task with a credential.
func taskOf(verb string, c civo.Credential) task {
	subject := fmt.Sprintf("the credential %q", c.Name)
	if c.Name == "" {
		subject = fmt.Sprintf("the credential %s", c.ID)
	}
	if c.Region != "" { // a credential that was moved may be without
		subject += " in " + c.Region
	}
	return task{verb: verb, subject: subject}
}

// failed makes the one diagnostic of a client's error: what was being done, what Civo said, and what to do next.
func (t task) failed(err error) diag.Diagnostic {
	summary, advice := t.explain(err)
	paragraphs := []string{
		fmt.Sprintf("Could not %s %s.", t.verb, t.subject), sentence(err), particulars(err), advice, t.aftermath(err),
	}
	paragraphs = slices.DeleteFunc(paragraphs, func(text string) bool { return text == "" })
	return diag.NewErrorDiagnostic(summary, strings.Join(paragraphs, "\n\n"))
}

// aftermath says what became of the credential where that is not clear.
func (t task) aftermath(err error) string {
	answered := !civo.IsUnauthorized(err) && !civo.IsUnavailable(err) && !civo.IsUnexpected(err)
	switch {
	case t.verb == toCreate && civo.IsUncertain(err):
		return "Civo may have made it all the same. The state knows it by its access key ID: the next apply finds out, and leaves no second one behind."
	case t.verb == toUpdate && civo.IsUncertain(err):
		return "Civo may have changed it all the same. The next plan reads what it has."
	case answered || t.verb == toCreate:
		return ""
	case t.verb == toRead || t.verb == toUpdate || t.verb == toDelete:
		return "The credential stays in the state as it was."
	}
	return ""
}

// unfinished is for what Civo has taken on but not finished. An interruption by the user is no error: nothing is wrong
// with the credential, and an error would make Terraform replace it instead of going on.
func (t task) unfinished(err error) diag.Diagnostic {
	if !civo.IsInterrupted(err) {
		return t.failed(err)
	}
	return diag.NewWarningDiagnostic("Interrupted before the credential was ready",
		fmt.Sprintf("Civo has taken on %s but is not done with it. The next apply goes on waiting for it.", t.subject))
}

// failedWarning tells of a credential that Civo gave up after it had been made.
func failedWarning(c civo.Credential) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Civo reports the credential as failed",
		fmt.Sprintf("The status of the credential %q (id %s) in %s is \"failed\": it may open nothing. Ask Civo's support, or replace it with terraform apply -replace.",
			c.Name, c.ID, c.Region))
}

// explain gives a summary of an error, and what can be done about it.
func (t task) explain(err error) (summary, advice string) {
	switch {
	case civo.IsNotConfigured(err):
		return "The provider is not configured yet",
			"Give the argument a value that is known during plan, or apply in two steps: first what the value comes from, with -target."
	case civo.IsUnauthorized(err):
		return "Civo refused the token",
			"Check that the token is right and that it belongs to the account that has the credential: see token, CIVO_TOKEN and credentials_file in the " +
				"provider's documentation."
	case civo.IsTimeout(err):
		return "Time is up", t.moreTime()
	case civo.IsInterrupted(err):
		return "Interrupted", "Apply again to go on."
	case civo.IsNameTaken(err):
		return "The name is taken", nameTakenAdvice(err)
	case civo.IsInUse(err):
		return "An object store still owns the credential",
			"Civo deletes a credential only once no store is owned by it. Delete these stores first, with the data in them, then apply again. If Terraform manages " +
				"them, let them refer to this resource, so that they go before it does."
	case civo.IsNoRegion(err):
		return "No region", "Set region in the provider's block, for example region = \"LON1\", or the variable CIVO_REGION."
	case civo.IsFailed(err) && t.verb == toCreate:
		return "Civo could not make the credential",
			"Apply again to replace it. If it fails again, ask Civo's support, with the id."
	case civo.IsFailed(err):
		return "Civo could not make the credential", "Replace it with terraform apply -replace, or ask Civo's support, with the id."
	case civo.IsNotFound(err), civo.IsElsewhere(err), civo.IsAmbiguous(err):
		return explainLookup(err)
	case civo.IsUnavailable(err):
		return "Civo does not answer", "Check the network, api_endpoint and Civo's status page, then try again."
	case civo.IsUnexpected(err):
		return "Civo's answer is not what its API gives",
			"Check that api_endpoint is Civo's API and that no proxy answers in its place, then try again."
	default:
		return "Civo refused", "Civo's words say what it objects to. Mend that, then try again."
	}
}

// explainLookup does the same for a lookup that does not lead to one credential.
func explainLookup(err error) (summary, advice string) {
	switch {
	case civo.IsNotFound(err):
		return "No such credential", "A name, an access key ID or an id has to be given whole, in the region that the credential is in."
	case civo.IsElsewhere(err):
		return "Not in this region", "Name the region that the credential is in: in an import id as REGION/…, else in region here or in the provider's block."
	default:
		return "More than one credential matches", "Look it up by id."
	}
}

// moreTime is what to do when an operation took longer than it may.
func (t task) moreTime() string {
	raise := fmt.Sprintf("If Civo needs longer, raise %s in the timeouts block.", t.verb)
	switch t.verb {
	case toCreate:
		return "The next apply replaces the credential. " + raise
	case toUpdate, toDelete:
		return "Apply again to go on. " + raise
	case toOpen:
		return "Try again. " + raise
	default:
		return "Check the network, api_endpoint and Civo's status page, then try again."
	}
}

func nameTakenAdvice(err error) string {
	there := credentialsOf(err)
	if len(there) == 0 {
		return "Choose another name, or import the credential that has it."
	}
	id := there[0].Region + "/" + there[0].ID
	return fmt.Sprintf("Choose another name, or take the credential that has it under Terraform's care: remove it from other configurations, then run\n\n"+
		"  terraform import civo_objectstore_credential.NAME %s\n\nwith the resource's own address.", id)
}

// particulars lists the stores or credentials that an error is about.
func particulars(err error) string {
	var lines []string
	for _, store := range storesOf(err) {
		lines = append(lines, fmt.Sprintf("  - object store %q (id %s)", store.Name, store.ID))
	}
	switch {
	case civo.IsNotFound(err):
		return namesThere(credentialsOf(err))
	case civo.IsAmbiguous(err), civo.IsFailed(err), civo.IsNameTaken(err):
		for _, c := range credentialsOf(err) {
			lines = append(lines, fmt.Sprintf("  - %q (id %s, access key ID %s)", c.Name, c.ID, c.AccessKeyID))
		}
	}
	return strings.Join(lines, "\n")
}

// mostNames bounds how many names an error lists.
const mostNames = 25

func namesThere(credentials []civo.Credential) string {
	if len(credentials) == 0 {
		return "There are no credentials in this region."
	}
	var names []string
	for _, c := range credentials {
		names = append(names, fmt.Sprintf("%q", c.Name))
	}
	slices.Sort(names)
	rest := ""
	if len(names) > mostNames {
		rest = fmt.Sprintf(" and %d more", len(names)-mostNames)
		names = names[:mostNames]
	}
	return "There are: " + strings.Join(names, ", ") + rest + "."
}

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

// plainWords are for what Go calls the end of a context.
var plainWords = strings.NewReplacer("context deadline exceeded", "the time was up", "context canceled", "it was interrupted")

// sentence makes a sentence of an error's words.
func sentence(err error) string {
	text := plainWords.Replace(err.Error())
	if text == "" {
		return text
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}
