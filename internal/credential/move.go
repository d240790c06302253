// Moves from civo_object_store_credential of the provider civo/civo.

package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

var _ resource.ResourceWithMoveState = (*credentialResource)(nil)

// MoveState implements resource.ResourceWithMoveState: a `moved` block moves the official provider's resource.
func (r *credentialResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{regional.Move{
		From: "civo_object_store_credential", Noun: kind.Noun,
		Strings:  []string{"id", "name", "region", "access_key_id", "secret_access_key", "status"},
		Timeouts: []string{"create", "update", "delete"},
	}.Mover()}
}
