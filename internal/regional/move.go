// Moves from resources of the official provider civo/civo.

package regional

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// moveSources are the provider addresses that a move can come from, without the host of the registry, which differs in OpenTofu. They
// include this provider. The state stores one provider for all instances of a resource. After Terraform 1.11 moves one instance of the
// official resource, it therefore names this provider as the source of the other instances.
var moveSources = []string{"/civo/civo", "/seed-0e51fd2b/civo"}

// MoveState returns the state mover for `moved` blocks that move a resource from the official provider. Its attributes have the same
// names and types. The mover sends no request, because Terraform moves a resource before it configures the provider. If the region is
// null, the next read determines it.
func (r *Resource[O, M]) MoveState(ctx context.Context) []resource.StateMover {
	source := r.ResourceSchema(ctx)
	return []resource.StateMover{{SourceSchema: &source, StateMover: r.move}}
}

func (r *Resource[O, M]) move(_ context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	isSource := func(source string) bool { return strings.HasSuffix(req.SourceProviderAddress, source) }
	if req.SourceTypeName != r.OfficialType || req.SourceSchemaVersion != 0 || !slices.ContainsFunc(moveSources, isSource) {
		return // the framework then reports that the move is not supported
	}
	var attributes Attributes
	if req.SourceState != nil { // otherwise the framework could not decode it
		attributes = AttributesOf(req.SourceState.Raw)
	}
	if isEmpty(attributes["id"]) {
		resp.Diagnostics.AddError("Unsupported state format", "The state of "+r.OfficialType+
			" does not have the format of version 1 of the official provider. Remove the moved block and import the "+r.Type.Noun+" instead.")
		return
	}
	for name, value := range attributes {
		if isEmpty(value) || name == "bucket_url" { // the official bucket_url is the endpoint
			attributes[name] = tftypes.NewValue(value.Type(), nil)
		}
	}
	resp.TargetState.Raw = tftypes.NewValue(req.SourceState.Raw.Type(), map[string]tftypes.Value(attributes))
}

// isEmpty reports whether a value is null or an empty string.
func isEmpty(value tftypes.Value) bool {
	var text string
	return value.IsNull() || value.As(&text) == nil && text == ""
}
