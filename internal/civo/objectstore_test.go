package civo

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// What writes send, and what the client adds to a response that omits it. Without faults, a write is one request. A create of a store reads
// the list before, a delete the record after.
func TestWrites_Bodies(t *testing.T) {
	t.Parallel()
	var sent []string
	client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(req.Body)
		sent = append(sent, req.Method+" "+req.URL.RequestURI()+" "+string(body))
		switch {
		case req.Method == http.MethodDelete:
			return respond(200, `{"result":"success"}`), nil
		case req.Method == http.MethodGet && req.URL.Path == objectStoresPath+"/i":
			return respond(404, `{"code":"database_objectstore_not_found"}`), nil
		case req.Method == http.MethodGet:
			return respond(200, emptyList), nil
		}
		return respond(200, `{"id":"i"}`), nil
	})
	owned, err := client.CreateObjectStore(t.Context(), wantedStore("a", "key"))
	want := ObjectStore{ID: "i", Name: "a", Region: "LON1", MaxSizeGB: 1000, Owner: StoreOwner{AccessKeyID: "key"}}
	failIf(t, err != nil || owned != want, "created %+v: %v", owned, err)
	_, err = client.CreateObjectStore(t.Context(), wantedStore("b", ""))
	wantError(t, err, noError)
	owned.Owner = StoreOwner{AccessKeyID: "key", CredentialID: "c", Name: "n"} // from another response
	want.Owner, want.MaxSizeGB = owned.Owner, 1500
	got, err := client.ResizeObjectStore(t.Context(), owned, 1500)
	failIf(t, err != nil || got != want, "resized %+v: %v", got, err)
	wantError(t, client.DeleteObjectStore(t.Context(), owned), noError)
	created, err := client.CreateCredential(t.Context(), wanted("n"))
	failIf(t, err != nil || created != keyed("i", wanted("n")), "created %+v: %v", created, err)
	changed, err := client.UpdateCredential(t.Context(), created)
	failIf(t, err != nil || changed != keyed("i", wanted("")).WithKeys("access-n", NewSecret("secret-n")), "changed to %+v: %v", changed, err)
	wantEqual(t, "requests", []string{
		"GET /v2/objectstores?page=1&per_page=100&region=LON1 ",
		`POST /v2/objectstores?region=LON1 {"name":"a","max_size_gb":1000,"access_key_id":"key","region":"LON1"}`,
		"GET /v2/objectstores?page=1&per_page=100&region=LON1 ",
		`POST /v2/objectstores?region=LON1 {"name":"b","max_size_gb":1000,"region":"LON1"}`,
		`PUT /v2/objectstores/i?region=LON1 {"max_size_gb":1500,"region":"LON1"}`,
		"DELETE /v2/objectstores/i?region=LON1 ",
		"GET /v2/objectstores/i?region=LON1 ",
		`POST /v2/objectstore/credentials?region=LON1 {"name":"n","access_key_id":"access-n","secret_access_key_id":"secret-n","region":"LON1"}`,
		`PUT /v2/objectstore/credentials/i?region=LON1 {"access_key_id":"access-n","secret_access_key_id":"secret-n","region":"LON1"}`,
	}, sent)
	sent = nil
	for size, kind := range map[int]Kind{1: noError, 0: KindRefused, -500: KindRefused} {
		_, createErr := client.CreateObjectStore(t.Context(), resized(wantedStore("abc", ""), size))
		_, resizeErr := client.ResizeObjectStore(t.Context(), owned, size)
		wantError(t, createErr, kind, "GB is not a valid size")
		wantError(t, resizeErr, kind, "GB is not a valid size")
	}
	failIf(t, len(sent) != 3, "requests with an invalid size: %q", sent)
}

// The name is taken by a store that exists before the create, that another client creates meanwhile, or by another customer. An earlier
// list, or the same name in another region, does not matter: the name of a store that was deleted can be reused immediately.
func TestCreateStore_NameTaken(t *testing.T) {
	t.Parallel()
	const deleted = "store" // by another client
	for name, test := range map[string]struct {
		name  string
		at    string // the kind of the request before which another client creates a store; empty: none
		fault civosim.Effect
		owner string
		by    []string
		posts int
	}{
		"listed":                      {"s1", "", "", "owner-key", []string{"s1"}, 0},
		"listed, other case":          {"S1", "", "", "owner-key", []string{"s1"}, 0},
		"being deleted":               {"s2", "", "", "owner-key", []string{"s2"}, 0},
		"deleted":                     {deleted, "", "", "owner-key", nil, 1},
		"created by this client":      {"first", "", "", "owner-key", []string{"first"}, 0},
		"another customer's":          {"images", "", "", "owner-key", nil, 1},
		"since the list":              {"abc", civosim.KindCreateStore, "", "", []string{"abc"}, 1},
		"since the list, 500":         {"abc", civosim.KindCreateStore, civosim.Effect500, "owner-key", []string{"abc"}, 2},
		"since the list, closed":      {"abc", civosim.KindCreateStore, civosim.EffectClose, "owner-key", []string{"abc"}, 2},
		"since the list, HTML":        {"abc", civosim.KindCreateStore, civosim.EffectHTML200, "owner-key", []string{"abc"}, 2},
		"before the list, closed":     {"abc", civosim.KindListStores, civosim.EffectClose, "", []string{"abc"}, 0},
		"another customer's, at last": {"images", "", civosim.EffectClose, "owner-key", nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{PageCap: 2, TakenStoreNames: []string{"images"}}, caching())
			gone := server.AddStore(civosim.Store{Name: deleted})
			server.ChangeStore(addStores(server, 5)[3].ID, func(s *civosim.Store) { s.Status = "deleting" })
			server.AddStore(civosim.Store{Name: "first", Region: "fra1"}) // in another region, so it is not in the way
			if _, err := client.CreateObjectStore(t.Context(), wantedStore("first", "owner-key")); err != nil {
				t.Fatal(err)
			}
			if _, err := client.ObjectStores("LON1").All(t.Context()); err != nil {
				t.Fatal(err)
			}
			server.RemoveStore(gone.ID)
			server.ResetRecord()
			if test.at != "" {
				server.OnArrival(test.at, 1, func() { server.AddStore(civosim.Store{Name: "abc"}) })
			}
			if test.fault != "" {
				server.Inject(fault(civosim.KindCreateStore, 1, test.fault))
			}
			_, err := client.CreateObjectStore(t.Context(), wantedStore(test.name, test.owner))
			wantError(t, err, map[bool]Kind{true: noError, false: KindNameTaken}[test.name == deleted])
			wantNamed(t, err, test.by...)
			n := server.Count(civosim.KindCreateStore)
			failIf(t, n != test.posts || IsUncertain(err), "uncertain is %t after %d POSTs", IsUncertain(err), n)
		})
	}
}

// If a response does not contain the owner, the client cannot determine whether it created the store.
func TestCreateStore_OwnerNotShown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		later     string
		uncertain bool
	}{
		"shown when ready": {`"status":"ready","owner_info":{"access_key_id":"key"}`, false},
		"another's":        {`"status":"ready","owner_info":{"access_key_id":"other"}`, true},
		"never shown":      {`"status":"ready"`, true},
		"failed":           {`"status":"failed"`, true},
	} {
		posts, lists := 0, 0
		const creating = `{"id":"i","name":"abc","status":"creating"}`
		answers := []string{emptyList, listOf(creating), listOf(`{"id":"i","name":"abc",` + test.later + `}`)}
		client := clientOver(t, quick(), func(req *http.Request) (*http.Response, error) {
			if req.Method == http.MethodPost {
				posts++
				return respond(500, ""), nil
			}
			lists++
			return respond(200, answers[min(lists, len(answers))-1]), nil
		})
		created, err := client.CreateObjectStore(t.Context(), wantedStore("abc", "key"))
		failIf(t, IsUncertain(err) != test.uncertain || (err == nil) == test.uncertain || err == nil && created.ID != "i",
			"%s: %+v, uncertain is %t: %v", name, created, IsUncertain(err), err)
		failIf(t, name != "another's" && posts != 1, "%s: the POST was sent %d times", name, posts)
	}
}

// Civo can create and delete a credential with a store, so a write to a store invalidates the list of credentials.
func TestStore_OwnerIsListed(t *testing.T) {
	t.Parallel()
	var client *Client
	_, client = start(t, civosim.Options{StoreGoneAfter: 200 * time.Millisecond, OnRequest: func(r civosim.Request) {
		if r.Kind == civosim.KindGetStore { // while the deletion is waited for
			if _, err := client.Credentials("lon1").All(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		}
	}}, caching())
	wantListed := func(when string, want int) {
		t.Helper()
		if all, err := client.Credentials("lon1").All(t.Context()); err != nil || len(all) != want {
			t.Errorf("%s: %d credentials: %v", when, len(all), err)
		}
	}
	wantListed("before", 0)
	created, err := client.CreateObjectStore(t.Context(), wantedStore("abc", ""))
	wantError(t, err, noError)
	wantListed("created", 1)
	wantError(t, client.DeleteObjectStore(t.Context(), created), noError)
	wantListed("deleted", 0)
}

// Only a response with one meaning contains the usage of a store.
func TestStoreUsage_Answers(t *testing.T) {
	t.Parallel()
	got, err := responding(t, 200, `{"size_kb_utilised":27449274,"num_objects":2408}`).ObjectStoreUsage(t.Context(), "LON1", "i")
	failIf(t, err != nil || got != (ObjectStoreUsage{UsedKB: 27449274, Objects: 2408}), "%+v: %v", got, err)
	const empty = `{"size_kb_utilised":0,"max_size_kb":500,"num_objects":0}`
	usage := func(status int, body string) error {
		_, err := responding(t, status, body).ObjectStoreUsage(t.Context(), "LON1", "i")
		return err
	}
	wantError(t, usage(200, empty), noError)
	for _, status := range []int{201, 202, 203, 204, 206, 207} {
		wantError(t, usage(status, empty), KindUnexpected, objectStoresPath+"/i/stats")
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
		if err := usage(200, body); err == nil || !strings.Contains(err.Error(), objectStoresPath+"/i/stats") {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestOtherEndpoint(t *testing.T) {
	t.Parallel()
	const public = "https://objectstore.lon1.civo.com"
	for actual, want := range map[string]string{
		"": "", "objectstore.lon1.civo.com": "", "OBJECTSTORE.lon1.civo.com:443": "", public + "/a": "", "https://a.objectstore.lon1.civo.com": "",
		"s3.lon1.example.com":            "https://s3.{region}.example.com",
		"https://s3.example.com:8443/a":  "https://s3.example.com:8443",
		"127.0.0.1:9000":                 "http://127.0.0.1:9000",
		"localhost:80":                   "http://localhost",
		"http://s3.example.com":          "",
		"user:pass@example.com":          "",
		"\x1b[31m":                       "",
		"https://objectstore.civo.com/a": "https://objectstore.civo.com",
	} {
		got := OtherEndpoint(public, ObjectStore{Name: "a", Region: "LON1", Endpoint: actual})
		failIf(t, got != want, "%q: got %q, want %q", actual, got, want)
	}
	got := OtherEndpoint(public, ObjectStore{Name: "objectstore", Region: "LON1", Endpoint: "objectstore.lon1.civo.com"})
	failIf(t, got != "", "a store that is called like the first label of the host: got %q", got)
}
