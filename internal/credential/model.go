// Package credential contains civo_objectstore_credential: the resource, data sources, ephemeral resource, list resource and the action
// civo_objectstore_credential_rotate. They share one model and one description of each attribute.
package credential

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

var wording = diagnostics.Wording{
	Noun: "credential", ResourceType: "civo_objectstore_credential",
	ImportKeys: "ID, name, or access key ID", LookupKeys: "name, access key ID, or ID", Recognized: "access key ID", InObjectStorage: true,
}

// commonModel contains the attributes that the resource, the data sources and the ephemeral resource share.
type commonModel struct {
	regional.Model

	AccessKeyID types.String `tfsdk:"access_key_id"`
	Endpoint    types.String `tfsdk:"endpoint"`
	Suspended   types.Bool   `tfsdk:"suspended"`
}

// newCommonModel converts a credential that Civo returned.
func newCommonModel(data *regional.Data, c civo.Credential) commonModel {
	return commonModel{
		Model:       regional.NewModel(c.Ref()),
		AccessKeyID: regional.StringOrNull(c.AccessKeyID), // null until Civo returns it
		Endpoint:    data.S3Endpoint(types.StringValue(c.Region)),
		Suspended:   types.BoolValue(c.Suspended),
	}
}

// credential converts the model to the client's type. Null and unknown become the zero value.
func (m commonModel) credential() civo.Credential {
	return civo.Credential{
		ID:          m.ID.ValueString(),
		Name:        m.Name.ValueString(),
		Region:      m.Region.ValueString(),
		AccessKeyID: m.AccessKeyID.ValueString(),
		Status:      civo.Status(m.Status.ValueString()),
		Suspended:   m.Suspended.ValueBool(),
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

// keepsSecret reports whether the state contains the secret: neither a write-only one nor one that secret_in_state keeps out.
func (m resourceModel) keepsSecret() bool {
	return m.SecretAccessKeyWOVersion.IsNull() && (m.SecretInState.IsNull() || m.SecretInState.ValueBool())
}

// isComplete reports whether a state that does not change needs no planning.
func (m resourceModel) isComplete() bool {
	return m.Status.ValueString() == string(civo.StatusReady) && !m.ID.IsNull() && !m.Region.IsNull() && !m.AccessKeyID.IsNull() &&
		!m.Endpoint.IsNull() && m.SecretAccessKey.IsNull() != m.keepsSecret()
}

// withRemote returns the state updated with Civo's response. Attributes that only the configuration sets are unchanged.
func (m resourceModel) withRemote(data *regional.Data, c civo.Credential) resourceModel {
	prior := m.commonModel
	m.commonModel = newCommonModel(data, c)
	m.Name = regional.KeepName(prior.Name, m.Name.ValueString())
	m.Region = regional.KeepSpelling(prior.Region, c.Region)
	regional.KeepPrior(&m.AccessKeyID, prior.AccessKeyID)
	regional.KeepPrior(&m.Endpoint, prior.Endpoint)
	switch {
	case !m.keepsSecret():
		m.SecretAccessKey = types.StringNull()
	case !c.SecretAccessKey.IsZero():
		m.SecretAccessKey = types.StringValue(c.SecretAccessKey.Reveal())
	}
	return m
}

// withActual returns the state after a change: the planned values and, where the plan is unknown, the values that Civo returned.
func (m resourceModel) withActual(data *regional.Data, c civo.Credential) resourceModel {
	actual := newCommonModel(data, c)
	m.Model = m.FillUnknown(actual.Model)
	regional.FillUnknown(&m.AccessKeyID, actual.AccessKeyID)
	regional.FillUnknown(&m.Endpoint, actual.Endpoint)
	regional.FillUnknown(&m.Suspended, actual.Suspended)
	secret := types.StringNull()
	if m.keepsSecret() {
		secret = regional.StringOrNull(c.SecretAccessKey.Reveal())
	}
	regional.FillUnknown(&m.SecretAccessKey, secret)
	return m
}
