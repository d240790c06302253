package civo_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// regionsOf returns the codes of the regions that an error lists.
func regionsOf(err error) []string {
	e, ok := errors.AsType[*civo.Error](err)
	if !ok {
		return nil
	}
	var codes []string
	for _, region := range e.Regions {
		codes = append(codes, region.Code)
	}
	return codes
}

func TestRegion_InEachRequest(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	for _, region := range []string{"lon1", "LON1", "Lon1"} {
		created, err := client.CreateCredential(t.Context(), civo.NewCredential{Name: region, Region: region, Keys: wanted(region).Keys})
		if err != nil || created.Region != region {
			t.Fatalf("created in %q: %v", created.Region, err)
		}
		server.ResetRecord()
		read, err := client.Credential(t.Context(), region, created.ID)
		if err != nil || read.Region != region {
			t.Errorf("read in %q: %v", read.Region, err)
		}
		updated, err := client.UpdateCredential(t.Context(), region, created.ID, wanted("new").Keys)
		if err != nil || updated.Region != region {
			t.Errorf("updated in %q: %v", updated.Region, err)
		}
		if all, err := client.Credentials(t.Context(), region); err != nil || len(all) != 1 || all[0].Region != region {
			t.Errorf("%d credentials: %v", len(all), err)
		}
		if err := client.CheckRegion(t.Context(), region); err != nil {
			t.Error(err)
		}
		if err := client.DeleteCredential(t.Context(), created); err != nil {
			t.Error(err)
		}
		for _, r := range server.Requests() {
			want := region
			if r.Kind == civosim.KindListRegions {
				want = ""
			}
			if r.Region != want || want != "" && !strings.Contains(r.Query, "region="+want) || want == "" && r.Query != "" {
				t.Errorf("%s %s?%s, region %q, want %q", r.Method, r.Path, r.Query, r.Region, want)
			}
		}
	}
}

// A Civo that knows its regions in lower case only works with lower-case codes, and codes of other forms are sent as they are.
func TestRegion_Spelling(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options civosim.Options
		region  string
		want    string // kind of the error; "": none
	}{
		"strict, lower case":    {civosim.Options{StrictRegionCase: true}, "lon1", ""},
		"strict, upper case":    {civosim.Options{StrictRegionCase: true}, "LON1", unknownRegion},
		"either, upper case":    {civosim.Options{}, "LON1", ""},
		"private":               {civosim.Options{Regions: []string{"acme-dc"}}, "acme-dc", ""},
		"private, upper case":   {civosim.Options{Regions: []string{"TEST1"}, StrictRegionCase: true}, "TEST1", ""},
		"private, without mark": {civosim.Options{Regions: []string{"FAKE"}}, "fake", ""},
		"unknown":               {civosim.Options{}, "LON9", unknownRegion},
		"without storage":       {civosim.Options{}, "PHX1", noObjectStorage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, test.options)
			want := wanted("n")
			want.Region = test.region
			created, err := client.CreateCredential(t.Context(), want)
			if test.want == "" {
				if err != nil || created.Region != test.region || len(server.Credentials("")) != 1 {
					t.Errorf("created %+v: %v", created, err)
				}
				return
			}
			wantError(t, err, test.want)
			if diff := cmp.Diff([]string{"lon1", "fra1", "nyc1", "mum1", "phx1"}, regionsOf(err)); diff != "" {
				t.Errorf("regions that the error lists (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRegion_Required(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	for _, region := range []string{"", "a b", "a/b", "a&b", "..", strings.Repeat("a", 65)} {
		want := wanted("n")
		want.Region = region
		if _, err := client.CreateCredential(t.Context(), want); err == nil {
			t.Errorf("%q: no error", region)
		}
		if _, err := client.Credentials(t.Context(), region); err == nil {
			t.Errorf("%q: no error", region)
		}
	}
	if n := server.Count(civosim.KindCreateCredential, civosim.KindListCredentials); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A region that is unknown, or down, proves nothing about a credential, also not after a DELETE.
func TestRegion_DownIsNoAbsence(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		down func(*civosim.Server, civosim.Request) bool
		run  func(context.Context, *civo.Client, civo.Credential) error
	}{
		"read": {nil, func(ctx context.Context, client *civo.Client, there civo.Credential) error {
			_, err := client.Credential(ctx, "LON1", there.ID)
			return err
		}},
		"find": {nil, func(ctx context.Context, client *civo.Client, there civo.Credential) error {
			_, err := client.FindCredential(ctx, "LON1", civo.Lookup{Name: there.Name})
			return err
		}},
		"update": {nil, func(ctx context.Context, client *civo.Client, there civo.Credential) error {
			_, err := client.UpdateCredential(ctx, "LON1", there.ID, wanted("new").Keys)
			return err
		}},
		"delete": {nil, func(ctx context.Context, client *civo.Client, there civo.Credential) error {
			return client.DeleteCredential(ctx, there)
		}},
		"delete, down after the DELETE": {func(_ *civosim.Server, r civosim.Request) bool {
			return r.Kind == civosim.KindDeleteCredential
		}, func(ctx context.Context, client *civo.Client, there civo.Credential) error {
			return client.DeleteCredential(ctx, there)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var server *civosim.Server
			server, client := start(t, civosim.Options{CredentialGoneAfter: time.Hour, OnRequest: func(r civosim.Request) {
				if test.down != nil && test.down(server, r) {
					server.SetRegionDown("lon1", true)
				}
			}})
			there := add(server, 1)[0]
			if test.down == nil {
				server.SetRegionDown("lon1", true)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			wantError(t, test.run(ctx, client, there), unknownRegion, "database_region_not_found")
		})
	}
}

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
		"bad token":       {"LON9", civosim.Effect404Account, ""},
		"HTML":            {"LON9", civosim.EffectHTML200, ""},
		"hanging":         {"LON9", civosim.EffectHang, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pace := quick()
			pace.RegionCheck, pace.Fresh = 2*time.Second, time.Minute
			server, client := start(t, civosim.Options{}, pace)
			if test.fault != "" {
				server.Inject(civosim.Fault{Kind: civosim.KindListRegions, Effect: test.fault})
			}
			began := time.Now()
			for range 5 { // a failure is remembered too, so that not each check waits
				err := client.CheckRegion(t.Context(), test.region)
				if test.want == "" && err != nil {
					t.Error(err)
				} else if test.want != "" {
					wantError(t, err, test.want, test.region)
					if len(regionsOf(err)) != 5 {
						t.Errorf("lists the regions %v", regionsOf(err))
					}
				}
			}
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("five checks take %v", took)
			}
		})
	}
}

func TestCheckRegion_OneRequest(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{Latency: 5 * time.Millisecond})
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			if err := client.CheckRegion(t.Context(), "LON1"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if err := client.CheckRegion(t.Context(), "LON9"); !civo.IsUnknownRegion(err) {
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
		"first region":                 {first: "NYC1", by: civo.Lookup{Name: "away"}},
		"another region":               {first: "LON1", by: civo.Lookup{Name: "away"}},
		"no first region":              {by: civo.Lookup{Any: "away"}},
		"first region is unknown":      {first: "LON9", by: civo.Lookup{Name: "away"}},
		"first region without storage": {first: "PHX1", by: civo.Lookup{Name: "away"}},
		"first region is down":         {first: "LON1", by: civo.Lookup{Name: "away"}, down: []string{"lon1"}},
		"another region is down":       {first: "LON1", by: civo.Lookup{Name: "away"}, down: []string{"fra1"}},
		"another region fails":         {first: "LON1", by: civo.Lookup{Name: "away"}, fault: civosim.Fault{Kind: civosim.KindListCredentials, Nth: 3, Times: 4, Effect: civosim.Effect500}},
		"nowhere":                      {first: "LON1", by: civo.Lookup{Name: "none"}, want: notFound},
		"nowhere, no first region":     {by: civo.Lookup{Name: "none"}, want: notFound},
		"nowhere, a region is down":    {first: "LON1", by: civo.Lookup{Name: "none"}, down: []string{"fra1"}, want: otherRegion, says: "fra1 could not be searched"},
		"nowhere, the first is down":   {first: "LON1", by: civo.Lookup{Name: "none"}, down: []string{"lon1"}, want: otherRegion, says: "LON1 could not be searched"},
		"regions cannot be listed":     {first: "LON1", by: civo.Lookup{Name: "away"}, fault: civosim.Fault{Kind: civosim.KindListRegions, Effect: civosim.Effect500}, want: otherRegion, says: "the other regions could not be listed"},
		"bad token in another region":  {first: "LON1", by: civo.Lookup{Name: "away"}, fault: civosim.Fault{Kind: civosim.KindListCredentials, Nth: 3, Times: 9, Effect: civosim.Effect403}, want: unauthorized},
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
			found, err := client.FindCredentialInAnyRegion(t.Context(), test.first, test.by)
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
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
			if found, ok, err := client.FindRegion(t.Context(), strings.ToUpper(test.want[0])); err != nil || !ok || found.Code != test.want[0] {
				t.Errorf("found %q: %v", found.Code, err)
			}
			if n := asked.Load(); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
