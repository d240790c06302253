// Reading configurations and states without converting them to models. The conversion takes much of the CPU time of a plan, but most
// objects in a plan have a simple configuration and do not change.

package regional

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Attributes are the attributes and blocks of a configuration or state, by name.
type Attributes map[string]tftypes.Value

// AttributesOf returns the attributes of a configuration or state; nil if it is null.
func AttributesOf(raw tftypes.Value) Attributes {
	var attributes map[string]tftypes.Value
	if err := raw.As(&attributes); err != nil {
		return nil
	}
	return attributes
}

// SetsAny reports whether any of the attributes or blocks is not null.
func (a Attributes) SetsAny(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return !a[name].IsNull() })
}

// SetsAll reports whether none of the attributes or blocks is null.
func (a Attributes) SetsAll(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return a[name].IsNull() })
}

// Is reports whether an attribute is known and equals a value.
func (a Attributes) Is(name string, value any) bool {
	return a[name].IsKnown() && !a[name].IsNull() && a[name].Equal(tftypes.NewValue(a[name].Type(), value))
}
