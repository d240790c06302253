// Moves from civo_object_store_credential of the provider civo/civo.

package credential

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var _ resource.ResourceWithMoveState = (*credentialResource)(nil)

// officialType is the type of the official provider's resource.
const officialType = "civo_object_store_credential"

// moveSources are the provider addresses that a move can come from, without the registry's host, which differs in OpenTofu. They
// include this provider: a resource in the state has one provider, so after Terraform 1.11 has moved one instance of the official
// resource, it names this provider for the other instances.
var moveSources = []string{"/civo/civo", "/seed-0e51fd2b/civo"}

// isOfficial reports whether a move comes from the official provider's resource.
func isOfficial(req resource.MoveStateRequest) bool {
	return req.SourceTypeName == officialType && req.SourceSchemaVersion == 0 && slices.ContainsFunc(moveSources, func(source string) bool {
		return strings.HasSuffix(req.SourceProviderAddress, source)
	})
}

// officialState is the state of the official provider's resource, schema version 0.
type officialState struct {
	ID              *string            `json:"id"`
	Name            *string            `json:"name"`
	Region          *string            `json:"region"` // null: the provider's region
	AccessKeyID     *string            `json:"access_key_id"`
	SecretAccessKey *string            `json:"secret_access_key"`
	Status          *string            `json:"status"`
	Timeouts        map[string]*string `json:"timeouts"`
}

// MoveState implements resource.ResourceWithMoveState: a `moved` block moves the official provider's resource.
func (r *credentialResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveFromOfficial}}
}

// moveFromOfficial copies the state. It sends no request, because Terraform moves before it configures the provider; the read
// that follows looks up a null region.
func moveFromOfficial(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if !isOfficial(req) {
		return // the framework then reports that the move is not supported
	}
	var from officialState
	if err := json.Unmarshal(req.SourceRawState.JSON, &from); err != nil || from.ID == nil || *from.ID == "" {
		// The decoder's error would quote the state, which contains the secret.
		resp.Diagnostics.AddError("Unsupported state format",
			"The state of "+officialType+" does not have the format of version 1 of the official provider. Remove the moved block and import the credential instead.")
		return
	}
	for attribute, value := range map[string]*string{
		"id": from.ID, "name": from.Name, "region": blankIsNull(from.Region), "access_key_id": from.AccessKeyID,
		"secret_access_key": from.SecretAccessKey, "status": from.Status,
	} {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(attribute), value)...)
	}
	resp.Diagnostics.Append(moveTimeouts(ctx, from.Timeouts, resp)...)
}

func blankIsNull(value *string) *string {
	if value != nil && *value == "" {
		return nil
	}
	return value
}

// moveTimeouts copies the timeouts that this resource supports too.
func moveTimeouts(ctx context.Context, from map[string]*string, resp *resource.MoveStateResponse) diag.Diagnostics {
	var diags diag.Diagnostics
	if from == nil {
		return diags
	}
	for _, operation := range []string{"create", "update", "delete"} {
		diags.Append(resp.TargetState.SetAttribute(ctx, path.Root("timeouts").AtName(operation), from[operation])...)
	}
	return diags
}
