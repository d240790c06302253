// Package objectstore contains civo_objectstore: the resource, the data sources and the list resource. They share one model, one
// description of each attribute, and one way to report errors.
package objectstore

import (
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// typeSuffix follows the provider's name in the types of this package.
const typeSuffix = "_objectstore"

// commonModel contains the attributes that the resource and the data sources share.
type commonModel struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Region      types.String `tfsdk:"region"`
	AccessKeyID types.String `tfsdk:"access_key_id"`
	MaxSizeGB   types.Int64  `tfsdk:"max_size_gb"`
	Endpoint    types.String `tfsdk:"endpoint"`
	BucketURL   types.String `tfsdk:"bucket_url"`
	Status      types.String `tfsdk:"status"`
}

// newCommonModel converts a store that Civo returned.
func newCommonModel(client *civo.Client, s civo.ObjectStore) commonModel {
	region, name := types.StringValue(s.Region), types.StringValue(s.Name)
	return commonModel{
		ID:          regional.StringOrNull(s.ID), // null after a create whose outcome is unknown
		Name:        name,
		Region:      region,
		AccessKeyID: regional.StringOrNull(s.Owner.AccessKeyID), // null until Civo returns it
		MaxSizeGB:   types.Int64Value(int64(s.MaxSizeGB)),
		Endpoint:    regional.Endpoint(client, region),
		BucketURL:   bucketURL(client, region, name),
		Status:      types.StringValue(string(s.Status)),
	}
}

// bucketURL returns the URL of a bucket, which is unknown if the endpoint or the name is not known yet.
func bucketURL(client *civo.Client, region, name types.String) types.String {
	endpoint := regional.Endpoint(client, region)
	if endpoint.IsUnknown() || name.IsUnknown() {
		return types.StringUnknown()
	}
	return types.StringValue(endpoint.ValueString() + "/" + url.PathEscape(name.ValueString()))
}

// store converts the model to the client's type. Null and unknown become the zero value.
func (m commonModel) store() civo.ObjectStore {
	return civo.ObjectStore{
		ID:        m.ID.ValueString(),
		Name:      m.Name.ValueString(),
		Region:    m.Region.ValueString(),
		MaxSizeGB: int(m.MaxSizeGB.ValueInt64()),
		Status:    civo.Status(m.Status.ValueString()),
		Owner:     civo.StoreOwner{AccessKeyID: m.AccessKeyID.ValueString()},
	}
}

// resourceModel is the configuration, the plan and the state of the resource.
type resourceModel struct {
	commonModel

	ForceDestroy types.Bool     `tfsdk:"force_destroy"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

// withRemote returns the model updated with Civo's response. Attributes that only the configuration sets are unchanged.
func (m resourceModel) withRemote(client *civo.Client, s civo.ObjectStore) resourceModel {
	before := m.commonModel
	m.commonModel = newCommonModel(client, s)
	m.Region = regional.KeepSpelling(before.Region, s.Region)
	if m.AccessKeyID.IsNull() {
		m.AccessKeyID = before.AccessKeyID
	}
	if m.Endpoint.IsUnknown() { // until the provider's objectstore_endpoint is known
		m.Endpoint, m.BucketURL = before.Endpoint, before.BucketURL
	}
	if m.ForceDestroy.IsNull() { // after an import or a move
		m.ForceDestroy = types.BoolValue(false)
	}
	return m
}

// newState returns the state after a create or update: the planned values, and the values that Civo returned for those that were unknown
// in the plan.
func (m resourceModel) newState(client *civo.Client, s civo.ObjectStore) resourceModel {
	actual := newCommonModel(client, s)
	for _, attribute := range []struct {
		planned *types.String
		actual  types.String
	}{
		{&m.ID, actual.ID},
		{&m.Region, actual.Region},
		{&m.AccessKeyID, actual.AccessKeyID},
		{&m.Endpoint, actual.Endpoint},
		{&m.BucketURL, actual.BucketURL},
		{&m.Status, actual.Status},
	} {
		if attribute.planned.IsUnknown() {
			*attribute.planned = attribute.actual
		}
	}
	return m
}

// isTerminal reports whether the status is final: ready or failed.
func (m resourceModel) isTerminal() bool {
	status := civo.Status(m.Status.ValueString())
	return status == civo.StatusReady || status == civo.StatusFailed
}
