// Validation of values that Civo is certain to reject.

package regional

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// StringRule is a validator of strings whose error describes a valid value. The validators of HashiCorp quote the value, which would
// expose a secret.
type StringRule struct {
	Summary string
	Rule    string
	Wrong   func(value string) string // describes what is wrong with a value; empty if it is valid
}

// Description implements validator.String.
func (r StringRule) Description(context.Context) string { return r.Rule }

// MarkdownDescription implements validator.String.
func (r StringRule) MarkdownDescription(context.Context) string { return r.Rule }

// ValidateString implements validator.String.
func (r StringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !IsSet(req.ConfigValue) {
		return
	}
	if wrong := r.Wrong(req.ConfigValue.ValueString()); wrong != "" {
		resp.Diagnostics.AddAttributeError(req.Path, r.Summary, fmt.Sprintf("%s %s", wrong, r.Rule))
	}
}

// CheckName describes what is wrong with a name. It returns "" if the name is valid.
func CheckName(name string) string {
	switch {
	case name == "":
		return "The value is empty."
	case strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Sprintf("%q contains a control character.", name)
	}
	return ""
}

// CheckKey describes what is wrong with a key, without quoting it. It returns "" if the key is valid.
func CheckKey(key string) string {
	switch {
	case key == "":
		return "The value is empty."
	case strings.ContainsFunc(key, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return "The value contains whitespace or a control character."
	}
	return ""
}

// CheckID describes what is wrong with an ID. It returns "" if the ID is valid.
func CheckID(id string) string {
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return r != '-' && !isASCIIAlphanumeric(r) }) {
		return fmt.Sprintf("%q is not an ID.", id)
	}
	return ""
}

func isASCIIAlphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// ValidateTimeouts returns an error for each non-positive duration in the timeouts block, because the operation would time out
// before it begins. The schema checks that a value is a duration.
func ValidateTimeouts(ctx context.Context, config tfsdk.Config, operations ...string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, operation := range operations {
		attribute := path.Root("timeouts").AtName(operation)
		var value types.String
		diags.Append(config.GetAttribute(ctx, attribute, &value)...)
		if duration, err := time.ParseDuration(value.ValueString()); err == nil && duration <= 0 {
			diags.AddAttributeError(attribute, "Invalid timeout",
				fmt.Sprintf("The timeout %q is not positive. Use a positive duration, such as \"10m\", or remove %s to use the default.", value.ValueString(), operation))
		}
	}
	return diags
}
