package civo_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

const storesPath = "/v2/objectstores"

// seenStore converts a store of the simulator to the store that the client should return.
func seenStore(server *civosim.Server, s civosim.Store) civo.ObjectStore {
	owner, _ := server.Credential(s.OwnerID)
	return civo.ObjectStore{
		ID: s.ID, Name: s.Name, Region: strings.ToUpper(s.Region), MaxSizeGB: s.MaxSizeGB, Status: civo.Status(s.Status),
		Owner: civo.StoreOwner{CredentialID: s.OwnerID, AccessKeyID: owner.AccessKeyID, Name: owner.Name},
	}
}

// addStores adds stores named s0, s1 and so on, all owned by a new credential with the access key ID "owner-key".
func addStores(server *civosim.Server, number int) []civo.ObjectStore {
	owner := server.AddCredential(civosim.Credential{Name: "owner", AccessKeyID: "owner-key"})
	var added []civo.ObjectStore
	for i := range number {
		added = append(added, seenStore(server, server.AddStore(civosim.Store{Name: fmt.Sprintf("s%d", i), OwnerID: owner.ID})))
	}
	return added
}

// checkStoresAtCivo fails the test unless exactly these stores exist at Civo.
func checkStoresAtCivo(tb testing.TB, server *civosim.Server, want ...civo.ObjectStore) {
	tb.Helper()
	var got []civo.ObjectStore
	for _, s := range server.Stores("") {
		got = append(got, seenStore(server, s))
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		tb.Errorf("at Civo (-want +got):\n%s", diff)
	}
}

// wantStores fails the test unless an error contains exactly the stores with these names.
func wantStores(tb testing.TB, err error, names ...string) {
	tb.Helper()
	var got []string
	for _, s := range listed(tb, err) {
		if s.ID == "" || !strings.EqualFold(s.Region, "LON1") {
			tb.Errorf("the error carries the store %+v", s)
		}
		got = append(got, s.Name)
	}
	if diff := cmp.Diff(names, got, cmpopts.EquateEmpty()); diff != "" {
		tb.Errorf("stores of %q (-want +got):\n%s", err, diff)
	}
}

func TestStore_Answers(t *testing.T) {
	t.Parallel()
	owner := civo.StoreOwner{CredentialID: "c", AccessKeyID: "a", Name: "o"}
	for name, test := range map[string]struct {
		body string
		want civo.ObjectStore // empty: the error is of KindUnexpected
	}{
		"all fields": {
			`{"id":"i","name":"n","max_size":1000,"status":"ready","objectstore_endpoint":"objectstore.lon1.civo.com",` +
				`"owner_info":{"access_key_id":"a","name":"o","credential_id":"c"}}`,
			civo.ObjectStore{ID: "i", Name: "n", Region: "LON1", MaxSizeGB: 1000, Status: civo.StatusReady, Owner: owner, Endpoint: "objectstore.lon1.civo.com"},
		},
		"other name of the size": {
			`{"id":"i","name":"n","max_size_gb":1000,"status":"creating"}`,
			civo.ObjectStore{ID: "i", Name: "n", Region: "LON1", MaxSizeGB: 1000, Status: "creating"},
		},
		"null fields": {
			`{"id":"i","name":"n","max_size":null,"status":null,"owner_info":null}`,
			civo.ObjectStore{ID: "i", Name: "n", Region: "LON1"},
		},
		"another store":       {`{"id":"j","name":"n"}`, civo.ObjectStore{}},
		"no ID":               {`{"name":"n","max_size":500}`, civo.ObjectStore{}},
		"a list":              {`[]`, civo.ObjectStore{}},
		"the size is a text":  {`{"id":"i","max_size":"500"}`, civo.ObjectStore{}},
		"the alias is a text": {`{"id":"i","max_size_gb":"500"}`, civo.ObjectStore{}},
		"HTML":                {`<html></html>`, civo.ObjectStore{}},
		"truncated":           {`{"id":"i","na`, civo.ObjectStore{}},
		"empty":               {``, civo.ObjectStore{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, test.body) }))
			t.Cleanup(server.Close)
			got, err := connect(t, server.URL, "token-a").ObjectStores("LON1").Get(t.Context(), "i")
			if test.want == (civo.ObjectStore{}) {
				wantError(t, err, unexpected, "GET", storesPath+"/i")
			} else if err != nil {
				t.Error(err)
			}
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestStore_NoProofOfAbsence(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault civosim.Fault
		want  string
	}{
		"a bad token":               {civosim.Fault{Effect: civosim.Effect404Account}, unauthorized},
		"403":                       {civosim.Fault{Effect: civosim.Effect403}, forbidden},
		"every path is a text page": {civosim.Fault{Effect: civosim.Effect404Text}, unexpected},
		"500":                       {civosim.Fault{Effect: civosim.Effect500}, serverError},
		"HTML":                      {civosim.Fault{Effect: civosim.EffectHTML200}, unexpected},
		"a list that fails":         {civosim.Fault{Kind: civosim.KindListStores, Effect: civosim.Effect502HTML}, unavailable},
		"a list whose token is bad": {civosim.Fault{Kind: civosim.KindListStores, Effect: civosim.Effect404Account}, unauthorized},
		"the second page":           {civosim.Fault{Kind: civosim.KindListStores, Nth: 2, Times: 100, Effect: civosim.Effect500}, serverError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{PageCap: 30})
			addStores(server, 40)
			server.Inject(test.fault)
			for operation, read := range map[string]func() error{
				"read": func() error { _, err := client.ObjectStores("LON1").Get(t.Context(), "gone"); return err },
				"now":  func() error { _, err := client.ObjectStores("LON1").GetCurrent(t.Context(), "gone"); return err },
				"find": func() error {
					_, err := client.ObjectStores("LON1").Find(t.Context(), civo.By("gone", civo.FieldID))
					return err
				},
				"usage": func() error { _, err := client.ObjectStoreUsage(t.Context(), "LON1", "gone"); return err },
			} {
				if err := read(); err == nil || civo.Is(err, civo.KindNotFound) {
					t.Errorf("%s: %v", operation, err)
				} else {
					wantError(t, err, test.want)
				}
			}
		})
	}
}

func TestStore_Absence(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := addStores(server, 3)
	server.RemoveStore(there[1].ID)
	_, err := client.ObjectStores("LON1").Get(t.Context(), there[1].ID)
	wantError(t, err, notFound, "no object store in LON1", there[1].ID)
	_, err = client.ObjectStoreUsage(t.Context(), "LON1", there[1].ID)
	wantError(t, err, notFound)

	server.Inject(civosim.Fault{Kind: civosim.KindGetStore, Effect: civosim.Effect404Text}) // that of a proxy
	for range 2 {
		if got, err := client.ObjectStores("LON1").Get(t.Context(), there[0].ID); err != nil || got != there[0] {
			t.Errorf("%+v: %v", got, err)
		}
	}
	for _, id := range []string{"..", "", "a/b"} {
		_, err := client.ObjectStores("LON1").Get(t.Context(), id)
		wantError(t, err, unexpected, "contains an invalid ID")
	}
}

// A cached list serves Get, but never GetCurrent.
func TestStore_Current(t *testing.T) {
	t.Parallel()
	timing := quick()
	timing.Fresh = 0 // the default
	server, client := start(t, civosim.Options{}, timing)
	there := addStores(server, 1)[0]
	if _, err := client.ObjectStores("LON1").All(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.ChangeStore(there.ID, func(s *civosim.Store) { s.MaxSizeGB = 1500 })
	if got, err := client.ObjectStores("LON1").Get(t.Context(), there.ID); err != nil || got.MaxSizeGB != 500 {
		t.Errorf("cached: %+v: %v", got, err)
	}
	if got, err := client.ObjectStores("LON1").GetCurrent(t.Context(), there.ID); err != nil || got.MaxSizeGB != 1500 {
		t.Errorf("current: %+v: %v", got, err)
	}
	if n := server.Count(); n != 2 {
		t.Errorf("%d requests", n)
	}
}

func TestStores_AllPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ stores, pageCap, requests int }{{0, 100, 1}, {100, 100, 1}, {250, 100, 3}, {50, 30, 2}} {
		server, client := start(t, civosim.Options{PageCap: test.pageCap})
		want := addStores(server, test.stores)
		server.AddStore(civosim.Store{Region: "FRA1"})
		got, err := client.ObjectStores("LON1").All(t.Context())
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" || server.Count() != test.requests {
			t.Errorf("%+v: %d requests: %v (-want +got):\n%s", test, server.Count(), err, diff)
		}
		got = nil
		for page, err := range client.ObjectStores("LON1").Pages(t.Context()) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, page...)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%+v: pages (-want +got):\n%s", test, diff)
		}
	}
}

func TestStorePages_Faults(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{PageCap: 10})
	addStores(server, 30)
	server.Inject(civosim.Fault{Kind: civosim.KindListStores, Nth: 3, Times: 100, Effect: civosim.EffectTypes200})
	var sizes []int
	var last error
	for page, err := range client.ObjectStores("LON1").Pages(t.Context()) {
		sizes, last = append(sizes, len(page)), err
	}
	wantError(t, last, unexpected, "GET", storesPath)
	if !slices.Equal(sizes, []int{10, 10, 0}) {
		t.Errorf("pages of %v", sizes)
	}
}

func TestFindStore(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{PageCap: 2})
	there := addStores(server, 5)
	twin := server.AddStore(civosim.Store{Name: "twin"})
	server.AddStore(civosim.Store{Name: "twin"})
	uuid := seenStore(server, server.AddStore(civosim.Store{ID: "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f", Name: "u"}))
	for name, test := range map[string]struct {
		by    civo.Lookup
		want  civo.ObjectStore
		kind  string
		words string
	}{
		"ID":              {civo.By(there[3].ID, civo.FieldID), there[3], "", ""},
		"name":            {civo.By("s3", civo.FieldName), there[3], "", ""},
		"any, ID":         {civo.By(there[4].ID, civo.FieldID, civo.FieldName), there[4], "", ""},
		"any, short ID":   {civo.By(uuid.ID, civo.FieldID, civo.FieldName), uuid, "", ""},
		"any, name":       {civo.By("s0", civo.FieldID, civo.FieldName), there[0], "", ""},
		"part of a name":  {civo.By("s", civo.FieldName), civo.ObjectStore{}, notFound, `has the name "s"`},
		"other case":      {civo.By("S0", civo.FieldID, civo.FieldName), civo.ObjectStore{}, notFound, `has the ID or name "S0"`},
		"unknown ID":      {civo.By("none", civo.FieldID), civo.ObjectStore{}, notFound, `no object store in LON1 has the ID "none"`},
		"owner's key":     {civo.By("owner-key", civo.FieldID, civo.FieldName), civo.ObjectStore{}, notFound, ""},
		"name of several": {civo.By("twin", civo.FieldName), civo.ObjectStore{}, ambiguous, `2 object stores in LON1 have the name "twin"`},
		"ID of a twin":    {civo.By(twin.ID, civo.FieldID), seenStore(server, twin), "", ""},
		"nothing":         {civo.By("", civo.FieldID, civo.FieldName), civo.ObjectStore{}, notFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := client.ObjectStores("LON1").Find(t.Context(), test.by)
			if test.kind == "" && err != nil || got != test.want {
				t.Errorf("%+v: %v", got, err)
			}
			switch test.kind {
			case notFound:
				wantError(t, err, notFound, test.words)
				wantStores(t, err, "s0", "s1", "s2", "s3", "s4", "twin", "twin", "u")
			case ambiguous:
				wantError(t, err, ambiguous, test.words)
				wantStores(t, err, "twin", "twin")
			}
		})
	}
}

func TestFindStore_InAnyRegion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		name   string
		down   string // a region that Civo does not serve
		region string // in which the store is found
		kind   string // of the error, if it is not found
	}{
		"first":                 {name: "here", region: "LON1"},
		"other":                 {name: "there", region: "nyc1"},
		"other, one is down":    {name: "there", down: "fra1", region: "nyc1"},
		"nowhere":               {name: "none", kind: notFound},
		"nowhere, one is down":  {name: "none", down: "fra1", kind: otherRegion},
		"nowhere, first is not": {name: "none", down: "lon1", kind: otherRegion},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			server.AddStore(civosim.Store{Name: "here", Region: "lon1"})
			server.AddStore(civosim.Store{Name: "there", Region: "nyc1"})
			if test.down != "" {
				server.SetRegionDown(test.down, true)
			}
			got, err := client.ObjectStores("LON1").FindInAnyRegion(t.Context(), civo.By(test.name, civo.FieldID, civo.FieldName))
			if test.kind != "" {
				wantError(t, err, test.kind)
			} else if err != nil || got.Name != test.name || got.Region != test.region {
				t.Errorf("%+v: %v", got, err)
			}
		})
	}
}

func TestStoreUsage(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := addStores(server, 1)[0]
	server.ChangeStore(there.ID, func(s *civosim.Store) { s.ObjectCount, s.UsedKB = 2408, 27449274 })
	got, err := client.ObjectStoreUsage(t.Context(), "LON1", there.ID)
	want := civo.ObjectStoreUsage{UsedKB: 27449274, Objects: 2408}
	if err != nil || got != want || server.Count() != 1 {
		t.Errorf("%+v after %d requests: %v", got, server.Count(), err)
	}
}

// Only a response with one meaning describes an empty store.
func TestStoreUsage_Answers(t *testing.T) {
	t.Parallel()
	const empty = `{"size_kb_utilised":0,"max_size_kb":500,"num_objects":0}`
	bodies := map[string]int{empty: http.StatusOK}
	for _, status := range []int{201, 202, 203, 204, 206, 207} {
		bodies[fmt.Sprintf(`{"size_kb_utilised":0,"max_size_kb":%d,"num_objects":0}`, status)] = status
	}
	for _, body := range []string{
		`{"result":"failed","size_kb_utilised":0,"num_objects":0}`, `{"size_kb_utilised":0,"num_objects":0,"result":null}`,
		`{"result":5,"size_kb_utilised":0,"num_objects":0}`, `{"RESULT":"failed","size_kb_utilised":0,"num_objects":0}`,
		`{"num_objects":7,"size_kb_utilised":0,"num_objects":0}`, `{"num_objects":0,"size_kb_utilised":0,"Num_Objects":7}`,
		`{"Size_kb_utilised":0,"Num_objects":0}`, `{"num_objects":0,"\u017fize_kb_utilised":0,"size_kb_utilised":0}`,
		`{"num_objects":0.0,"size_kb_utilised":0}`, `{"num_objects":0,"size_kb_utilised":1e3}`, `{"num_objects":0,"size_kb_utilised":0.5}`,
		`{"num_objects":0,"size_kb_utilised":99999999999999999999}`, `{"a":{"b":1,"b":2},"num_objects":0,"size_kb_utilised":0}`,
		`{}`, `{"num_objects":0}`, `{"size_kb_utilised":0}`, `{"size_kb_utilised":null,"num_objects":null}`, `{"size_kb_utilised":0,"num_objects":-1}`,
		`{"size_kb_utilised":"0","num_objects":0}`, `{"id":"i","name":"n"}`, `null`, `[]`, ``, `<html></html>`, `{"size_kb_utilised":0,"num_objects":0`,
	} {
		bodies[body] = http.StatusOK
	}
	for body, status := range bodies {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, body)
		}))
		t.Cleanup(server.Close)
		_, err := connect(t, server.URL, "token-a").ObjectStoreUsage(t.Context(), "LON1", "i")
		if (err == nil) != (body == empty) || err != nil && !strings.Contains(err.Error(), storesPath+"/i/stats") {
			t.Errorf("%d %s: %v", status, body, err)
		}
	}
}
