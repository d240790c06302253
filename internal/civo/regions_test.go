package civo

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestRegion_Required(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	for _, region := range []string{"", "a b", "a/b", "a&b", "..", strings.Repeat("a", 65)} {
		kind := KindUnknownRegion
		if region == "" {
			kind = KindNoRegion
		}
		_, createErr := client.CreateCredential(t.Context(), wanted("n").withRegion(region))
		_, listErr := client.Credentials(region).All(t.Context())
		wantError(t, createErr, kind)
		wantError(t, listErr, kind)
	}
	failIf(t, server.Count(civosim.KindCreateCredential, civosim.KindListCredentials) != 0,
		"%d requests", server.Count(civosim.KindCreateCredential, civosim.KindListCredentials))
}

// A check reports only regions that certainly cannot have the records, and sends one request. A failure is remembered too, so that not each
// check waits.
func TestCheckRegion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		region string
		fault  civosim.Effect
		want   Kind
		most   int // requests for 100 checks at a time, and one more
	}{
		"lower case":      {"lon1", "", noError, 1},
		"upper case":      {"FRA1", "", noError, 1},
		"unknown":         {"LON9", "", KindUnknownRegion, 1},
		"without storage": {"PHX1", "", KindNoObjectStorage, 1},
		"500":             {"LON9", civosim.Effect500, noError, 4},
		"404":             {"LON9", civosim.Effect404Text, noError, 1},
		"403":             {"LON9", civosim.Effect403, noError, 1},
		"HTML":            {"LON9", civosim.EffectHTML200, noError, 1},
	} {
		server, client := start(t, civosim.Options{Latency: 5 * time.Millisecond}, caching())
		if test.fault != "" {
			server.Inject(fault(civosim.KindListRegions, 0, test.fault))
		}
		check := func(int) {
			err := client.Credentials(test.region).CheckRegion(t.Context())
			wantError(t, err, test.want, test.region)
			failIf(t, err != nil && len(detailsOf(err).Regions) != 5, "%s: lists %d regions", name, len(detailsOf(err).Regions))
		}
		inParallel(100, 100, check)
		check(100)
		failIf(t, server.Count() > test.most, "%s: %d requests", name, server.Count())
	}
}

// A check does not wait for a slow response, and neither do the next ones. The response still answers what comes after it.
func TestCheckRegion_SlowResponse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			requests++
			if err := sleep(req.Context(), 10*time.Second); err != nil {
				return nil, err
			}
			return respond(200, `[{"code":"lon1"}]`), nil
		})
		began := time.Now()
		for range 3 {
			wantError(t, client.Credentials("LON9").CheckRegion(t.Context()), noError)
		}
		took := time.Since(began)
		failIf(t, took != 5*time.Second, "three checks took %v", took)
		time.Sleep(7 * time.Second)
		wantError(t, client.Credentials("LON9").CheckRegion(t.Context()), KindUnknownRegion)
		if regions, err := client.Regions(t.Context()); err != nil || len(regions) != 1 || requests != 1 {
			t.Errorf("%d regions, %d requests: %v", len(regions), requests, err)
		}
	})
}

// The error of the list of regions does not wait for that list.
func TestRegions_UnknownRegion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		client := responding(t, 404, `{"code":"database_region_not_found"}`)
		_, err := client.Regions(t.Context())
		wantError(t, err, KindUnknownRegion)
		failIf(t, time.Since(began) > 0, "it took %s", time.Since(began))
	})
}

// A region without features may offer object storage. Regions whose codes would change the URL of a request are left out.
func TestRegions_Answers(t *testing.T) {
	t.Parallel()
	features := func(name string, has bool) map[string]bool { return map[string]bool{name: has} }
	for body, want := range map[string][]Region{ // none: an error
		`[{"code":"lon1"},{"code":"TEST1"},{"code":"acme-dc"}]`: {{Code: "lon1"}, {Code: "TEST1"}, {Code: "acme-dc"}},
		`[{"code":"a","features":{"object_store":true}},{"code":"b","features":{"object_store":false}},{"code":"c","features":{"iaas":true}}]`: {
			{Code: "a", Features: features("object_store", true)},
			{Code: "b", Features: features("object_store", false)},
			{Code: "c", Features: features("iaas", true)},
		},
		`[{"code":"lon1"},{"code":"../x"},{"code":""},{"code":"a b"}]`: {{Code: "lon1"}},
		`[]`: nil, `null`: nil, `{"items":[]}`: nil, `[{"code":"/"}]`: nil,
	} {
		requests := 0
		client := clientOver(t, quick(), func(*http.Request) (*http.Response, error) {
			requests++
			return respond(200, body), nil
		})
		regions, err := client.Regions(t.Context())
		wantEqual(t, body, want, regions)
		failIf(t, requests != 1 || Is(err, KindUnexpected) != (want == nil), "%s: after %d requests: %v", body, requests, err)
		for _, region := range regions {
			has := region.Features == nil || region.Code == "a"
			failIf(t, region.HasObjectStorage() != has, "%+v has object storage: %t", region, !has)
			failIf(t, (recordType{inObjectStorage: true}).isIn(region) != has || !(recordType{}).isIn(region),
				"not only the records of object storage require it")
		}
	}
}
