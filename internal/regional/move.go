// Moves from resources of the official provider civo/civo.

package regional

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// moveSources are the provider addresses that a move can come from, without the host of the registry, which differs in OpenTofu. They
// include this provider. The state stores one provider for all instances of a resource. After Terraform 1.11 moves one instance of the
// official resource, it therefore names this provider as the source of the other instances.
var moveSources = []string{"/civo/civo", "/seed-0e51fd2b/civo"}

// MoveState returns the state mover for a `moved` block. It accepts a resource of the official provider with the same names and types of
// attributes, of which the dropped ones have another meaning there. The mover sends no request, because Terraform moves a resource before
// it configures the provider. The next read determines what is null.
func MoveState(from, noun string, target schema.Schema, dropped ...string) []resource.StateMover {
	move := func(_ context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		isSource := func(source string) bool { return strings.HasSuffix(req.SourceProviderAddress, source) }
		if req.SourceTypeName != from || req.SourceSchemaVersion != 0 || !slices.ContainsFunc(moveSources, isSource) {
			return // the framework then reports that the move is not supported
		}
		var attributes map[string]tftypes.Value
		if req.SourceState != nil { // otherwise the framework could not decode it
			_ = req.SourceState.Raw.As(&attributes) // none if it fails
		}
		if isEmpty(attributes["id"]) { // every state of the official resource contains it
			resp.Diagnostics.AddError("Unsupported state format", "The state of "+from+
				" does not have the format of version 1 of the official provider. Remove the moved block and import the "+noun+" instead.")
			return
		}
		for name, value := range attributes {
			if isEmpty(value) || slices.Contains(dropped, name) {
				attributes[name] = tftypes.NewValue(value.Type(), nil)
			}
		}
		resp.TargetState.Raw = tftypes.NewValue(req.SourceState.Raw.Type(), attributes)
	}
	return []resource.StateMover{{SourceSchema: &target, StateMover: move}}
}

// isEmpty reports whether a value is null or an empty string.
func isEmpty(value tftypes.Value) bool {
	var text string
	return value.IsNull() || value.As(&text) == nil && text == ""
}
