package credential

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// change is what turns one state of the resource into the next, during plan and during apply. It holds the rules about
// the secret.
type change struct {
	prior  resourceModel // zero for a credential that is to be created
	config resourceModel
	plan   resourceModel
	// adopted says that the prior state comes from an import or a move, which cannot know what rotate_when_changed was.
	adopted bool
}

// isCreate says whether there is no credential yet.
func (c change) isCreate() bool { return c.prior.Name.IsNull() }

// isGiven says whether the configuration gives the secret in the attribute that stays in the state.
func (c change) isGiven() bool { return !c.config.SecretAccessKey.IsNull() }

// rotates says whether a generated secret is to be made anew.
func (c change) rotates() bool {
	return !c.isCreate() && !c.adopted && !c.plan.RotateWhenChanged.Equal(c.prior.RotateWhenChanged)
}

// dropsWriteOnly says whether a write-only secret was given and no longer is. It must not get into the state by being
// read back, so another is generated.
func (c change) dropsWriteOnly() bool {
	return !c.prior.SecretAccessKeyWOVersion.IsNull() && c.plan.SecretAccessKeyWOVersion.IsNull() && !c.isGiven()
}

// plannedSecret is secret_access_key as far as a plan can tell.
func (c change) plannedSecret() types.String {
	switch {
	case c.isGiven():
		return c.plan.SecretAccessKey
	case c.plan.SecretInState.IsUnknown(), c.plan.SecretAccessKeyWOVersion.IsUnknown():
		return types.StringUnknown()
	case !c.plan.keepsSecret():
		return types.StringNull()
	case c.isCreate(), c.rotates(), c.dropsWriteOnly(), c.prior.SecretAccessKey.IsNull():
		return types.StringUnknown()
	default:
		return c.prior.SecretAccessKey
	}
}

// newSecret is the secret that has to be sent to Civo; empty if the one that it has is to stay.
func (c change) newSecret() civo.Secret {
	wo := c.config.SecretAccessKeyWO
	switch {
	case c.isGiven():
		return civo.NewSecret(c.plan.SecretAccessKey.ValueString())
	case !wo.IsNull() && !c.plan.SecretAccessKeyWOVersion.Equal(c.prior.SecretAccessKeyWOVersion):
		return civo.NewSecret(wo.ValueString())
	case !wo.IsNull():
		return civo.Secret{}
	case c.isCreate(), c.rotates(), c.dropsWriteOnly():
		return civo.NewSecretAccessKey()
	default:
		return civo.Secret{}
	}
}

// newAccessKeyID is the access key ID that has to be sent to Civo; empty if the one that it has is to stay.
func (c change) newAccessKeyID() string {
	switch {
	case !c.plan.AccessKeyID.IsUnknown() && !c.plan.AccessKeyID.Equal(c.prior.AccessKeyID):
		return c.plan.AccessKeyID.ValueString()
	case c.isCreate():
		return civo.NewAccessKeyID()
	default:
		return ""
	}
}

// after is the state that the change leads to: what was planned, and what Civo says where the plan could not know.
func (c change) after(seen civo.Credential) resourceModel {
	state, actual := c.plan, factsOf(seen)
	fill(&state.ID, actual.ID)
	fill(&state.Region, actual.Region)
	fill(&state.AccessKeyID, actual.AccessKeyID)
	fill(&state.Endpoint, actual.Endpoint)
	fill(&state.Status, actual.Status)
	if state.Suspended.IsUnknown() {
		state.Suspended = actual.Suspended
	}
	secret := types.StringNull()
	if state.keepsSecret() && !seen.SecretAccessKey.IsZero() {
		secret = types.StringValue(seen.SecretAccessKey.Reveal())
	}
	fill(&state.SecretAccessKey, secret)
	return state
}

func fill(value *types.String, actual types.String) {
	if value.IsUnknown() {
		*value = actual
	}
}
