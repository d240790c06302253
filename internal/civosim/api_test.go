package civosim_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The commands of the CLI, in the order in which its users give them, by the requests they send.
func TestWhatTheCLIDoes(t *testing.T) {
	t.Parallel()
	_, c := start(t, civosim.Options{})

	// civo objectstore credential create reader
	made := c.ok(http.MethodPost, credentialsPath,
		`{"name":"reader","access_key_id":null,"secret_access_key_id":null,"max_size_gb":0,"region":"LON1"}`)
	if made.text("status") != "ready" {
		t.Errorf("status %q", made.text("status"))
	}
	// civo objectstore credential ls; … secret -a KEY; … export
	list := c.ok(http.MethodGet, credentialsPath+"?page=1&per_page=100&region=LON1", "")
	if diff := cmp.Diff([]object{made}, list.items()); diff != "" {
		t.Errorf("listed (-created +listed):\n%s", diff)
	}
	if secret := list.items()[0].text("secret_access_key_id"); len(secret) != 40 {
		t.Errorf("the list has the secret %q", secret)
	}
	// civo objectstore credential update reader --secret-key new
	changed := c.ok(http.MethodPut, credentialsPath+"/"+made.text("id"),
		`{"access_key_id":"`+made.text("access_key_id")+`","secret_access_key_id":"new","region":"LON1"}`)
	if changed.text("secret_access_key_id") != "new" || changed.text("access_key_id") != made.text("access_key_id") {
		t.Errorf("updated to %v", changed)
	}
	// civo objectstore create data --owner-access-key KEY
	store := c.ok(http.MethodPost, storesPath,
		`{"name":"data","max_size_gb":500,"access_key_id":"`+made.text("access_key_id")+`","region":"LON1"}`)
	want := object{
		"id": store["id"], "name": "data", "max_size": 500.0, "status": "ready",
		"objectstore_endpoint": "objectstore.lon1.civo.com",
		"owner_info": map[string]any{
			"access_key_id": made["access_key_id"], "name": "reader", "credential_id": made["id"],
		},
	}
	if diff := cmp.Diff(want, store); diff != "" {
		t.Errorf("store (-want +got):\n%s", diff)
	}
	// civo objectstore credential delete reader
	c.refused(http.MethodDelete, credentialsPath+"/"+made.text("id")+"?region=LON1", "",
		http.StatusConflict, "objectstore_credential_in_use")
	// civo objectstore update data --size 1000; show; delete; then the credential
	c.ok(http.MethodPut, storesPath+"/"+store.text("id"), `{"max_size_gb":1000,"region":"LON1"}`)
	if shown := c.ok(http.MethodGet, storesPath+"/"+store.text("id")+"?region=LON1", ""); shown["max_size"] != 1000.0 {
		t.Errorf("the store is now %v", shown)
	}
	success := object{"result": "success"}
	for _, path := range []string{storesPath + "/" + store.text("id"), credentialsPath + "/" + made.text("id")} {
		if diff := cmp.Diff(success, c.ok(http.MethodDelete, path+"?region=LON1", "")); diff != "" {
			t.Errorf("DELETE %s (-want +got):\n%s", path, diff)
		}
	}
	if left := c.ok(http.MethodGet, credentialsPath+"?region=LON1", "").items(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestKeysMadeAsCivosAre(t *testing.T) {
	t.Parallel()
	_, c := start(t, civosim.Options{})
	for _, keys := range []string{``, `,"access_key_id":null,"secret_access_key_id":null`, `,"access_key_id":"","secret_access_key_id":""`} {
		made := c.ok(http.MethodPost, credentialsPath, fmt.Sprintf(`{"name":"n%d"%s}`, len(keys), keys))
		for field, pattern := range map[string]string{ //nolint:gosec // what keys look like, not keys
			"access_key_id":        `^[A-Z0-9]{20}$`,
			"secret_access_key_id": `^[A-Za-z0-9]{40}$`,
			"id":                   `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		} {
			if !regexp.MustCompile(pattern).MatchString(made.text(field)) {
				t.Errorf("%s is %q", field, made.text(field))
			}
		}
	}
}

func TestFieldsOfACredential(t *testing.T) {
	t.Parallel()
	_, c := start(t, civosim.Options{})
	sized := c.ok(http.MethodPost, credentialsPath,
		`{"name":"sized","access_key_id":"a","secret_access_key_id":"s","max_size_gb":500}`)
	want := object{
		"id": sized["id"], "name": "sized", "access_key_id": "a", "secret_access_key_id": "s",
		"max_size_gb": 500.0, "suspended": false, "status": "ready",
	}
	if diff := cmp.Diff(want, sized); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if unsized := c.ok(http.MethodPost, credentialsPath, `{"name":"unsized"}`); unsized["max_size_gb"] != nil {
		t.Errorf("max_size_gb of 0 is answered: %v", unsized)
	}
	kept := c.ok(http.MethodPut, credentialsPath+"/"+sized.text("id"), `{"access_key_id":null,"secret_access_key_id":""}`)
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("an update that gives nothing (-before +after):\n%s", diff)
	}
}

func listedIDs(list object) []string {
	ids := make([]string, len(list.items()))
	for i, item := range list.items() {
		ids[i] = item.text("id")
	}
	return ids
}

func idsOf(list []civosim.Credential) []string {
	ids := make([]string, len(list))
	for i, credential := range list {
		ids[i] = credential.ID
	}
	return ids
}

func TestPaging(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{PageCap: 50, PageSize: 10})
	for range 101 {
		server.AddCredential(civosim.Credential{Region: "LON1"})
	}
	server.AddCredential(civosim.Credential{Region: "FRA1"})
	all := server.Credentials("LON1")

	for query, want := range map[string]struct{ page, perPage, pages, first, items int }{
		"":                       {1, 10, 11, 0, 10},
		"&page=2":                {2, 10, 11, 10, 10},
		"&page=11":               {11, 10, 11, 100, 1},
		"&page=12":               {12, 10, 11, 0, 0},
		"&page=0&per_page=0":     {1, 10, 11, 0, 10},
		"&page=-1&per_page=-5":   {1, 10, 11, 0, 10},
		"&page=one&per_page=two": {1, 10, 11, 0, 10},
		"&page=3&per_page=50":    {3, 50, 3, 100, 1},
		"&page=3&per_page=100":   {3, 50, 3, 100, 1},
		"&per_page=33":           {1, 33, 4, 0, 33},
	} {
		got := c.ok(http.MethodGet, credentialsPath+"?region=LON1"+query, "")
		numbers := object{"page": got["page"], "per_page": got["per_page"], "pages": got["pages"]}
		wantNumbers := object{
			"page": float64(want.page), "per_page": float64(want.perPage), "pages": float64(want.pages),
		}
		if diff := cmp.Diff(wantNumbers, numbers); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
		if diff := cmp.Diff(idsOf(all[want.first:want.first+want.items]), listedIDs(got)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
	}

	empty := c.ok(http.MethodGet, credentialsPath+"?region=NYC1", "")
	if diff := cmp.Diff(object{"page": 1.0, "per_page": 10.0, "pages": 1.0, "items": []any{}}, empty); diff != "" {
		t.Errorf("empty region (-want +got):\n%s", diff)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	none := c
	none.token = ""
	status, answer := none.ask(http.MethodGet, credentialsPath, "")
	if status != http.StatusUnauthorized || answer.text("result") != "requires_authentication" {
		t.Errorf("no token: %d %v", status, answer)
	}
	wrong := c
	wrong.token = "wrong"
	for _, path := range []string{credentialsPath, credentialsPath + "/an-id", "/v2/regions"} {
		wrong.refused(http.MethodGet, path, "", http.StatusNotFound, "database_account_not_found")
	}
	wrong.refused(http.MethodPost, credentialsPath, `{"name":"n"}`, http.StatusNotFound, "database_account_not_found")
	if n := len(server.Credentials("")); n != 0 {
		t.Errorf("a wrong token created %d", n)
	}

	server.SetToken("another")
	c.refused(http.MethodGet, credentialsPath, "", http.StatusNotFound, "database_account_not_found")
	c.token = server.Token()
	c.ok(http.MethodGet, credentialsPath, "")
}

func TestSchemeInAnyCase(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	for authorization, want := range map[string]int{
		"bearer " + server.Token(): http.StatusOK,
		"Bearer " + server.Token(): http.StatusOK,
		"BEARER " + server.Token(): http.StatusOK,
		"Basic " + server.Token():  http.StatusUnauthorized,
		server.Token():             http.StatusUnauthorized,
		"bearer":                   http.StatusUnauthorized,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+"/v2/regions", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", authorization)
		response, err := c.http.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%.8q…: %d, want %d", authorization, response.StatusCode, want)
		}
	}
}

func TestRegionsHideTheirObjects(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{Regions: []string{"lon1", "FRA1"}})
	credential := server.AddCredential(civosim.Credential{Name: "n", Region: "fra1"})
	store := server.AddStore(civosim.Store{Name: "s", OwnerID: credential.ID})
	one, oneStore := credentialsPath+"/"+credential.ID, storesPath+"/"+store.ID

	for _, region := range []string{"LON1", "lon1", ""} {
		const noCredential, noStore = "database_objectstore_credential_not_found", "database_objectstore_not_found"
		c.refused(http.MethodGet, one+"?region="+region, "", http.StatusNotFound, noCredential)
		c.refused(http.MethodPut, one+"?region=FRA1", `{"region":"LON1"}`, http.StatusNotFound, noCredential)
		c.refused(http.MethodDelete, one+"?region="+region, "", http.StatusNotFound, noCredential)
		c.refused(http.MethodGet, oneStore+"?region="+region, "", http.StatusNotFound, noStore)
		c.refused(http.MethodPut, oneStore+"?region="+region, `{"max_size_gb":500}`, http.StatusNotFound, noStore)
		c.refused(http.MethodDelete, oneStore+"?region="+region, "", http.StatusNotFound, noStore)
		if items := c.ok(http.MethodGet, credentialsPath+"?region="+region, "").items(); len(items) != 0 {
			t.Errorf("region %q lists %v", region, items)
		}
	}
	c.refused(http.MethodGet, credentialsPath+"?region=MOON1", "", http.StatusBadRequest, "region_unavailable")
	c.refused(http.MethodPost, credentialsPath, `{"name":"n","region":"MOON1"}`, http.StatusBadRequest, "region_unavailable")

	for _, region := range []string{"FRA1", "fra1"} {
		c.ok(http.MethodGet, one+"?region="+region, "")
		c.ok(http.MethodGet, oneStore+"?region="+region, "")
	}
	// The same name and access key are free in another region, and none given is the first.
	c.ok(http.MethodPost, credentialsPath, `{"name":"n","access_key_id":"`+credential.AccessKeyID+`"}`)
	if n := len(server.Credentials("LON1")); n != 1 {
		t.Errorf("%d credentials in the default region", n)
	}
}

func TestRegionList(t *testing.T) {
	t.Parallel()
	_, c := start(t, civosim.Options{Regions: []string{"LON1", "XYZ2"}})
	got, err := c.send(http.MethodGet, "/v2/regions", "")
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"code":"LON1","name":"London 1","type":"civostack","out_of_capacity":false,"country":"uk",` +
		`"country_name":"United Kingdom","features":{"object_store":true},"default":true},` +
		`{"code":"XYZ2","name":"XYZ2","type":"civostack","out_of_capacity":false,"country":"",` +
		`"country_name":"","features":{"object_store":true},"default":false}]`
	if diff := cmp.Diff(want, string(got.body)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	server.AddCredential(civosim.Credential{Name: "taken", AccessKeyID: "TAKEN"})
	other := server.AddCredential(civosim.Credential{Name: "other"})
	store := server.AddStore(civosim.Store{Name: "taken", OwnerID: other.ID})
	one, oneStore := credentialsPath+"/"+other.ID, storesPath+"/"+store.ID

	for _, test := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{http.MethodPost, credentialsPath, `{}`, 400, "parameter_name_missing"},
		{http.MethodPost, credentialsPath, `{"name":`, 400, "invalid_request_body"},
		{http.MethodPost, credentialsPath, ``, 400, "invalid_request_body"},
		{http.MethodPost, credentialsPath, `{"name":1}`, 400, "invalid_request_body"},
		{http.MethodPost, credentialsPath, `{"name":"taken"}`, 409, "database_objectstore_credential_exists"},
		{http.MethodPost, credentialsPath, `{"name":"n","access_key_id":"TAKEN"}`, 409, "database_objectstore_credential_access_key_exists"},
		{http.MethodPut, one, `{"access_key_id":"TAKEN"}`, 409, "database_objectstore_credential_access_key_exists"},
		{http.MethodPut, one, `[]`, 400, "invalid_request_body"},
		{http.MethodPut, credentialsPath + "/no", `{}`, 404, "database_objectstore_credential_not_found"},
		{http.MethodDelete, one, ``, 409, "objectstore_credential_in_use"},
		{http.MethodPost, storesPath, `{"max_size_gb":500}`, 400, "parameter_name_missing"},
		{http.MethodPost, storesPath, `x`, 400, "invalid_request_body"},
		{http.MethodPost, storesPath, `{"name":"n","max_size_gb":10}`, 400, "database_objectstore_invalid_size"},
		{http.MethodPost, storesPath, `{"name":"taken"}`, 409, "database_objectstore_exists"},
		{http.MethodPost, storesPath, `{"name":"n","access_key_id":"no"}`, 404, "database_objectstore_credential_not_found"},
		{http.MethodPut, oneStore, `{"max_size_gb":-500}`, 400, "database_objectstore_invalid_size"},
		{http.MethodPut, oneStore, `x`, 400, "invalid_request_body"},
		{http.MethodGet, storesPath + "/no", ``, 404, "database_objectstore_not_found"},
	} {
		c.refused(test.method, test.path, test.body, test.status, test.code)
	}
	if n, m := len(server.Credentials("")), len(server.Stores("")); n != 2 || m != 1 {
		t.Errorf("%d credentials and %d stores after refusals only", n, m)
	}

	for _, path := range []string{"/", "/v2/instances", credentialsPath + "/", credentialsPath + "/a/b", "/v2/objectstoresx"} {
		got, err := c.send(http.MethodGet, path, "")
		if err != nil {
			t.Fatal(err)
		}
		if got.status != http.StatusNotFound || string(got.body) != "404 page not found\n" {
			t.Errorf("%s: %d %q", path, got.status, got.body)
		}
	}
	if answer := c.ok(http.MethodGet, "/v2/ping", ""); answer.text("result") != "ok" {
		t.Errorf("ping: %v", answer)
	}
}

func TestReadyAfterATime(t *testing.T) {
	t.Parallel()
	for asked, pending := range map[string]string{"": "creating", "pending": "pending", "-": ""} {
		t.Run(pending, func(t *testing.T) {
			t.Parallel()
			server, c := start(t, civosim.Options{
				ReadyAfter: 300 * time.Millisecond, PendingStatus: asked, 
			})
			began := time.Now()
			made := c.ok(http.MethodPost, credentialsPath, `{"name":"n","access_key_id":"A"}`)
			one := credentialsPath + "/" + made.text("id")
			updated := c.ok(http.MethodPut, one, `{"secret_access_key_id":"S"}`)
			for _, seen := range []object{made, updated} {
				if seen.text("status") != pending || seen["access_key_id"] != nil || seen["secret_access_key_id"] != nil {
					t.Errorf("at once: %v", seen)
				}
			}
			if now, _ := server.Credential(made.text("id")); now.Status != pending || now.SecretAccessKey != "S" {
				t.Errorf("at Civo: %s", now.Status)
			}
			var seen object
			eventually(t, "it is ready", func() bool {
				seen = c.ok(http.MethodGet, one, "")
				return seen.text("status") == "ready"
			})
			if took := time.Since(began); took < 300*time.Millisecond {
				t.Errorf("ready after %s", took)
			}
			if seen.text("access_key_id") != "A" || seen.text("secret_access_key_id") != "S" {
				t.Errorf("ready: %v", seen)
			}
		})
	}
}

func TestFailedCreation(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	server.FailCreates(true)
	if made := c.ok(http.MethodPost, credentialsPath, `{"name":"a"}`); made.text("status") != "failed" {
		t.Errorf("status %q", made.text("status"))
	}
	server.FailCreates(false)
	if made := c.ok(http.MethodPost, credentialsPath, `{"name":"b"}`); made.text("status") != "ready" {
		t.Errorf("status %q", made.text("status"))
	}
}

func TestStoreOnItsWayOutStillOwned(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{StoreGoneAfter: 300 * time.Millisecond})
	credential := server.AddCredential(civosim.Credential{})
	store := server.AddStore(civosim.Store{Name: "s", OwnerID: credential.ID})
	one, oneStore := credentialsPath+"/"+credential.ID, storesPath+"/"+store.ID

	began := time.Now()
	c.ok(http.MethodDelete, oneStore, "")
	c.ok(http.MethodDelete, oneStore, "")
	if seen := c.ok(http.MethodGet, oneStore, ""); seen.text("status") != "deleting" {
		t.Errorf("store: %v", seen)
	}
	c.refused(http.MethodDelete, one, "", http.StatusConflict, "objectstore_credential_in_use")
	c.refused(http.MethodPut, oneStore, `{"max_size_gb":500}`, http.StatusConflict, "database_objectstore_deleting")
	c.refused(http.MethodPost, storesPath, `{"name":"s"}`, http.StatusConflict, "database_objectstore_exists")
	eventually(t, "the credential can be deleted", func() bool {
		c.ask(http.MethodDelete, oneStore, "") // asking again does not put it off
		status, _ := c.ask(http.MethodDelete, one, "")
		return status == http.StatusOK
	})
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("the store was gone after %s", took)
	}
	c.refused(http.MethodGet, oneStore, "", http.StatusNotFound, "database_objectstore_not_found")
}

func TestCredentialOnItsWayOut(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{CredentialGoneAfter: 300 * time.Millisecond})
	credential := server.AddCredential(civosim.Credential{Name: "n", AccessKeyID: "A"})
	one := credentialsPath + "/" + credential.ID

	c.ok(http.MethodDelete, one, "")
	c.ok(http.MethodDelete, one, "")
	if seen := c.ok(http.MethodGet, one, ""); seen.text("status") != "deleting" {
		t.Errorf("credential: %v", seen)
	}
	if items := c.ok(http.MethodGet, credentialsPath, "").items(); len(items) != 1 {
		t.Errorf("listed: %v", items)
	}
	c.refused(http.MethodPost, credentialsPath, `{"name":"n"}`, http.StatusConflict, "database_objectstore_credential_exists")
	c.refused(http.MethodPut, one, `{}`, http.StatusConflict, "database_objectstore_credential_deleting")
	c.refused(http.MethodPost, storesPath, `{"name":"s","access_key_id":"A"}`,
		http.StatusNotFound, "database_objectstore_credential_not_found")
	eventually(t, "it is gone", func() bool {
		c.ask(http.MethodDelete, one, "") // asking again does not put it off
		_, there := server.Credential(credential.ID)
		return !there
	})
	c.refused(http.MethodGet, one, "", http.StatusNotFound, "database_objectstore_credential_not_found")
	c.ok(http.MethodPost, credentialsPath, `{"name":"n","access_key_id":"A"}`)
}

func TestStoreWithACredentialOfItsOwn(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	server.AddCredential(civosim.Credential{Name: "taken"})
	for _, name := range []string{"free", "taken"} {
		store := c.ok(http.MethodPost, storesPath, `{"name":"`+name+`"}`)
		if store["max_size"] != 500.0 {
			t.Errorf("a size not given is %v", store["max_size"])
		}
		owner, _ := store["owner_info"].(map[string]any)
		id := object(owner).text("credential_id")
		c.refused(http.MethodDelete, credentialsPath+"/"+id, "", http.StatusConflict, "objectstore_credential_in_use")
		c.ok(http.MethodDelete, storesPath+"/"+store.text("id"), "")
		if _, there := server.Credential(id); there || id == "" {
			t.Errorf("the credential %q of store %s outlived it", id, name)
		}
	}
}

func TestCredentialsBehindTheClientsBack(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	first := server.AddCredential(civosim.Credential{Name: "same"})
	second := server.AddCredential(civosim.Credential{Name: "same", Region: "fra1", Status: "pending", Suspended: true})
	if diff := cmp.Diff([]civosim.Credential{first, second}, server.Credentials("")); diff != "" {
		t.Errorf("all regions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]civosim.Credential{second}, server.Credentials("FRA1")); diff != "" {
		t.Errorf("one region (-want +got):\n%s", diff)
	}

	second = server.AddCredential(civosim.Credential{ID: second.ID, Name: "replaced"})
	if diff := cmp.Diff([]civosim.Credential{first, second}, server.Credentials("LON1")); diff != "" {
		t.Errorf("after one was replaced (-want +got):\n%s", diff)
	}
	if !server.RemoveCredential(second.ID) || server.RemoveCredential(second.ID) {
		t.Error("removing reports the wrong thing")
	}
	c.refused(http.MethodGet, credentialsPath+"/"+second.ID, "",
		http.StatusNotFound, "database_objectstore_credential_not_found")
}

func TestChangesBehindTheClientsBack(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{CredentialGoneAfter: time.Hour, ReadyAfter: time.Hour})
	before := c.ok(http.MethodPost, credentialsPath, `{"name":"before"}`)
	id := before.text("id")
	change := func(cr *civosim.Credential) {
		cr.ID, cr.Region = "ignored", "ignored"
		cr.Name, cr.AccessKeyID, cr.SecretAccessKey, cr.Suspended = "after", "A", "S", true
	}
	if !server.ChangeCredential(id, change) || server.ChangeCredential("no", change) {
		t.Error("changing reports the wrong thing")
	}
	want := object{
		"id": id, "name": "after", "access_key_id": "A", "secret_access_key_id": "S", "suspended": true,
		"status": "creating",
	}
	if diff := cmp.Diff(want, c.ok(http.MethodGet, credentialsPath+"/"+id, "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c.refused(http.MethodPost, credentialsPath, `{"name":"n","access_key_id":"A"}`,
		http.StatusConflict, "database_objectstore_credential_access_key_exists")
	c.ok(http.MethodPost, credentialsPath, `{"name":"before","access_key_id":"`+before.text("access_key_id")+`"}`)

	// A status set by hand counts whatever time it is, and brings back what was being deleted.
	c.ok(http.MethodDelete, credentialsPath+"/"+id, "")
	server.ChangeCredential(id, func(cr *civosim.Credential) { cr.Status = "odd" })
	if now, _ := server.Credential(id); now.Status != "odd" {
		t.Errorf("status %q", now.Status)
	}
}

func TestStoresBehindTheClientsBack(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{StoreGoneAfter: time.Hour})
	owner := server.AddCredential(civosim.Credential{Region: "FRA1"})
	store := server.AddStore(civosim.Store{OwnerID: owner.ID})
	want := civosim.Store{
		ID: store.ID, Name: store.Name, Region: "FRA1", MaxSizeGB: 500, OwnerID: owner.ID, Status: "ready",
	}
	if diff := cmp.Diff(want, store); diff != "" || store.ID == "" || store.Name == "" {
		t.Errorf("added (-want +got):\n%s", diff)
	}
	if !server.DeleteStore(store.ID) || server.DeleteStore("no") {
		t.Error("deleting reports the wrong thing")
	}
	want.Status = "deleting"
	if diff := cmp.Diff([]civosim.Store{want}, server.Stores("fra1")); diff != "" {
		t.Errorf("on its way out (-want +got):\n%s", diff)
	}
	replaced := server.AddStore(civosim.Store{ID: store.ID, Name: "new"})
	if diff := cmp.Diff([]civosim.Store{replaced}, server.Stores("")); diff != "" {
		t.Errorf("replaced (-want +got):\n%s", diff)
	}
	if !server.RemoveStore(store.ID) || server.RemoveStore(store.ID) || len(server.Stores("")) != 0 {
		t.Error("a removed store is not gone")
	}
	if diff := cmp.Diff([]civosim.Credential{owner}, server.Credentials("")); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestManyCredentials(t *testing.T) {
	t.Parallel()
	server, c := start(t, civosim.Options{})
	const many = 10_000
	began := time.Now()
	for range many {
		server.AddCredential(civosim.Credential{})
	}
	var ids []string
	for number := 1; number <= many/100; number++ {
		list := c.ok(http.MethodGet, fmt.Sprintf("%s?per_page=100&page=%d", credentialsPath, number), "")
		ids = append(ids, listedIDs(list)...)
	}
	slices.Sort(ids)
	if unique := slices.Compact(ids); len(unique) != many {
		t.Errorf("%d different credentials on all pages", len(unique))
	}
	for _, id := range ids {
		server.RemoveCredential(id)
	}
	if n := len(server.Credentials("")); n != 0 {
		t.Errorf("%d left", n)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
}
