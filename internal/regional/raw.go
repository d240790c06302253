// Functions that read raw configurations, plans and states, without converting them into models. The conversion takes most of the CPU
// time of a plan, and most objects in a plan have a simple configuration and do not change.

package regional

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// attributesOf returns the attributes of a configuration, plan or state; nil if it is null.
func attributesOf(raw tftypes.Value) map[string]tftypes.Value {
	var attributes map[string]tftypes.Value
	if err := raw.As(&attributes); err != nil {
		return nil
	}
	return attributes
}

// SetsAny reports whether a configuration sets one of the attributes or blocks.
func SetsAny(config tftypes.Value, names ...string) bool {
	attributes := attributesOf(config)
	for _, name := range names {
		if value := attributes[name]; !value.IsNull() {
			return true
		}
	}
	return false
}

// IsUnchanged reports whether a plan equals a complete state, so that ModifyPlan has nothing to do. A state is complete if its status is
// ready and no required attribute is null.
func IsUnchanged(plan, state tftypes.Value, required ...string) bool {
	if state.IsNull() || !plan.Equal(state) {
		return false
	}
	attributes := attributesOf(state)
	for _, name := range required {
		if value := attributes[name]; value.IsNull() {
			return false
		}
	}
	var status string
	_ = attributes["status"].As(&status) // a status that is not a string is not ready
	return civo.Status(status) == civo.StatusReady
}
