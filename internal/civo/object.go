// Code that all types of objects share.

package civo

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Object is an object that Civo lists by region: a Credential or an ObjectStore.
type Object[T any] interface {
	Ref() Ref
	fields() map[Field]string // by which the object can be looked up
	objectType() objectType
	body() any             // the JSON of a POST or, if the object has an ID, of a PUT
	in(region string) T    // the object with its region, which responses do not contain
	withDefaults(sent T) T // the object with the values that responses can omit until it is ready
	compare(sent T) match  // whether it is the object that a POST of sent created
}

// Ref identifies an object. It does not contain its secret.
type Ref struct {
	Noun   string // "credential" or "object store"
	ID     string // empty if it is not known
	Name   string
	Region string // in the spelling of the caller; empty if it is not known
	Status Status
	Extra  string // what else identifies it for the user, such as `access key ID "KEY"`; may be empty
}

// IsBeingDeleted reports whether the status means that Civo is deleting the object.
func (r Ref) IsBeingDeleted() bool {
	return strings.HasPrefix(strings.ToLower(string(r.Status)), "delet")
}

// maxQuoted is the maximum length of a name, ID or key in an error, in characters.
const maxQuoted = 100

// Quote returns text in quotation marks, without characters that a terminal interprets. Any user of the account can choose names and
// access key IDs.
func Quote(text string) string {
	if runes := []rune(text); len(runes) > maxQuoted {
		text = string(runes[:maxQuoted]) + "…"
	}
	return strconv.Quote(text)
}

// match is the result of a comparison.
type match int

const (
	different match = iota
	unclear         // the response does not contain the keys that identify the object yet
	same
)

// objectType describes a type of object.
type objectType struct {
	noun         string
	path         string // of the list
	codeNotFound string // Civo's code in a 404 for an object that does not exist
	hasSecret    bool   // responses contain a secret
	sharesNames  bool   // names are unique across customers, so an object that is in no list can have a name
}

// Status is the status of a credential or an object store that Civo reports.
type Status string

// The final statuses. Any other status, or none, means that the object is not ready yet.
const (
	StatusReady  Status = "ready"
	StatusFailed Status = "failed"
)

// IsFinal reports whether Civo has finished creating the object, successfully or not.
func (s Status) IsFinal() bool { return s == StatusReady || s == StatusFailed }

var (
	uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	// idForm accepts UUIDs, which Civo uses as IDs, and other IDs that do not change the path of a request.
	idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
)

// IsUUID reports whether a text has the form of Civo's IDs.
func IsUUID(text string) bool { return uuidForm.MatchString(text) }

func (t objectType) pathOf(id string) string { return t.path + "/" + url.PathEscape(id) }

// refsOf returns references to records.
func refsOf[T Object[T]](records []T) []Ref {
	refs := make([]Ref, len(records))
	for i, record := range records {
		refs[i] = record.Ref()
	}
	return refs
}
