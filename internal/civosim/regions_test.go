package civosim_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestRegions_Isolated(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{Regions: []string{"lon1", "FRA1"}})
	credential := server.AddCredential(civosim.Credential{Name: "n", Region: "fra1"})
	store := server.AddStore(civosim.Store{Name: "s", OwnerID: credential.ID})
	one, oneStore := credentialsPath+"/"+credential.ID, storesPath+"/"+store.ID

	for _, region := range []string{"LON1", "lon1", ""} {
		const noCredential, noStore = "database_objectstore_credential_not_found", "database_objectstore_not_found"
		c.refused(http.MethodGet, one+"?region="+region, "", http.StatusNotFound, noCredential)
		c.refused(http.MethodPut, one, `{"region":"`+region+`"}`, http.StatusNotFound, noCredential)
		c.refused(http.MethodDelete, one+"?region="+region, "", http.StatusNotFound, noCredential)
		c.refused(http.MethodGet, oneStore+"?region="+region, "", http.StatusNotFound, noStore)
		c.refused(http.MethodGet, oneStore+"/stats?region="+region, "", http.StatusNotFound, noStore)
		c.refused(http.MethodPut, oneStore, `{"max_size_gb":500,"region":"`+region+`"}`, http.StatusNotFound, noStore)
		c.refused(http.MethodDelete, oneStore+"?region="+region, "", http.StatusNotFound, noStore)
		if items := c.ok(http.MethodGet, credentialsPath+"?region="+region, "").items(); len(items) != 0 {
			t.Errorf("region %q lists %v", region, items)
		}
	}
	for _, region := range []string{"FRA1", "fra1"} {
		c.ok(http.MethodGet, one+"?region="+region, "")
		c.ok(http.MethodGet, oneStore+"?region="+region, "")
	}
	// Names and access keys are unique only within a region. The first region is the default.
	c.ok(http.MethodPost, credentialsPath, `{"name":"n","access_key_id":"`+credential.AccessKeyID+`"}`)
	if n := len(server.Credentials("LON1")); n != 1 {
		t.Errorf("%d credentials in the default region", n)
	}
}

// The query decides for GET and DELETE, the body for POST and PUT.
func TestRegions_QueryOrBody(t *testing.T) {
	t.Parallel()
	const inFRA1 = `{"name":"new","region":"fra1"}`
	for name, test := range map[string]struct {
		method, query, body string
		status              int
	}{
		"GET, query":              {http.MethodGet, "?region=fra1", "", 200},
		"GET, body ignored":       {http.MethodGet, "", inFRA1, 404},
		"GET, query before body":  {http.MethodGet, "?region=lon1", inFRA1, 404},
		"DELETE, query":           {http.MethodDelete, "?region=fra1", "", 200},
		"DELETE, body ignored":    {http.MethodDelete, "", inFRA1, 404},
		"PUT, body":               {http.MethodPut, "", inFRA1, 200},
		"PUT, query ignored":      {http.MethodPut, "?region=fra1", `{}`, 404},
		"PUT, body before query":  {http.MethodPut, "?region=lon1", inFRA1, 200},
		"PUT, unknown query":      {http.MethodPut, "?region=moon1", inFRA1, 200},
		"PUT, without any region": {http.MethodPut, "", `{}`, 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, c := start(t, civosim.Options{})
			there := server.AddCredential(civosim.Credential{Region: "fra1"})
			if status, answer := c.ask(test.method, credentialsPath+"/"+there.ID+test.query, test.body); status != test.status {
				t.Errorf("%d %v, want %d", status, answer, test.status)
			}
		})
	}

	for name, test := range map[string]struct{ query, body, region string }{
		"POST, body":              {"", inFRA1, "fra1"},
		"POST, body before query": {"?region=nyc1", inFRA1, "fra1"},
		"POST, query ignored":     {"?region=fra1", `{"name":"new"}`, "lon1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, c := start(t, civosim.Options{})
			c.ok(http.MethodPost, credentialsPath+test.query, test.body)
			if created := server.Credentials(test.region); len(created) != 1 {
				t.Errorf("created: %v", server.Credentials(""))
			}
		})
	}
}

func TestRegions_Spelling(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{Regions: []string{"lon1", "acme-dc", "TEST1"}})
	c.ok(http.MethodPost, credentialsPath, `{"name":"a","region":"ACME-DC"}`)
	c.ok(http.MethodPost, credentialsPath, `{"name":"b","region":"test1"}`)
	server.AddCredential(civosim.Credential{Name: "c", Region: "LON1"})
	server.AddStore(civosim.Store{Name: "s", Region: "Test1"})

	for asked, want := range map[string]string{"Lon1": "lon1", "acme-DC": "acme-dc", "test1": "TEST1"} {
		credentials := server.Credentials(asked)
		if len(credentials) == 0 || credentials[0].Region != want {
			t.Errorf("%s: %v", asked, credentials)
		}
		c.ok(http.MethodGet, credentialsPath+"/"+credentials[0].ID+"?region="+asked, "")
	}
	if stores := server.Stores("test1"); len(stores) != 1 || stores[0].Region != "TEST1" {
		t.Errorf("stores: %v", stores)
	}
}

func TestRegions_StrictCase(t *testing.T) {
	t.Parallel()
	_, c := start(t, civosim.Options{Regions: []string{"lon1", "FRA1"}, StrictRegionCase: true})
	for _, region := range []string{"lon1", "FRA1"} {
		c.ok(http.MethodGet, credentialsPath+"?region="+region, "")
	}
	for _, region := range []string{"LON1", "fra1"} {
		c.refused(http.MethodGet, credentialsPath+"?region="+region, "", http.StatusNotFound, "database_region_not_found")
		c.refused(http.MethodPost, storesPath, `{"name":"s","region":"`+region+`"}`, http.StatusNotFound, "database_region_not_found")
	}
}

func TestRegions_Unknown(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	unknown := func(code string) {
		for _, path := range []string{regionsPath, credentialsPath, credentialsPath + "/id", storesPath, storesPath + "/id", storesPath + "/id/stats"} {
			c.refused(http.MethodGet, path+"?region="+code, "", http.StatusNotFound, "database_region_not_found")
		}
		for _, path := range []string{credentialsPath, storesPath} {
			c.refused(http.MethodPost, path, `{"name":"n","region":"`+code+`"}`, http.StatusNotFound, "database_region_not_found")
			c.refused(http.MethodPut, path+"/id", `{"region":"`+code+`"}`, http.StatusNotFound, "database_region_not_found")
			c.refused(http.MethodDelete, path+"/id?region="+code, "", http.StatusNotFound, "database_region_not_found")
		}
	}
	unknown("moon1")

	server.SetRegionDown("FRA1", true)
	unknown("fra1")
	c.ok(http.MethodGet, credentialsPath+"?region=lon1", "")
	if codes := c.regionCodes(""); !cmp.Equal(codes, []string{"lon1", "fra1", "nyc1", "mum1", "phx1"}) {
		t.Errorf("listed while one is down: %v", codes)
	}
	server.SetRegionDown("fra1", false)
	c.ok(http.MethodGet, credentialsPath+"?region=fra1", "")

	// The list does not need the default region.
	server.SetRegionDown("lon1", true)
	c.refused(http.MethodGet, credentialsPath, "", http.StatusNotFound, "database_region_not_found")
	c.regionCodes("")
	c.regionCodes("?region=fra1")
}

func TestRegions_WithoutObjectStorage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		without  []string // Options.NoObjectStore
		refusing string   // "" is none
		serving  []string
	}{
		"default":          {nil, "phx1", []string{"lon1", "fra1", "nyc1", "mum1"}},
		"none":             {[]string{}, "", []string{"lon1", "fra1", "nyc1", "mum1", "phx1"}},
		"another":          {[]string{"fra1"}, "fra1", []string{"lon1", "nyc1", "mum1", "phx1"}},
		"case-insensitive": {[]string{"NYC1"}, "nyc1", []string{"lon1", "fra1", "mum1", "phx1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := start(t, civosim.Options{NoObjectStore: test.without})
			for _, code := range test.serving {
				c.ok(http.MethodGet, credentialsPath+"?region="+code, "")
				c.ok(http.MethodGet, storesPath+"?region="+code, "")
			}
			if test.refusing == "" {
				return
			}
			c.regionCodes("?region=" + test.refusing)
			for _, path := range []string{credentialsPath, credentialsPath + "/id", storesPath, storesPath + "/id/stats"} {
				status, answer := c.ask(http.MethodGet, path+"?region="+test.refusing, "")
				want := object{
					"code": "database_region_feature_not_supported", "reason": "The region does not support the feature",
					"details": "Feature object_store is not supported in region " + test.refusing, "result": "failed",
				}
				if diff := cmp.Diff(want, answer); diff != "" || status != http.StatusBadRequest {
					t.Errorf("%s: status %d (-want +got):\n%s", path, status, diff)
				}
			}
			c.refused(http.MethodPost, credentialsPath, `{"name":"n","region":"`+test.refusing+`"}`,
				http.StatusBadRequest, "database_region_feature_not_supported")
		})
	}
}

func TestRegions_List(t *testing.T) {
	t.Parallel()
	_, c := start(t, civosim.Options{Regions: []string{"lon1", "PHX1", "acme-dc"}})
	got, err := c.send(http.MethodGet, regionsPath, "")
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"code":"lon1","name":"London 1","type":"civostack","out_of_capacity":false,"country":"uk",` +
		`"country_name":"United Kingdom","features":{"object_store":true},"default":true},` +
		`{"code":"PHX1","name":"Phoenix 1","type":"civostack","out_of_capacity":false,"country":"us",` +
		`"country_name":"United States","features":{"object_store":false},"default":false},` +
		`{"code":"acme-dc","name":"acme-dc","type":"civostack","out_of_capacity":false,"country":"",` +
		`"country_name":"","features":{"object_store":true},"default":false}]`
	if diff := cmp.Diff(want, string(got.body)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
