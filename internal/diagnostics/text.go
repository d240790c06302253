// Quoting records and text from Civo in diagnostics.

package diagnostics

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// importID returns a record's import ID. The client accepts only IDs that are safe in a command line.
func importID(r civo.Ref) string { return r.Region + "/" + civo.Printable(r.ID) }

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
	return " in " + region
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
