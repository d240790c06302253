// The rules about the secret: what a change does to it, for plan and apply alike, and which arguments conflict.

package credential

import (
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// change is the configuration, the plan and the prior state of a create or update; the prior state of a create is zero. What the provider
// sends depends only on the plan and the prior state, except for the value of secret_access_key_wo, which exists only in the configuration.
// The configurations for plan and apply can differ: Terraform merges ignore_changes into the one for the plan of an update, but not into
// the one for the apply.
type change struct{ config, plan, prior resourceModel }

// isCreate reports whether there is no credential yet. After a create with an unknown outcome, the state contains no ID; after a move, it
// may contain no name.
func (c change) isCreate() bool { return c.prior.ID.IsNull() && c.prior.Name.IsNull() }

// generatesSecret reports whether the provider generates a secret, because there is none yet, because the configuration requests another
// one, or because a write-only secret is no longer configured: that secret must not enter the state, as it would if it were read back.
func (c change) generatesSecret() bool {
	dropsWriteOnly := !c.prior.SecretAccessKeyWOVersion.IsNull()
	isSupplied := regional.IsSet(c.plan.SecretAccessKey) || !c.plan.SecretAccessKeyWOVersion.IsNull()
	return !isSupplied && (c.isCreate() || c.rotates() || dropsWriteOnly)
}

// rotates reports whether the strings of rotate_when_changed change, or may change because they are not known yet.
func (c change) rotates() bool {
	planned, known := rotationStrings(c.plan.RotateWhenChanged)
	prior, _ := rotationStrings(c.prior.RotateWhenChanged)
	return !known || !maps.Equal(planned, prior)
}

// rotationStrings returns the strings of rotate_when_changed other than null, and whether all of them are known.
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

// newSecret returns the secret to send to Civo; the zero value keeps the current one. Each call generates another secret.
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

// conflict is a combination of arguments that cannot be applied.
type conflict struct {
	this, that        bool // the conditions; the arguments conflict if both hold
	attribute, detail string
}

// errorsOf returns an error for each conflict whose conditions both hold.
func errorsOf(conflicts []conflict) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, one := range conflicts {
		if one.this && one.that {
			diags.AddAttributeError(path.Root(one.attribute), "Conflicting arguments", one.detail)
		}
	}
	return diags
}

// validateSecretArguments returns an error for each conflict about the secret. An unknown value conflicts with nothing: it may be null.
func (m resourceModel) validateSecretArguments() diag.Diagnostics {
	supplied := regional.IsSet(m.SecretAccessKey)
	writeOnly := regional.IsSet(m.SecretAccessKeyWO)
	version := regional.IsSet(m.SecretAccessKeyWOVersion)
	hidden := regional.IsSet(m.SecretInState) && !m.SecretInState.ValueBool()
	rotates := hasStrings(m.RotateWhenChanged)

	return errorsOf([]conflict{
		{supplied, writeOnly, "secret_access_key", "secret_access_key and secret_access_key_wo both supply the secret. Remove secret_access_key to keep the secret out of the state, or remove secret_access_key_wo to store the secret in the state."},
		{supplied, hidden, "secret_in_state", "A secret supplied in secret_access_key is always stored in the state. Remove secret_in_state = false, or supply the secret in secret_access_key_wo instead."},
		{supplied, rotates, "rotate_when_changed", "rotate_when_changed generates secrets, but secret_access_key supplies one. Remove rotate_when_changed and change secret_access_key to rotate, or remove secret_access_key."},
		{writeOnly, rotates, "rotate_when_changed", "rotate_when_changed generates secrets, but secret_access_key_wo supplies one. Remove rotate_when_changed and change secret_access_key_wo_version to rotate, or remove secret_access_key_wo."},
		{writeOnly, m.SecretAccessKeyWOVersion.IsNull(), "secret_access_key_wo_version", "The provider sends secret_access_key_wo when its version changes, but no version is set. Add secret_access_key_wo_version = 1."},
		{version, m.SecretAccessKeyWO.IsNull(), "secret_access_key_wo_version", "secret_access_key_wo_version is the version of secret_access_key_wo, which is not set. Add secret_access_key_wo, or remove secret_access_key_wo_version."},
	})
}

// validateIgnoreChanges returns an error if ignore_changes suppresses one part of a change to the secret, so that the plan of an update
// cannot represent the other part. ValidateConfig does not find these conflicts, because Terraform applies ignore_changes only to the
// configuration that it sends for the plan.
func (c change) validateIgnoreChanges() diag.Diagnostics {
	_, known := rotationStrings(c.plan.RotateWhenChanged)
	rotates := known && c.rotates() && hasStrings(c.plan.RotateWhenChanged)
	version := regional.IsSet(c.plan.SecretAccessKeyWOVersion)
	hidden := regional.IsSet(c.plan.SecretInState) && !c.plan.SecretInState.ValueBool()

	// Of two arguments in conflict, the ignored one has the value of the state.
	supplied := regional.IsSet(c.config.SecretAccessKey)
	oldSecret := supplied && c.config.SecretAccessKey.Equal(c.prior.SecretAccessKey)
	newSecret := supplied && !oldSecret
	oldVersion := version && !supplied && c.plan.SecretAccessKeyWOVersion.Equal(c.prior.SecretAccessKeyWOVersion)
	newVersion := version && !supplied && !oldVersion

	const (
		mustKeep = "the state must keep its current secret"
		stores   = "secret_access_key supplies a secret that is stored in the state"
		remove   = "remove secret_access_key"
	)
	return errorsOf([]conflict{
		{oldSecret, rotates, "rotate_when_changed", ignored("rotate_when_changed generates a new secret", "secret_access_key", mustKeep, "revert the change to rotate_when_changed")},
		{oldSecret, version, "secret_access_key_wo_version", ignored("secret_access_key_wo supplies a secret that is not stored in the state", "secret_access_key", mustKeep, "remove secret_access_key_wo and secret_access_key_wo_version")},
		{oldSecret, hidden, "secret_in_state", ignored("secret_in_state = false removes the secret from the state", "secret_access_key", mustKeep, "remove secret_in_state")},
		{newSecret, rotates, "secret_access_key", ignored(stores, "rotate_when_changed", "rotate_when_changed still generates a secret", remove)},
		{newSecret, version, "secret_access_key", ignored(stores, "secret_access_key_wo_version", "the credential keeps its write-only secret", remove)},
		{newSecret, hidden, "secret_access_key", ignored(stores, "secret_in_state", "the state still cannot contain the secret", remove)},
		{oldVersion, rotates, "rotate_when_changed", ignored("rotate_when_changed generates a new secret", "secret_access_key_wo_version", "the credential keeps its write-only secret", "revert the change to rotate_when_changed")},
		{newVersion, rotates, "secret_access_key_wo_version", ignored("secret_access_key_wo supplies the secret", "rotate_when_changed", "rotate_when_changed still generates a secret", "remove secret_access_key_wo and secret_access_key_wo_version")},
		{newVersion, c.config.SecretAccessKeyWO.IsNull(), "secret_access_key_wo_version", ignored("A new secret_access_key_wo_version sends secret_access_key_wo", "secret_access_key_wo", "the provider has no secret to send", "revert the change to secret_access_key_wo_version")},
	})
}

// ignored describes a conflict with an attribute in ignore_changes: the request, the attribute, the effect, and the alternative.
func ignored(asks, attribute, but, otherwise string) string {
	return fmt.Sprintf("%s, but lifecycle.ignore_changes contains %s, so %s. Remove %s from ignore_changes, or %s.", asks, attribute, but, attribute, otherwise)
}

// hasStrings reports whether rotate_when_changed is set to at least one string.
func hasStrings(value types.Map) bool {
	found, _ := rotationStrings(value)
	return len(found) > 0
}
