package objectstore_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestDataSource_Account(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{QuotaGB: 4000})
	s.AddStore(civosim.Store{MaxSizeGB: 1500})
	s.AddStore(civosim.Store{MaxSizeGB: 500, Region: "fra1"})
	quota, diags := s.For("civo_objectstore_quota").Data(t.Context(), acctest.Object{})
	acctest.CheckAttributes(t, diags.String(), quota, "limit_gb", "4000", "used_gb", "2000")
	regions, diags := s.For("civo_objectstore_regions").Data(t.Context(), acctest.Object{})
	acctest.CheckAttributes(t, diags.String(), regions, "default_region", "lon1")
	list := `"regions":tftypes.List[tftypes.String]<tftypes.String<"lon1">, tftypes.String<"fra1">, tftypes.String<"nyc1">, tftypes.String<"mum1">>`
	if !strings.Contains(regions.String(), list) { // PHX1 has no object storage
		t.Errorf("the regions are %s", regions)
	}
}

func TestDataSource_IncompleteAccount(t *testing.T) {
	t.Parallel()
	const quota, regions = "civo_objectstore_quota", "civo_objectstore_regions"
	for name, test := range map[string]struct{ source, kind, body, want string }{
		"no usage":       {quota, civosim.KindGetQuota, `{"objectstore_gb_limit":1000}`, "does not contain a valid quota"},
		"no limit":       {quota, civosim.KindGetQuota, `{"objectstore_gb_usage":1000}`, "does not contain a valid quota"},
		"negative limit": {quota, civosim.KindGetQuota, `{"objectstore_gb_limit":-1,"objectstore_gb_usage":0}`, "does not contain a valid quota"},
		"another type":   {quota, civosim.KindGetQuota, `{"objectstore_gb_limit":"many","objectstore_gb_usage":0}`, "unexpected type"},
		"no regions":     {regions, civosim.KindListRegions, `[]`, "contains no regions"},
		"no storage":     {regions, civosim.KindListRegions, `[{"code":"PHX1","default":true,"features":{"object_store":false}}]`, ""},
		"default absent": {regions, civosim.KindListRegions, `[{"code":"TEST1"}]`, ""},
	} {
		s := scenario(t, civosim.Options{})
		s.Inject(civosim.Fault{Kind: test.kind, Effect: civosim.EffectResponse, Status: http.StatusOK, Body: test.body})
		data, diags := s.For(test.source).Data(t.Context(), acctest.Object{})
		if diags.Failed() != (test.want != "") || !strings.Contains(diags.String(), test.want) {
			t.Errorf("%s: the diagnostics are %s", name, diags)
		} else if !diags.Failed() {
			acctest.CheckAttributes(t, name, data, "default_region", "")
		}
	}
}

// While the provider's token is unknown, a refresh and the data sources of the account fail.
func TestRead_TokenUnknown(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	s.Apply(minimal)
	d := s.Env.Driver(t, acctest.Object{"token": acctest.Unknown})
	s.Expect(d.For(typeName).Refresh(t.Context(), s.Instance), "Provider not configured yet")
	for _, source := range []string{"civo_objectstore_quota", "civo_objectstore_regions"} {
		_, diags := d.For(source).Data(t.Context(), acctest.Object{})
		s.Expect(diags, "Provider not configured yet")
	}
}

// A plan of many new resources with a rejected token fails once, after one request.
func TestPlan_RejectedToken(t *testing.T) {
	t.Parallel()
	s := scenario(t, civosim.Options{})
	s.SetToken("another")
	s.RefusePlan(minimal, "Civo rejected the token.*from the argument token. The API endpoint is "+s.URL()+", from the argument api_endpoint.")
	for range 50 {
		s.Plan(minimal)
	}
	if s.Count() != 1 {
		t.Errorf("%d requests", s.Count())
	}
}

// A request that Civo rejects because of a quota is sent once, whatever the status, and leaves no store in the state.
func TestCreate_Quota(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 402, 403, 409, 422, 429, 500, 503} {
		s := scenario(t, civosim.Options{QuotaGB: 500, QuotaStatus: status})
		s.Refuse(large, "Quota exceeded.*quota for object storage is 500 GB. The maximum sizes of its object stores add up to 0 GB")
		if s.Count(civosim.KindCreateStore) != 1 || s.Exists() {
			t.Errorf("%d: %d POSTs; the state is %s", status, s.Count(civosim.KindCreateStore), s.State)
		}
		s.Apply(minimal)
		diags := s.Refuse(large, "Quota exceeded.*add up to 500 GB")
		if puts := s.Count(civosim.KindUpdateStore); puts != 1 || strings.Contains(diags.String(), "token") {
			t.Errorf("%d: %d PUTs: %s", status, puts, diags)
		}
	}
}
