// Package objectstore contains civo_objectstore: the resource, the data sources and the list resource. They share one model, one
// description of each attribute, and one way to report errors.
package objectstore

import (
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// objectType describes object stores.
var objectType = regional.ObjectType[civo.ObjectStore]{
	Wording: diagnostics.Wording{
		Noun: "object store", ResourceType: "civo_objectstore",
		ImportKeys: "ID or name", LookupKeys: "name or ID", Recognized: "name",
		NameTaken: "An object store of another Civo customer has this name. Names are unique across all customers in a region. Choose another name, " +
			"for example one that starts with your company's name.",
	},
	Objects:   (*civo.Client).ObjectStores,
	FindOne:   (*civo.Collection[civo.ObjectStore]).Find,
	ImportBy:  func(value string) civo.Lookup { return civo.Lookup{IDOrName: value} },
	FindDraft: findByNameAndOwner,
}

// commonModel contains the attributes that the resource and the data sources share.
type commonModel struct {
	regional.Model

	MaxSizeGB types.Int64  `tfsdk:"max_size_gb"`
	BucketURL types.String `tfsdk:"bucket_url"`
}

// newCommonModel converts a store that Civo returned.
func newCommonModel(client *civo.Client, s civo.ObjectStore) commonModel {
	m := commonModel{
		Model:     regional.NewModel(client, s.Ref(), s.Owner.AccessKeyID),
		MaxSizeGB: types.Int64Value(int64(s.MaxSizeGB)),
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

// Object converts the model to the client's type. Null and unknown become the zero value.
func (m commonModel) Object() civo.ObjectStore {
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

// WithRemote returns the model updated with Civo's response. Attributes that only the configuration sets are unchanged.
func (m resourceModel) WithRemote(client *civo.Client, s civo.ObjectStore) resourceModel {
	before := m.commonModel
	m.commonModel = newCommonModel(client, s)
	m.Model = m.Since(before.Model)
	if m.BucketURL.IsUnknown() { // like the endpoint
		m.BucketURL = before.BucketURL
	}
	if m.ForceDestroy.IsNull() { // after an import or a move
		m.ForceDestroy = types.BoolValue(false)
	}
	return m
}

// NewState returns the state after a create or update: the planned values and, where the plan is unknown, the values that Civo returned.
func (m resourceModel) NewState(client *civo.Client, s civo.ObjectStore) resourceModel {
	actual := newCommonModel(client, s)
	m.Model = m.Fill(actual.Model)
	regional.Fill(&m.BucketURL, actual.BucketURL)
	return m
}
