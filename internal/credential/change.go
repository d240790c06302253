// The rules about the secret, for plan and apply alike.

package credential

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// change is the configuration, the plan and the prior state of a create or update; the prior state of a create is zero. What the provider
// sends depends only on the plan and the prior state, except for the value of secret_access_key_wo, which exists only in the configuration.
// The configurations for plan and apply can differ: Terraform merges ignore_changes into the one for the plan of an update, but not into
// the one for the apply.
type change struct{ config, plan, prior resourceModel }

// isCreate reports whether there is no credential yet. A credential whose creation has an unknown outcome has no ID in the state,
// and a moved one may have no name there.
func (c change) isCreate() bool { return c.prior.ID.IsNull() && c.prior.Name.IsNull() }

// generatesSecret reports whether the provider generates a secret, because there is none yet, because the configuration requests another
// one, or because a write-only secret is no longer configured: that secret must not enter the state, as it would if it were read back.
func (c change) generatesSecret() bool {
	dropsWriteOnly := !c.prior.SecretAccessKeyWOVersion.IsNull()
	return !regional.IsSet(c.plan.SecretAccessKey) && c.plan.SecretAccessKeyWOVersion.IsNull() && (c.isCreate() || c.rotates() || dropsWriteOnly)
}

// rotates reports whether the strings of rotate_when_changed change, or may change because they are not known yet.
func (c change) rotates() bool {
	planned, known := rotationStrings(c.plan.RotateWhenChanged)
	prior, _ := rotationStrings(c.prior.RotateWhenChanged)
	return !known || !maps.Equal(planned, prior)
}

// rotationStrings returns the strings of rotate_when_changed, and whether all of them are known. A null element is ignored, so
// null, {} and { a = null } are equivalent.
func rotationStrings(value types.Map) (found map[string]string, known bool) {
	found = map[string]string{}
	known = !value.IsUnknown()
	for key, element := range value.Elements() {
		text, ok := element.(types.String)
		switch {
		case !ok, text.IsNull():
		case text.IsUnknown():
			known = false
		default:
			found[key] = text.ValueString()
		}
	}
	return found, known
}

// plannedSecret returns secret_access_key as far as it is known during plan.
func (c change) plannedSecret() types.String {
	switch {
	case c.config.SecretAccessKey.IsUnknown(), regional.IsSet(c.plan.SecretAccessKey):
		return c.plan.SecretAccessKey
	case c.plan.SecretInState.IsUnknown(), c.plan.SecretAccessKeyWOVersion.IsUnknown():
		return types.StringUnknown()
	case !c.plan.keepsSecret():
		return types.StringNull()
	case !c.generatesSecret() && !c.prior.SecretAccessKey.IsNull():
		return c.prior.SecretAccessKey
	default:
		return types.StringUnknown()
	}
}

// newSecret returns the secret to send to Civo; the zero value keeps the current one. Each call that generates a
// secret generates another one.
func (c change) newSecret() civo.Secret {
	secret, version := c.plan.SecretAccessKey, c.plan.SecretAccessKeyWOVersion
	switch {
	case c.generatesSecret():
		return civo.NewSecretAccessKey()
	case regional.IsSet(secret) && !secret.Equal(c.prior.SecretAccessKey):
		return civo.NewSecret(secret.ValueString())
	case !regional.IsSet(secret) && !version.IsNull() && !version.Equal(c.prior.SecretAccessKeyWOVersion):
		return civo.NewSecret(c.config.SecretAccessKeyWO.ValueString())
	default:
		return civo.Secret{}
	}
}

// newAccessKeyID returns the access key ID to send to Civo; "" keeps the current one.
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
