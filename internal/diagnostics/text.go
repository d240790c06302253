// Quoting objects and text from Civo in diagnostics.

package diagnostics

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// importID returns an object's import ID. The client accepts only IDs that are safe in a command line.
func importID(o civo.Ref) string { return o.Region + "/" + civo.Printable(o.ID) }

// objectsOf returns the objects that an error is about.
func objectsOf(err error) []civo.Ref {
	if e, ok := errors.AsType[*civo.Error](err); ok {
		return e.Objects
	}
	return nil
}

// listItem returns an object as an item of a list.
func listItem(o civo.Ref) string {
	if o.Extra == "" {
		return fmt.Sprintf("  - %s %s (ID %s)", o.Noun, civo.Quote(o.Name), civo.Quote(o.ID))
	}
	return fmt.Sprintf("  - %s (ID %s, %s)", civo.Quote(o.Name), civo.Quote(o.ID), o.Extra)
}

// mostNames is the maximum number of names that an error lists.
const mostNames = 25

// relatedObjects lists the objects that an error is about.
func (o Operation) relatedObjects(err error) string {
	objects := objectsOf(err)
	if len(objects) == 0 || civo.Is(err, civo.KindUnavailable) { // the error is then about the subject of the operation
		return ""
	}
	var names, lines []string
	for _, related := range objects {
		names, lines = append(names, civo.Quote(related.Name)), append(lines, listItem(related))
	}
	slices.Sort(names)
	if more := len(objects) - mostNames; more > 0 {
		rest := fmt.Sprintf("and %d more", more)
		names[mostNames-1] += " " + rest
		names, lines = names[:mostNames], append(lines[:mostNames], "  - "+rest)
	}
	if civo.Is(err, civo.KindNotFound) {
		return "Existing " + o.Wording.Noun + "s: " + strings.Join(names, ", ") + "."
	}
	return strings.Join(lines, "\n")
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
