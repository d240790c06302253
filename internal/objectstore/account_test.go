package objectstore_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestDataSource_Account(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{QuotaGB: 4000})
	w.AddStore(civosim.Store{MaxSizeGB: 1500})
	w.AddStore(civosim.Store{MaxSizeGB: 500, Region: "fra1"})
	config := "data \"civo_objectstore_quota\" \"q\" {}\ndata \"civo_objectstore_regions\" \"r\" {}\n"
	quota, regions := "data.civo_objectstore_quota.q", "data.civo_objectstore_regions.r"
	run(t, w, resource.TestCase{Steps: []resource.TestStep{{Config: w.Config(config), Check: resource.ComposeAggregateTestCheckFunc(
		resource.TestCheckResourceAttr(quota, "limit_gb", "4000"),
		resource.TestCheckResourceAttr(quota, "used_gb", "2000"),
		resource.TestCheckResourceAttr(regions, "regions.#", "4"), // PHX1 has no object storage
		resource.TestCheckResourceAttr(regions, "regions.0", "lon1"),
		resource.TestCheckResourceAttr(regions, "default_region", "lon1"),
	)}}})
}

func TestDataSource_IncompleteAccount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ source, kind, body, want string }{
		"no usage":       {"civo_objectstore_quota", civosim.KindGetQuota, `{"objectstore_gb_limit":1000}`, "does not contain a valid quota"},
		"no limit":       {"civo_objectstore_quota", civosim.KindGetQuota, `{"objectstore_gb_usage":1000}`, "does not contain a valid quota"},
		"negative":       {"civo_objectstore_quota", civosim.KindGetQuota, `{"objectstore_gb_limit":-1,"objectstore_gb_usage":0}`, "does not contain a valid quota"},
		"another type":   {"civo_objectstore_quota", civosim.KindGetQuota, `{"objectstore_gb_limit":"many","objectstore_gb_usage":0}`, "unexpected type"},
		"no regions":     {"civo_objectstore_regions", civosim.KindListRegions, `[]`, "contains no regions"},
		"no storage":     {"civo_objectstore_regions", civosim.KindListRegions, `[{"code":"PHX1","default":true,"features":{"object_store":false}}]`, ""},
		"default absent": {"civo_objectstore_regions", civosim.KindListRegions, `[{"code":"TEST1"}]`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, civosim.Options{})
			w.Inject(civosim.Fault{Kind: test.kind, Effect: civosim.EffectResponse, Status: http.StatusOK, Body: test.body})
			data, diags := d.For(test.source).Data(t.Context(), acctest.Object{})
			if test.want != "" {
				fails(t, diags, test.want)
				return
			}
			if diags.Failed() || acctest.Get(data, "default_region") != "" {
				t.Errorf("%s: %s", data, diags)
			}
		})
	}
}

// A plan of many new resources with a rejected token fails once, after one request.
func TestPlan_RejectedToken(t *testing.T) {
	t.Parallel()
	w, d := simulated(t, civosim.Options{})
	w.SetToken("another")
	failed := 0
	for range 50 {
		if _, diags := d.Plan(t.Context(), d.NewInstance(), acctest.Object{"name": "acme"}); diags.Failed() {
			failed++
			fails(t, diags, "Civo rejected the token", "The token is from the argument token. The API endpoint is "+w.URL()+", from the argument api_endpoint.")
		}
	}
	if failed != 1 || w.Count() != 1 {
		t.Errorf("%d of 50 plans fail, with %d requests", failed, w.Count())
	}
}

// A request that Civo rejects because of a quota is sent once, whatever the status, and leaves no store in the state.
func TestCreate_Quota(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 402, 403, 409, 422, 429, 500, 503} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			w, d := simulated(t, civosim.Options{QuotaGB: 500, QuotaStatus: status})
			i := d.NewInstance()
			_, diags := d.Run(t.Context(), i, acctest.Object{"name": "acme", "max_size_gb": 1000})
			fails(t, diags, "Quota exceeded", "quota for object storage is 500 GB. The maximum sizes of its object stores add up to 0 GB")
			if w.Count(civosim.KindCreateStore) != 1 || i.Exists() {
				t.Errorf("%d POSTs; the state is %s", w.Count(civosim.KindCreateStore), i.State)
			}
			apply(t, d, i, acctest.Object{"name": "acme"})
			_, diags = d.Run(t.Context(), i, acctest.Object{"name": "acme", "max_size_gb": 1000})
			fails(t, diags, "Quota exceeded", "add up to 500 GB")
			if puts := w.Count(civosim.KindUpdateStore); puts != 1 || strings.Contains(diags.String(), "token") {
				t.Errorf("%d PUTs: %s", puts, diags)
			}
		})
	}
}
