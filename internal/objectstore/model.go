// Package objectstore contains civo_objectstore: the resource, data sources, and list resource. They share one model and its descriptions.
package objectstore

import (
	"math/big"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

var wording = diagnostics.Wording{
	Noun: "object store", ResourceType: "civo_objectstore",
	ImportKeys: "ID or name", LookupKeys: "name or ID", Recognized: "name", InObjectStorage: true,
	NameTaken: "Names are unique across all customers in a region. No object store of your account in this region has this name, so an object store of " +
		"another customer probably has it. Names that start with your company's name are less likely to be taken.",
}

// commonModel contains the attributes that the resource and the data sources share.
type commonModel struct {
	regional.Model

	AccessKeyID         types.String `tfsdk:"access_key_id"` // of the owner
	OwnerCredentialID   types.String `tfsdk:"owner_credential_id"`
	OwnerCredentialName types.String `tfsdk:"owner_credential_name"`
	MaxSizeGB           types.Number `tfsdk:"max_size_gb"` // an integer; with types.Int64, the framework's error for a fraction is misleading
	Endpoint            types.String `tfsdk:"endpoint"`
	BucketURL           types.String `tfsdk:"bucket_url"`
}

// newCommonModel converts a store that Civo returned.
func newCommonModel(data *regional.Data, s civo.ObjectStore) commonModel {
	m := commonModel{
		Model:               regional.NewModel(s.Ref()),
		AccessKeyID:         regional.StringOrNull(s.Owner.AccessKeyID), // null until Civo returns it, as are the ID and the name
		OwnerCredentialID:   regional.StringOrNull(s.Owner.CredentialID),
		OwnerCredentialName: regional.StringOrNull(s.Owner.Name),
		MaxSizeGB:           types.NumberValue(new(big.Float).SetInt64(int64(s.MaxSizeGB))),
		Endpoint:            data.S3Endpoint(types.StringValue(s.Region)),
	}
	m.BucketURL = m.bucketURL()
	return m
}

// bucketURL returns the URL of the bucket, which is unknown if the endpoint or the name is not known yet.
func (m commonModel) bucketURL() types.String {
	if m.Endpoint.IsUnknown() || m.Name.IsUnknown() {
		return types.StringUnknown()
	}
	return types.StringValue(m.Endpoint.ValueString() + "/" + url.PathEscape(m.Name.ValueString()))
}

// differsInOwner reports whether the owner that Civo returned differs from the prior one, so that the values that it omits may differ too.
func (m commonModel) differsInOwner(prior commonModel) bool {
	differs := func(a, b types.String) bool { return !a.IsNull() && !b.IsNull() && !a.Equal(b) }
	return differs(m.AccessKeyID, prior.AccessKeyID) || differs(m.OwnerCredentialID, prior.OwnerCredentialID)
}

// store converts the model to the client's type. Null and unknown become the zero value.
func (m commonModel) store() civo.ObjectStore {
	var size int64
	if regional.IsSet(m.MaxSizeGB) {
		size, _ = m.MaxSizeGB.ValueBigFloat().Int64()
	}
	return civo.ObjectStore{
		ID:        m.ID.ValueString(),
		Name:      m.Name.ValueString(),
		Region:    m.Region.ValueString(),
		MaxSizeGB: int(size),
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

// isComplete reports whether a state that does not change needs no planning.
func (m resourceModel) isComplete() bool {
	return m.Status.ValueString() == string(civo.StatusReady) && !m.ID.IsNull() && !m.Region.IsNull() && !m.Endpoint.IsNull() &&
		!m.BucketURL.IsNull()
}

// lacksOwner reports whether an update continues a create and waits for the access key ID of the owner.
func (m resourceModel) lacksOwner() bool {
	return m.AccessKeyID.IsNull() && !m.store().Status.IsFinal()
}

// withPlannedOwner returns the plan of an update. It keeps the owner, which Civo cannot change, unless the update may read it for the first
// time.
func (m resourceModel) withPlannedOwner(config, prior resourceModel) resourceModel {
	if config.AccessKeyID.IsNull() && prior.lacksOwner() {
		m.AccessKeyID = types.StringUnknown()
	}
	m.OwnerCredentialID, m.OwnerCredentialName = prior.OwnerCredentialID, prior.OwnerCredentialName
	if prior.AccessKeyID.IsNull() && !m.AccessKeyID.IsNull() {
		m.OwnerCredentialID, m.OwnerCredentialName = types.StringUnknown(), types.StringUnknown()
	}
	return m
}

// withRemote returns the state updated with Civo's response. Attributes that only the configuration sets are unchanged.
func (m resourceModel) withRemote(data *regional.Data, s civo.ObjectStore) resourceModel {
	prior := m.commonModel
	m.commonModel = newCommonModel(data, s)
	m.Name = regional.KeepName(prior.Name, m.Name.ValueString())
	m.Region = regional.KeepSpelling(prior.Region, s.Region)
	if m.MaxSizeGB.Equal(prior.MaxSizeGB) {
		m.MaxSizeGB = prior.MaxSizeGB // equal numbers can differ in their precision
	}
	if !m.differsInOwner(prior) { // Civo does not always return all values of the owner
		regional.KeepPrior(&m.OwnerCredentialID, prior.OwnerCredentialID)
		regional.KeepPrior(&m.OwnerCredentialName, prior.OwnerCredentialName)
	}
	regional.KeepPrior(&m.AccessKeyID, prior.AccessKeyID)
	regional.KeepPrior(&m.Endpoint, prior.Endpoint)
	regional.KeepPrior(&m.BucketURL, prior.BucketURL)
	if m.ForceDestroy.IsNull() { // after an import or a move
		m.ForceDestroy = types.BoolValue(false)
	}
	return m
}

// withActual returns the state after a create or update: the planned values and, where the plan is unknown, the values that Civo returned.
func (m resourceModel) withActual(data *regional.Data, s civo.ObjectStore) resourceModel {
	actual := newCommonModel(data, s)
	m.Model = m.FillUnknown(actual.Model)
	regional.FillUnknown(&m.AccessKeyID, actual.AccessKeyID)
	regional.FillUnknown(&m.OwnerCredentialID, actual.OwnerCredentialID)
	regional.FillUnknown(&m.OwnerCredentialName, actual.OwnerCredentialName)
	regional.FillUnknown(&m.Endpoint, actual.Endpoint)
	regional.FillUnknown(&m.BucketURL, actual.BucketURL)
	return m
}
