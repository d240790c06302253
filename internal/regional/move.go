// Moves from resources of the official provider civo/civo.

package regional

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// moveSources are the provider addresses that a move can come from, without the host of the registry, which differs in OpenTofu. They
// include this provider. The state stores one provider for all instances of a resource. After Terraform 1.11 moves one instance of the
// official resource, it therefore names this provider as the source of the other instances.
var moveSources = []string{"/civo/civo", "/seed-0e51fd2b/civo"}

// Move describes a move from a resource of the official provider, schema version 0.
type Move struct {
	From     string   // type of the official resource
	Noun     string   // of the object
	Strings  []string // attributes that are copied; an empty string becomes null
	Numbers  []string // attributes that are copied
	Timeouts []string // operations whose timeouts are copied
}

// Mover returns the mover for MoveState. It sends no request, because Terraform moves a resource before it configures the provider. The
// read that follows determines a null region.
func (m Move) Mover() resource.StateMover { return resource.StateMover{StateMover: m.move} }

// isOfficial reports whether a move comes from the official provider's resource.
func (m Move) isOfficial(req resource.MoveStateRequest) bool {
	return req.SourceTypeName == m.From && req.SourceSchemaVersion == 0 && slices.ContainsFunc(moveSources, func(source string) bool {
		return strings.HasSuffix(req.SourceProviderAddress, source)
	})
}

func (m Move) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if !m.isOfficial(req) {
		return // the framework then reports that the move is not supported
	}
	resp.Diagnostics.Append(m.copyState(ctx, req.SourceRawState.JSON, resp)...)
}

// unsupported returns the error for a state in another format. The error of the decoder would quote the state, which can contain a
// secret.
func (m Move) unsupported() diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unsupported state format", "The state of "+m.From+
		" does not have the format of version 1 of the official provider. Remove the moved block and import the "+m.Noun+" instead.")
}

func (m Move) copyState(ctx context.Context, state []byte, resp *resource.MoveStateResponse) diag.Diagnostics {
	var from struct {
		ID       string             `json:"id"`
		Timeouts map[string]*string `json:"timeouts"`
	}
	var attributes map[string]json.RawMessage
	if json.Unmarshal(state, &from) != nil || json.Unmarshal(state, &attributes) != nil || from.ID == "" {
		return diag.Diagnostics{m.unsupported()}
	}
	var diags diag.Diagnostics
	for _, name := range m.Strings {
		value, ok := decode[string](attributes[name])
		if !ok {
			return diag.Diagnostics{m.unsupported()}
		}
		if value != nil && *value == "" {
			value = nil
		}
		diags.Append(resp.TargetState.SetAttribute(ctx, path.Root(name), value)...)
	}
	for _, name := range m.Numbers {
		value, ok := decode[int64](attributes[name])
		if !ok {
			return diag.Diagnostics{m.unsupported()}
		}
		diags.Append(resp.TargetState.SetAttribute(ctx, path.Root(name), value)...)
	}
	if from.Timeouts == nil {
		return diags
	}
	for _, operation := range m.Timeouts {
		diags.Append(resp.TargetState.SetAttribute(ctx, path.Root("timeouts").AtName(operation), from.Timeouts[operation])...)
	}
	return diags
}

// decode returns the value of an attribute, which is nil if the attribute is null or missing. ok reports whether the type is correct.
func decode[T any](attribute json.RawMessage) (value *T, ok bool) {
	return value, attribute == nil || json.Unmarshal(attribute, &value) == nil
}
