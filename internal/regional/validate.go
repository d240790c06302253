// Validation of values that Civo is certain to reject.

package regional

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// stringRule is a validator whose error describes a valid value. The validators of HashiCorp quote the value, which would expose a secret.
type stringRule struct {
	summary, rule string
	ifEmpty       string                    // what to do about an empty value; the rule if it is empty
	wrong         func(value string) string // describes what is wrong with a value; empty if it is valid
}

func (r stringRule) Description(context.Context) string         { return r.rule }
func (r stringRule) MarkdownDescription(context.Context) string { return r.rule }

func (r stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !IsSet(req.ConfigValue) {
		return
	}
	value := req.ConfigValue.ValueString()
	if wrong := r.wrong(value); wrong != "" {
		rule := r.rule
		if value == "" {
			rule = cmp.Or(r.ifEmpty, r.rule)
		}
		resp.Diagnostics.AddAttributeError(req.Path, r.summary, wrong+" "+rule)
	}
}

// ValidRegion validates the form of a region code.
var ValidRegion validator.String = stringRule{
	"Invalid region code",
	"A region code contains only letters, digits, and hyphens, such as LON1. `civo region ls` lists the regions of your account.", "",
	func(region string) string {
		if civo.IsRegion(region) {
			return ""
		}
		return fmt.Sprintf("%q is not a region code.", region)
	},
}

// NameRule returns the validator of a name. Its error for an empty name contains ifEmpty or, if that is empty, the rule.
func NameRule(noun, rule, ifEmpty string) validator.String {
	return stringRule{"Invalid " + noun + " name", rule, ifEmpty, func(name string) string {
		switch {
		case name == "":
			return "The value is empty."
		case strings.ContainsFunc(name, unicode.IsControl):
			return fmt.Sprintf("%q contains a control character.", name)
		}
		return ""
	}}
}

// KeyRule is like NameRule, for a key. Its error does not quote the key.
func KeyRule(noun, rule, ifEmpty string) validator.String {
	return stringRule{"Invalid " + noun, rule, ifEmpty, func(key string) string {
		switch {
		case key == "":
			return "The value is empty."
		case strings.ContainsFunc(key, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
			return "The value contains whitespace or a control character."
		}
		return ""
	}}
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// IDRule returns the validator of an ID. Its error names the data source that lists the IDs, and what to use instead.
func IDRule(noun, dataSource, otherwise string) validator.String {
	rule := "An ID is a UUID, such as 5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f. The data source " + dataSource + " lists the IDs. " + otherwise
	return stringRule{"Invalid " + noun + " ID", rule, "", func(id string) string {
		if idForm.MatchString(id) {
			return ""
		}
		return fmt.Sprintf("%q is not an ID.", id)
	}}
}

// ValidateTimeouts returns an error for each timeout that would end before the operation begins. The schema checks that it is a duration.
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
