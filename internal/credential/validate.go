package credential

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// wellFormed is a validator of strings whose message says what to write instead. The stock validators repeat the value,
// which for a secret must not be.
type wellFormed struct {
	summary string
	rule    string
	wrong   func(value string) string // what is wrong with a value; empty: nothing
}

// Description implements validator.String.
func (w wellFormed) Description(context.Context) string { return w.rule }

// MarkdownDescription implements validator.String.
func (w wellFormed) MarkdownDescription(context.Context) string { return w.rule }

// ValidateString implements validator.String.
func (w wellFormed) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if wrong := w.wrong(req.ConfigValue.ValueString()); wrong != "" {
		resp.Diagnostics.AddAttributeError(req.Path, w.summary, fmt.Sprintf("%s %s", wrong, w.rule))
	}
}

// The most characters that a name has, and that a key of the user's own may have.
const (
	longestName = 63
	longestKey  = 128
)

var (
	validName = wellFormed{
		"Not a name for a credential",
		"A name has 1 to 63 characters and no white space, such as \"backup-writer\".",
		wrongName,
	}
	validRegion = wellFormed{
		"Not a Civo region",
		"A region code is three letters and a number, such as LON1, FRA1 or NYC1; `civo region ls` lists them.",
		wrongRegion,
	}
	validAccessKey = wellFormed{
		"Not an access key ID",
		"An access key ID has 1 to 128 printable ASCII characters and no white space. Leave the argument out to have one generated.",
		wrongKey,
	}
	validSecret = wellFormed{
		"Not a secret access key",
		"A secret access key has 1 to 128 printable ASCII characters and no white space. Leave the argument out to have one generated.",
		wrongKey,
	}
	validID = wellFormed{
		"Not the id of a credential",
		"An id is a UUID, as `civo objectstore credential ls -o json` shows it.",
		wrongID,
	}
)

func wrongName(name string) string {
	switch length := utf8.RuneCountInString(name); {
	case length == 0:
		return "It is empty."
	case length > longestName:
		return fmt.Sprintf("It has %d characters.", length)
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return fmt.Sprintf("%q has white space or a control character in it.", name)
	}
	return ""
}

func wrongRegion(region string) string {
	if civo.IsRegion(region) {
		return ""
	}
	return fmt.Sprintf("%q is not a region code.", region)
}

// wrongKey says nothing of the key itself.
func wrongKey(key string) string {
	switch {
	case key == "":
		return "It is empty."
	case len(key) > longestKey:
		return fmt.Sprintf("It has %d characters.", len(key))
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r >= unicode.MaxASCII }):
		return "It has white space or a character outside printable ASCII in it."
	}
	return ""
}

func wrongID(id string) string {
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return r != '-' && !isASCIIAlphanumeric(r) }) {
		return fmt.Sprintf("%q is not an id.", id)
	}
	return ""
}

func isASCIIAlphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
