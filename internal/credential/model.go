// Package credential contains civo_objectstore_credential: the resource, the data sources, the ephemeral resource, the list
// resource and the action civo_objectstore_credential_rotate. They share one model, one description of each attribute, and one way to report errors.
package credential

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// typeSuffix follows the provider's name in the types of this package.
const typeSuffix = "_objectstore_credential"

// commonModel contains the attributes that the resource, the data sources and the ephemeral resource share.
type commonModel struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Region      types.String `tfsdk:"region"`
	AccessKeyID types.String `tfsdk:"access_key_id"`
	Endpoint    types.String `tfsdk:"endpoint"`
	Status      types.String `tfsdk:"status"`
	Suspended   types.Bool   `tfsdk:"suspended"`
}

// newCommonModel converts a credential that Civo returned.
func newCommonModel(client *civo.Client, c civo.Credential) commonModel {
	return commonModel{
		ID:          regional.StringOrNull(c.ID), // null after a create whose outcome is unknown
		Name:        types.StringValue(c.Name),
		Region:      types.StringValue(c.Region),
		AccessKeyID: regional.StringOrNull(c.AccessKeyID), // null while Civo does not show it yet
		Endpoint:    regional.Endpoint(client, types.StringValue(c.Region)),
		Status:      types.StringValue(string(c.Status)),
		Suspended:   types.BoolValue(c.Suspended),
	}
}

// credential converts the model to the client's type. Null and unknown become the zero value.
func (f commonModel) credential() civo.Credential {
	return civo.Credential{
		ID:          f.ID.ValueString(),
		Name:        f.Name.ValueString(),
		Region:      f.Region.ValueString(),
		AccessKeyID: f.AccessKeyID.ValueString(),
		Status:      civo.Status(f.Status.ValueString()),
		Suspended:   f.Suspended.ValueBool(),
	}
}

// resourceModel is the resource in configuration, plan and state.
type resourceModel struct {
	commonModel

	SecretAccessKey          types.String   `tfsdk:"secret_access_key"`
	SecretAccessKeyWO        types.String   `tfsdk:"secret_access_key_wo"`
	SecretAccessKeyWOVersion types.Number   `tfsdk:"secret_access_key_wo_version"`
	SecretInState            types.Bool     `tfsdk:"secret_in_state"`
	RotateWhenChanged        types.Map      `tfsdk:"rotate_when_changed"`
	Timeouts                 timeouts.Value `tfsdk:"timeouts"`
}

// keepsSecret reports whether the state contains the secret. It contains neither a write-only secret nor one that
// secret_in_state keeps out.
func (m resourceModel) keepsSecret() bool {
	return m.SecretAccessKeyWOVersion.IsNull() && (m.SecretInState.IsNull() || m.SecretInState.ValueBool())
}

// withRemote returns the model updated with Civo's response. Attributes that only the configuration sets are unchanged.
func (m resourceModel) withRemote(client *civo.Client, c civo.Credential) resourceModel {
	before := m.commonModel
	m.commonModel = newCommonModel(client, c)
	m.Region = regional.KeepSpelling(before.Region, c.Region)
	if m.Endpoint.IsUnknown() {
		m.Endpoint = before.Endpoint // until the provider's objectstore_endpoint is known
	}
	if m.AccessKeyID.IsNull() {
		m.AccessKeyID = before.AccessKeyID
	}
	switch {
	case !m.keepsSecret():
		m.SecretAccessKey = types.StringNull()
	case !c.SecretAccessKey.IsZero():
		m.SecretAccessKey = types.StringValue(c.SecretAccessKey.Reveal())
	}
	return m
}

// sameRemote reports whether two models agree in everything that Civo returns.
func (m resourceModel) sameRemote(other resourceModel) bool {
	return m.commonModel == other.commonModel && m.SecretAccessKey == other.SecretAccessKey
}

// isTerminal reports whether the status is final: ready or failed.
func (m resourceModel) isTerminal() bool {
	status := civo.Status(m.Status.ValueString())
	return status == civo.StatusReady || status == civo.StatusFailed
}
