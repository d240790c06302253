// The attributes that all types of objects have.

package regional

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// Model contains the attributes that all types of objects have, in resources and in data sources.
type Model struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Region      types.String `tfsdk:"region"`
	AccessKeyID types.String `tfsdk:"access_key_id"`
	Endpoint    types.String `tfsdk:"endpoint"`
	Status      types.String `tfsdk:"status"`
}

// NewModel converts an object that Civo returned.
func NewModel(client *civo.Client, o civo.Ref, accessKeyID string) Model {
	return Model{
		ID:          StringOrNull(o.ID), // null after a create whose outcome is unknown
		Name:        types.StringValue(o.Name),
		Region:      types.StringValue(o.Region),
		AccessKeyID: StringOrNull(accessKeyID), // null until Civo returns it
		Endpoint:    Endpoint(client, types.StringValue(o.Region)),
		Status:      types.StringValue(string(o.Status)),
	}
}

// Since returns the model with the prior values that Civo's response does not replace.
func (m Model) Since(before Model) Model {
	m.Region = KeepSpelling(before.Region, m.Region.ValueString())
	if m.AccessKeyID.IsNull() {
		m.AccessKeyID = before.AccessKeyID
	}
	if m.Endpoint.IsUnknown() { // until the provider's objectstore_endpoint is known
		m.Endpoint = before.Endpoint
	}
	return m
}

// Fill returns the plan with its unknown values replaced by the actual values.
func (m Model) Fill(actual Model) Model {
	Fill(&m.ID, actual.ID)
	Fill(&m.Region, actual.Region)
	Fill(&m.AccessKeyID, actual.AccessKeyID)
	Fill(&m.Endpoint, actual.Endpoint)
	Fill(&m.Status, actual.Status)
	return m
}

// Fill replaces an unknown value with the actual value.
func Fill(planned *types.String, actual types.String) {
	if planned.IsUnknown() {
		*planned = actual
	}
}
