// Code that all types of records share.

package civo

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Record is what Civo lists by region, such as a Credential or an ObjectStore.
type Record[T any] interface {
	Ref() Ref
	fields() map[Field]string // by which the record can be looked up
	recordType() recordType
	body() any                  // the JSON of a POST or, if the record has an ID, of a PUT
	withRegion(region string) T // the record with its region, which responses do not contain
	withStatus(status Status) T
	completedBy(sent T) T // the record with the values that responses can omit until it is ready
	compare(sent T) match // whether it is the record that a POST of sent created
}

// Ref identifies a record. It does not contain its secret.
type Ref struct {
	Noun   string // "credential" or "object store"
	ID     string // empty if it is not known
	Name   string
	Region string // in the spelling of the caller; empty if it is not known
	Status Status
	Extra  string // what else identifies it for the user, such as `access key ID "KEY"`; may be empty
}

// IsBeingDeleted reports whether the status means that Civo is deleting the record.
func (r Ref) IsBeingDeleted() bool {
	return strings.HasPrefix(strings.ToLower(string(r.Status)), statusDeleting)
}

const maxQuoted = 100 // characters of a name, ID or key in an error

// Quote returns text that a user of the account chose in quotation marks, without characters that a terminal interprets.
func Quote(text string) string {
	if runes := []rune(text); len(runes) > maxQuoted {
		text = string(runes[:maxQuoted]) + "…"
	}
	return strconv.Quote(text)
}

// ShellQuote quotes text for a POSIX shell. Only a single quote is special between single quotes.
func ShellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// match is the result of a comparison.
type match int

const (
	different match = iota
	unclear         // the response does not contain the keys that identify the record yet
	renamed         // the record has the keys that were sent, but a name that is not the one that was sent
	same
)

// sameName reports whether two names differ in letter case at most. Civo may change the case of a name. This is enough only for a record
// that something else identifies. Lookups compare names in full.
func sameName(a, b string) bool { return strings.EqualFold(a, b) }

// spelled returns the name that was sent if the name in the response is the same or missing.
func spelled(received, sent string) string {
	if received == "" || sameName(received, sent) {
		return sent
	}
	return received
}

// recordType describes a type of record.
type recordType struct {
	noun            string
	path            string // of the list
	codeNotFound    string // Civo's code in a 404 for a record that does not exist
	inObjectStorage bool   // only regions with object storage have such records
	sharesNames     bool   // names are unique across customers, so a record that is in no list can have a name
}

// withArticle returns the noun with its article.
func (t recordType) withArticle() string {
	if strings.ContainsRune("aeiou", rune(t.noun[0])) {
		return "an " + t.noun
	}
	return "a " + t.noun
}

// isIn reports whether a region can have such records.
func (t recordType) isIn(region Region) bool { return !t.inObjectStorage || region.HasObjectStorage() }

// Status is the status of a credential or an object store that Civo reports.
type Status string

// The final statuses. Any other status, or none, means that the record is not ready yet.
const (
	StatusReady  Status = "ready"
	StatusFailed Status = "failed"
)

// IsFinal reports whether Civo has finished creating the record, successfully or not.
func (s Status) IsFinal() bool { return s == StatusReady || s == StatusFailed }

var (
	uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	idForm   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`) // UUIDs, which Civo uses, and others that do not change the path of a request
)

// IsUUID reports whether a text has the form of Civo's IDs.
func IsUUID(text string) bool { return uuidForm.MatchString(text) }

func (t recordType) pathOf(id string) string { return t.path + "/" + url.PathEscape(id) }

func refsOf[T Record[T]](records []T) []Ref {
	refs := make([]Ref, len(records))
	for i, record := range records {
		refs[i] = record.Ref()
	}
	return refs
}
