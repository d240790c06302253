// Validation of values that Civo is certain to reject.

package credential

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// stringRule is a validator of strings whose message describes a valid value. The standard validators quote the value, which
// would expose a secret.
type stringRule struct {
	summary string
	rule    string
	wrong   func(value string) string // describes what is wrong with a value; empty if it is valid
}

// Description implements validator.String.
func (w stringRule) Description(context.Context) string { return w.rule }

// MarkdownDescription implements validator.String.
func (w stringRule) MarkdownDescription(context.Context) string { return w.rule }

// ValidateString implements validator.String.
func (w stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if wrong := w.wrong(req.ConfigValue.ValueString()); wrong != "" {
		resp.Diagnostics.AddAttributeError(req.Path, w.summary, fmt.Sprintf("%s %s", wrong, w.rule))
	}
}

// Rules for values that Civo is certain to reject. All other values are sent to Civo.
var (
	validName = stringRule{
		"Invalid credential name",
		"Use a name without control characters, such as \"backup-writer\".",
		checkName,
	}
	validRegion = stringRule{
		"Invalid region code",
		"A region code contains only letters, digits and hyphens, such as LON1. `civo region ls` lists the regions of your account.",
		checkRegion,
	}
	validAccessKey = stringRule{
		"Invalid access key ID",
		"Use an access key ID without whitespace, or remove the argument to generate one.",
		checkKey,
	}
	validSecret = stringRule{
		"Invalid secret access key",
		"Use a secret access key without whitespace, or remove the argument to generate one.",
		checkKey,
	}
	lookupName = stringRule{
		"Invalid credential name",
		"Use the complete name of the credential, or look up the credential by access_key_id or id. `civo objectstore credential ls` lists the names.",
		checkName,
	}
	lookupAccessKey = stringRule{
		"Invalid access key ID",
		"Use the complete access key ID of the credential, or look up the credential by name or id. `civo objectstore credential ls` lists the access key IDs.",
		checkKey,
	}
	lookupID = stringRule{
		"Invalid credential ID",
		"An ID is a UUID, such as 5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f. `civo objectstore credential ls -o json` shows the IDs. You can also look up the credential by name or access_key_id.",
		checkID,
	}
)

func checkName(name string) string {
	switch {
	case name == "":
		return "The value is empty."
	case strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Sprintf("%q contains a control character.", name)
	}
	return ""
}

func checkRegion(region string) string {
	if civo.IsRegion(region) {
		return ""
	}
	return fmt.Sprintf("%q is not a region code.", region)
}

// checkKey does not repeat the key.
func checkKey(key string) string {
	switch {
	case key == "":
		return "The value is empty."
	case strings.ContainsFunc(key, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return "The value contains whitespace or a control character."
	}
	return ""
}

func checkID(id string) string {
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return r != '-' && !isASCIIAlphanumeric(r) }) {
		return fmt.Sprintf("%q is not an ID.", id)
	}
	return ""
}

func isASCIIAlphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
