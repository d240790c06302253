// The attributes that every type of record has, and conversions between values of the client and of the framework.

package regional

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// Model contains the attributes that every type of record has, in resources and in data sources.
type Model struct {
	ID     types.String `tfsdk:"id"`
	Name   types.String `tfsdk:"name"`
	Region types.String `tfsdk:"region"`
	Status types.String `tfsdk:"status"`
}

// NewModel converts a record that Civo returned.
func NewModel(record civo.Ref) Model {
	return Model{
		ID:     StringOrNull(record.ID), // null after a create whose outcome is unknown
		Name:   types.StringValue(record.Name),
		Region: types.StringValue(record.Region),
		Status: types.StringValue(string(record.Status)),
	}
}

// FillUnknown replaces the unknown values of a plan with the actual values.
func (m Model) FillUnknown(actual Model) Model {
	FillUnknown(&m.ID, actual.ID)
	FillUnknown(&m.Region, actual.Region)
	FillUnknown(&m.Status, actual.Status)
	return m
}

// FillUnknown replaces an unknown value of a plan with the actual value.
func FillUnknown[V attr.Value](planned *V, actual V) {
	if (*planned).IsUnknown() {
		*planned = actual
	}
}

// KeepPrior replaces a value that Civo does not return, or that is not known yet, with the prior value.
func KeepPrior(current *types.String, prior types.String) {
	if !IsSet(*current) {
		*current = prior
	}
}

// KeepSpelling returns the region of a record. If the configuration or state has the same region in another case, it keeps that case.
func KeepSpelling(spelling types.String, actual string) types.String {
	if civo.SameRegion(spelling.ValueString(), actual) {
		return spelling
	}
	return types.StringValue(actual)
}

// StringOrNull returns null for an empty string.
func StringOrNull(value string) types.String {
	if value == "" {
		return types.StringNull()
	}
	return types.StringValue(value)
}

// IsSet reports whether a value is neither null nor unknown.
func IsSet(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }
