package civo_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestCheckRegion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		region string
		fault  civosim.Effect
		want   string
	}{
		"lower case":      {"lon1", "", ""},
		"upper case":      {"FRA1", "", ""},
		"unknown":         {"LON9", "", unknownRegion},
		"without storage": {"PHX1", "", noObjectStorage},
		"500":             {"LON9", civosim.Effect500, ""},
		"404":             {"LON9", civosim.Effect404Text, ""},
		"403":             {"LON9", civosim.Effect403, ""},
		"HTML":            {"LON9", civosim.EffectHTML200, ""},
		"hanging":         {"LON9", civosim.EffectHang, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timing := quick()
			timing.Fresh = time.Hour
			if test.fault == civosim.EffectHang {
				timing.RegionCheck = 100 * time.Millisecond
			}
			server, client := start(t, civosim.Options{}, timing)
			if test.fault != "" {
				server.Inject(civosim.Fault{Kind: civosim.KindListRegions, Effect: test.fault})
			}
			for range 5 { // a failure is remembered too, so that not each check waits
				checkRegionError(t, client.Credentials(test.region).CheckRegion(t.Context()), test.want, test.region)
			}
			if n := server.Count(); test.fault == civosim.EffectHang && n > 1 || n > 1+timing.Retries {
				t.Errorf("five checks send %d requests", n)
			}
		})
	}
}

// checkRegionError checks that an error is of a kind and contains all regions; none is expected if the kind is "".
func checkRegionError(t *testing.T, err error, kind, region string) {
	t.Helper()
	if kind == "" {
		if err != nil {
			t.Error(err)
		}
		return
	}
	wantError(t, err, kind, region)
	if len(regionsOf(err)) != 5 {
		t.Errorf("lists the regions %v", regionsOf(err))
	}
}

func TestCheckRegion_OneRequest(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{Latency: 5 * time.Millisecond})
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			if err := client.Credentials("LON1").CheckRegion(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if err := client.Credentials("LON9").CheckRegion(t.Context()); !civo.Is(err, civo.KindUnknownRegion) {
		t.Error(err)
	}
	if n := server.Count(); n != 1 {
		t.Errorf("%d requests for 101 checks", n)
	}
}

func TestFindInAnyRegion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first string
		by    civo.Lookup
		down  []string
		fault civosim.Fault
		want  string // kind of the error; "": the credential is found
		says  string
	}{
		"first region":                 {first: "NYC1", by: civo.By("away", civo.FieldName)},
		"another region":               {first: "LON1", by: civo.By("away", civo.FieldName)},
		"no first region":              {by: civo.By("away", civo.FieldID, civo.FieldName, civo.FieldAccessKeyID)},
		"first region is unknown":      {first: "LON9", by: civo.By("away", civo.FieldName)},
		"first region without storage": {first: "PHX1", by: civo.By("away", civo.FieldName)},
		"first region is down":         {first: "LON1", by: civo.By("away", civo.FieldName), down: []string{"lon1"}},
		"another region is down":       {first: "LON1", by: civo.By("away", civo.FieldName), down: []string{"fra1"}},
		"another region fails":         {first: "LON1", by: civo.By("away", civo.FieldName), fault: civosim.Fault{Kind: civosim.KindListCredentials, Nth: 3, Times: 4, Effect: civosim.Effect500}},
		"nowhere":                      {first: "LON1", by: civo.By("none", civo.FieldName), want: notFound, says: "no credential in LON1 has the name"},
		"nowhere, no first region":     {by: civo.By("none", civo.FieldName), want: notFound},
		"nowhere, a region is down":    {first: "LON1", by: civo.By("none", civo.FieldName), down: []string{"fra1"}, want: otherRegion, says: "fra1 could not be searched"},
		"nowhere, the first is down":   {first: "LON1", by: civo.By("none", civo.FieldName), down: []string{"lon1"}, want: otherRegion, says: "LON1 could not be searched"},
		"regions cannot be listed":     {first: "LON1", by: civo.By("away", civo.FieldName), fault: civosim.Fault{Kind: civosim.KindListRegions, Effect: civosim.Effect500}, want: otherRegion, says: `no credential in LON1 has the name "away". The other regions could not be listed`},
		"nothing can be searched":      {first: "LON1", by: civo.By("away", civo.FieldName), down: []string{"lon1"}, fault: civosim.Fault{Kind: civosim.KindListRegions, Effect: civosim.Effect500}, want: otherRegion, says: "GET /v2/objectstore/credentials"},
		"bad token in another region":  {first: "LON1", by: civo.By("away", civo.FieldName), fault: civosim.Fault{Kind: civosim.KindListCredentials, Nth: 3, Times: 9, Effect: civosim.Effect401}, want: unauthorized},
		"another region is forbidden":  {first: "LON1", by: civo.By("away", civo.FieldName), fault: civosim.Fault{Kind: civosim.KindListCredentials, Nth: 3, Times: 1, Effect: civosim.Effect403}},
		"another region rejects":       {first: "LON1", by: civo.By("away", civo.FieldName), fault: civosim.Fault{Kind: civosim.KindListCredentials, Nth: 3, Times: 1, Effect: civosim.Effect400}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			add(server, 1)
			there := server.AddCredential(civosim.Credential{Region: "nyc1", Name: "away"})
			for _, region := range test.down {
				server.SetRegionDown(region, true)
			}
			if test.fault.Effect != "" {
				server.Inject(test.fault)
			}
			found, err := client.Credentials(test.first).FindInAnyRegion(t.Context(), test.by)
			if test.want != "" {
				wantError(t, err, test.want, test.says)
			} else if err != nil || found.ID != there.ID || !civo.SameRegion(found.Region, "NYC1") {
				t.Errorf("found %+v: %v", found, err)
			}
			searched := map[string]bool{}
			for _, r := range server.Requests() {
				searched[r.Region] = true
			}
			if searched["phx1"] {
				t.Error("a region without object storage was searched")
			}
		})
	}
}

func TestRegions_Answers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body string
		want []string // nil: an error
		with []string // those with object storage
	}{
		"spelled by Civo":  {`[{"code":"lon1"},{"code":"TEST1"},{"code":"acme-dc"}]`, []string{"lon1", "TEST1", "acme-dc"}, []string{"lon1", "TEST1", "acme-dc"}},
		"features":         {`[{"code":"a","features":{"object_store":true}},{"code":"b","features":{"object_store":false}},{"code":"c","features":{"iaas":true}}]`, []string{"a", "b", "c"}, []string{"a"}},
		"unusable codes":   {`[{"code":"lon1"},{"code":"../x"},{"code":""},{"code":"a b"}]`, []string{"lon1"}, []string{"lon1"}},
		"empty":            {`[]`, nil, nil},
		"null":             {`null`, nil, nil},
		"object":           {`{"items":[]}`, nil, nil},
		"all are unusable": {`[{"code":"/"}]`, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				_, _ = w.Write([]byte(test.body))
			}))
			t.Cleanup(server.Close)
			client := connect(t, server.URL, "token-a")
			regions, err := client.Regions(t.Context())
			if test.want == nil {
				wantError(t, err, unexpected)
				return
			}
			var codes, with []string
			for _, region := range regions {
				codes = append(codes, region.Code)
				if region.HasObjectStorage() {
					with = append(with, region.Code)
				}
			}
			if err != nil || !slices.Equal(codes, test.want) || !slices.Equal(with, test.with) {
				t.Errorf("%v, %v with object storage: %v", codes, with, err)
			}
			if n := asked.Load(); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
