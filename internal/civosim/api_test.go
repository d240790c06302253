package civosim_test

import (
	"net/http"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

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
		{http.MethodDelete, one, ``, 409, "database_objectstore_credential_inuse_by_objectstore"},
		{http.MethodPost, storesPath, `{"max_size_gb":500}`, 400, "parameter_name_missing"},
		{http.MethodPost, storesPath, `x`, 400, "invalid_request_body"},
		{http.MethodPost, storesPath, `{"name":"abc","max_size_gb":10}`, 400, "database_objectstore_invalid_size"},
		{http.MethodPost, storesPath, `{"name":"taken"}`, 409, "database_objectstore_exists"},
		{http.MethodPost, storesPath, `{"name":"Acme_Backups"}`, 400, "parameter_name_invalid"},
		{http.MethodPost, storesPath, `{"name":"ab"}`, 400, "parameter_name_invalid"},
		{http.MethodPost, storesPath, `{"name":"a.-b"}`, 400, "parameter_name_invalid"},
		{http.MethodPost, storesPath, `{"name":"10.0.0.1"}`, 400, "parameter_name_invalid"},
		{http.MethodPost, storesPath, `{"name":"abc","access_key_id":"no"}`, 404, "database_objectstore_credential_not_found"},
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
