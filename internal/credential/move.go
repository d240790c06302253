package credential

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var _ resource.ResourceWithMoveState = (*credentialResource)(nil)

// The official provider's resource, as its state tells it.
const (
	officialProvider = "/civo/civo"
	officialType     = "civo_object_store_credential"
)

// officialState is what the official provider's state holds, schema version 0.
type officialState struct {
	ID              *string            `json:"id"`
	Name            *string            `json:"name"`
	Region          *string            `json:"region"` // null: the provider's
	AccessKeyID     *string            `json:"access_key_id"`
	SecretAccessKey *string            `json:"secret_access_key"`
	Status          *string            `json:"status"`
	Timeouts        map[string]*string `json:"timeouts"`
}

// MoveState implements resource.ResourceWithMoveState: a `moved` block takes over the official provider's resource.
func (r *credentialResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveFromOfficial}}
}

// moveFromOfficial carries the state over. It makes no request: Terraform moves before it configures the provider, so a
// region that is null is found out by the read that follows.
func moveFromOfficial(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if req.SourceTypeName != officialType || !strings.HasSuffix(req.SourceProviderAddress, officialProvider) || req.SourceSchemaVersion != 0 {
		return // not ours: the framework says which source was asked for
	}
	var from officialState
	if err := json.Unmarshal(req.SourceRawState.JSON, &from); err != nil || from.ID == nil || *from.ID == "" {
		// The decoder's own words would quote the state, in which the secret stands.
		resp.Diagnostics.AddError("The state cannot be moved",
			"The state of "+officialType+" is not of the form that the official provider's version 1 writes. Leave the moved block out and import the credential instead.")
		return
	}
	for attribute, value := range map[string]*string{
		"id": from.ID, "name": from.Name, "region": blankIsNull(from.Region), "access_key_id": from.AccessKeyID,
		"secret_access_key": from.SecretAccessKey, "status": from.Status,
	} {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(attribute), value)...)
	}
	resp.Diagnostics.Append(moveTimeouts(ctx, from.Timeouts, resp)...)
	setAdopted(ctx, resp.TargetPrivate, true, &resp.Diagnostics)
}

func blankIsNull(value *string) *string {
	if value != nil && *value == "" {
		return nil
	}
	return value
}

// moveTimeouts carries over those timeouts that this resource has too.
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
