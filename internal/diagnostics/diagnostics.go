// Package diagnostics turns errors of the client into diagnostics: what the provider was doing, what Civo answered, and what to do next.
package diagnostics

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// Wording describes a type of record in diagnostics.
type Wording struct {
	Noun         string // "credential"
	ResourceType string // "civo_objectstore_credential"
	ImportKeys   string // the values that identify a record in an import: "ID, name, or access key ID"
	LookupKeys   string // the values that identify a record in a lookup: "name, access key ID, or ID"
	Recognized   string // the attributes by which the next refresh finds a record whose creation has an unknown outcome; empty if it does not
	NameTaken    string // advice if a record that the account cannot see has the name; may be empty

	InObjectStorage bool // only regions with object storage have such records, and lookups return its endpoint
}

// title returns the noun at the beginning of a sentence.
func (w Wording) title() string { return strings.ToUpper(w.Noun[:1]) + w.Noun[1:] }

// Verb is the action of an operation.
type Verb struct {
	text    string // as in "could not VERB"
	resume  string // advice after an interruption; may be empty
	timeout string // name of its timeout in the timeouts block; empty if there is none
}

// The verbs.
var (
	Plan   = Verb{"plan the creation of", "", ""}
	Create = Verb{"create", "Apply again.", "create"}
	Read   = Verb{"read", "Run the command again.", ""}
	Update = Verb{"update", "Apply again.", "update"}
	Delete = Verb{"delete", "Run the command again.", "delete"}
	LookUp = Verb{"look up", "Run the command again.", ""}
	Open   = Verb{"open", "Run the command again.", "open"}
	List   = Verb{"list", "Run the command again.", ""}
	Import = Verb{"import", "Run the import again.", ""}
	Rotate = Verb{"finish rotating the secret of", "", "invoke"} // the note depends on whether the secret has changed
)

// Operation describes what the provider was doing when an error occurred, and to which record.
type Operation struct {
	Wording   Wording
	Verb      Verb
	Subject   string // as in "could not VERB SUBJECT"
	Note      string // further explanation at the end; may be empty
	Attribute string // that a lookup uses; empty if the operation is not a lookup

	value string // that a lookup searches for; empty if the operation is not a lookup
}

// Describe returns a record as part of a sentence.
func (w Wording) Describe(o civo.Ref) string {
	return fmt.Sprintf("the %s %s (ID %s)%s", w.Noun, civo.Quote(o.Name), civo.Quote(o.ID), InRegion(o.Region))
}

// On returns the operation on one record.
func (w Wording) On(verb Verb, o civo.Ref) Operation {
	subject := "the " + w.Noun + " " + civo.Quote(o.Name)
	if o.Name == "" {
		subject = "the " + w.Noun + " with the ID " + civo.Quote(o.ID)
	}
	return Operation{Wording: w, Verb: verb, Subject: subject + InRegion(o.Region)}
}

// LookUp returns the operation on the record that a lookup describes, such as `name "backups"`.
func (o Operation) LookUp(by civo.Lookup, region string) Operation {
	o.Subject = fmt.Sprintf("the %s with the %s%s", o.Wording.Noun, by, InRegion(region))
	o.value = by.Value()
	return o
}

// All returns the operation on all records of a region.
func (w Wording) All(verb Verb, region string) Operation {
	return Operation{Wording: w, Verb: verb, Subject: "the " + w.Noun + "s" + InRegion(region)}
}

// UnknownArgumentError is the error for an argument of the provider that an operation requires and that is not known yet. It is its name.
type UnknownArgumentError string

// Error describes the argument.
func (a UnknownArgumentError) Error() string {
	return "the provider's argument " + string(a) + " is not known before apply"
}

// Error is an error that is a complete diagnostic.
type Error struct{ diag.Diagnostic }

// Error returns the summary.
func (e Error) Error() string { return e.Summary() }

// Error returns the diagnostic for an error of the client. If the error is about an attribute, the diagnostic has its path.
func (o Operation) Error(err error) diag.Diagnostic {
	if e, ok := errors.AsType[Error](err); ok {
		return e.Diagnostic
	}
	summary, advice := o.explain(err)
	paragraphs := []string{
		fmt.Sprintf("Could not %s %s.", o.Verb.text, o.Subject), sentence(err), endpointNote(clientError(err)), o.relatedRecords(err), advice,
		o.stateNote(err), o.Note,
	}
	paragraphs = slices.DeleteFunc(paragraphs, func(text string) bool { return text == "" })
	problem := diag.NewErrorDiagnostic(summary, clientError(err).Redact(strings.Join(paragraphs, "\n\n")))
	if attribute := o.attributeOf(err); attribute != "" {
		return diag.WithPath(path.Root(attribute), problem)
	}
	return problem
}

// WaitErrors returns the diagnostics for a wait that ended early. An interruption is a warning: after an error, Terraform would replace the
// record instead of continuing.
func (o Operation) WaitErrors(err error, record civo.Ref) diag.Diagnostics {
	on := o.Wording.On(o.Verb, record)
	switch {
	case err == nil:
		return nil
	case civo.IsInterrupted(err):
		return diag.Diagnostics{diag.NewWarningDiagnostic(fmt.Sprintf("Interrupted before the %s was ready", o.Wording.Noun),
			fmt.Sprintf("Civo accepted the request to %s %s, but the %s is not ready yet. Apply again to continue waiting.", o.Verb.text, on.Subject, o.Wording.Noun))}
	default:
		return diag.Diagnostics{on.Error(err)}
	}
}

// attributeOf returns the attribute that an error is about; empty if there is none.
func (o Operation) attributeOf(err error) string {
	for kind, attribute := range map[civo.Kind]string{
		civo.KindUnknownRegion: "region", civo.KindNoObjectStorage: "region", civo.KindNameTaken: "name",
		civo.KindAccessKeyTaken: "access_key_id", civo.KindNoOwner: "access_key_id",
		civo.KindNotFound: o.Attribute, civo.KindAmbiguous: o.Attribute,
	} {
		if civo.Is(err, kind) {
			return attribute
		}
	}
	return ""
}

// stateNote describes the state after the error, if it is not obvious.
func (o Operation) stateNote(err error) string {
	noun, exists, uncertain := o.Wording.Noun, clientError(err).About != nil, civo.IsUncertain(err)
	switch {
	case uncertain && o.Verb == Create:
		return o.Wording.uncertainCreate()
	case uncertain && o.Verb == Update:
		return fmt.Sprintf("Civo may have updated the %s. The next plan reads the current values.", noun)
	case o.Verb == Create && !exists && (civo.IsTimeout(err) || civo.IsInterrupted(err)):
		return fmt.Sprintf("No %s was created.", noun)
	case o.Verb == Create, isAboutRecord(err):
		return ""
	case o.Verb == Delete && exists: // a wait that ended early
		return fmt.Sprintf("Civo accepted the deletion. The %s remains in the state until it no longer exists.", noun)
	}
	if slices.Contains([]Verb{Read, Update, Delete}, o.Verb) {
		return fmt.Sprintf("The %s remains in the state, unchanged.", noun)
	}
	return ""
}

// uncertainCreate describes the state after a create with an unknown outcome.
func (w Wording) uncertainCreate() string {
	if w.Recognized == "" {
		return fmt.Sprintf("Civo may have created the %[1]s. The name alone does not identify the %[1]s, so the next apply does not change an existing %[1]s with this name. "+
			"Apply again. If the name is taken, the error shows how to import the existing %[1]s.", w.Noun)
	}
	return fmt.Sprintf("Civo may have created the %[1]s. The state contains its %[2]s, so the next apply finds the %[1]s and replaces it without leaving a duplicate. "+
		"To keep the %[1]s, run terraform untaint first.", w.Noun, w.Recognized)
}

// isAboutRecord reports whether Civo's response is about the record itself, so that the error shows the state of the record.
func isAboutRecord(err error) bool {
	return !slices.ContainsFunc([]civo.Kind{
		civo.KindUnauthorized, civo.KindForbidden, civo.KindServerError, civo.KindUnavailable, civo.KindUnexpected, civo.KindRateLimited,
		civo.KindBusy, civo.KindUnknownRegion, civo.KindNoObjectStorage,
	}, func(kind civo.Kind) bool { return civo.Is(err, kind) })
}
