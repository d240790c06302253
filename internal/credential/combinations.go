package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var _ resource.ResourceWithValidateConfig = (*credentialResource)(nil)

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (r *credentialResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.contradictions()...)
	}
}

// contradictions finds the arguments about the secret that do not go together. A value that is not known yet
// contradicts nothing: it may turn out to be null.
func (m resourceModel) contradictions() diag.Diagnostics {
	given := isSet(m.SecretAccessKey)
	writeOnly := isSet(m.SecretAccessKeyWO)
	version := isSet(m.SecretAccessKeyWOVersion)
	notKept := isSet(m.SecretInState) && !m.SecretInState.ValueBool()
	rotates := isSet(m.RotateWhenChanged)

	var diags diag.Diagnostics
	for _, rule := range []struct {
		broken    bool
		attribute string
		detail    string
	}{
		{given && writeOnly, "secret_access_key", "secret_access_key and secret_access_key_wo both give the secret. Remove secret_access_key to keep the secret out of the state, or secret_access_key_wo to have it there."},
		{given && notKept, "secret_in_state", "A secret given in secret_access_key stands in the state whatever secret_in_state says. Remove secret_in_state = false, or give the secret in secret_access_key_wo instead."},
		{given && rotates, "rotate_when_changed", "rotate_when_changed makes generated secrets, but secret_access_key gives one. Remove rotate_when_changed and change secret_access_key to rotate, or remove secret_access_key."},
		{writeOnly && rotates, "rotate_when_changed", "rotate_when_changed makes generated secrets, but secret_access_key_wo gives one. Remove rotate_when_changed and change secret_access_key_wo_version to rotate, or remove secret_access_key_wo."},
		{writeOnly && m.SecretAccessKeyWOVersion.IsNull(), "secret_access_key_wo_version", "secret_access_key_wo is sent when its version changes, but there is none. Add secret_access_key_wo_version = 1."},
		{version && m.SecretAccessKeyWO.IsNull(), "secret_access_key_wo_version", "There is no secret_access_key_wo that this could be the version of. Add it, or remove secret_access_key_wo_version."},
	} {
		if rule.broken {
			diags.AddAttributeError(path.Root(rule.attribute), "These arguments do not go together", rule.detail)
		}
	}
	return diags
}

func isSet(value interface {
	IsNull() bool
	IsUnknown() bool
},
) bool {
	return !value.IsNull() && !value.IsUnknown()
}
