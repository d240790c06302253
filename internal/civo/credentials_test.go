package civo_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

const credentialsPath = "/v2/objectstore/credentials" //nolint:gosec // a path, not a credential

// add adds a number of credentials to Civo.
func add(server *civosim.Server, number int) []civo.Credential {
	added := make([]civo.Credential, 0, number)
	for i := range number {
		name := fmt.Sprintf("n%d", i)
		added = append(added, seen(server.AddCredential(civosim.Credential{
			Name: name, AccessKeyID: "access-" + name, SecretAccessKey: "secret-" + name,
		})))
	}
	return added
}

func TestList_AllPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ credentials, pageCap, requests int }{
		{0, 100, 1}, {1, 100, 1}, {100, 100, 1}, {101, 100, 2}, {250, 100, 3}, {250, 30, 9},
	} {
		server, client := start(t, civosim.Options{PageCap: test.pageCap})
		want := add(server, test.credentials)
		server.AddCredential(civosim.Credential{Region: "FRA1", Name: "other"})
		got, err := client.Credentials("LON1").All(t.Context())
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b civo.Secret) bool { return a == b })); err != nil || diff != "" {
			t.Errorf("%+v: %v (-want +got):\n%s", test, err, diff)
		}
		if n := server.Count(); n != test.requests {
			t.Errorf("%+v: %d requests", test, n)
		}
	}
}

func TestList_StopsEarly(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	add(server, 250)
	for page, err := range client.Credentials("LON1").Pages(t.Context()) {
		if err != nil || len(page) != 100 {
			t.Errorf("a page of %d: %v", len(page), err)
		}
		break
	}
	if n := server.Count(); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestList_EndsAtError(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	add(server, 250)
	server.Inject(civosim.Fault{Nth: 2, Times: 100, Effect: civosim.Effect500})
	pages, failures := 0, 0
	for _, err := range client.Credentials("LON1").Pages(t.Context()) {
		pages++
		if err != nil {
			failures++
		}
	}
	if pages != 2 || failures != 1 {
		t.Errorf("%d pages, %d of them errors", pages, failures)
	}
	if all, err := client.Credentials("LON1").All(t.Context()); err == nil || all != nil {
		t.Errorf("half a list: %d credentials, %v", len(all), err)
	}
}

// answering returns a client of a server with fixed responses by path and query, and 404 for all other requests.
func answering(t *testing.T, answers map[string]string) *civo.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.URL.Path
		if page := r.URL.Query().Get("page"); page != "" {
			key += "?" + page
		}
		answer, ok := answers[key]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = fmt.Fprint(w, answer)
	}))
	t.Cleanup(server.Close)
	return connect(t, server.URL, "token-a")
}

func TestList_ShiftedPage(t *testing.T) {
	t.Parallel()
	client := answering(t, map[string]string{
		credentialsPath + "?1": `{"page":1,"pages":2,"items":[{"id":"a"},{"id":"b"}]}`,
		credentialsPath + "?2": `{"page":2,"pages":2,"items":[{"id":"b"},{"id":"c"}]}`,
	})
	all, err := client.Credentials("LON1").All(t.Context())
	if err != nil || len(all) != 3 {
		t.Errorf("%d credentials, %v", len(all), err)
	}
}

func TestList_NotAList(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"an empty body":          ``,
		"an empty object":        `{}`,
		"null":                   `null`,
		"an array":               `[]`,
		"a page of HTML":         `<html><body>Welcome</body></html>`,
		"no items":               `{"page":1,"per_page":100,"pages":1}`,
		"no page":                `{"per_page":100,"pages":1,"items":[]}`,
		"no pages":               `{"page":1,"per_page":100,"items":[]}`,
		"another page":           `{"page":2,"per_page":100,"pages":1,"items":[]}`,
		"items of a wrong type":  `{"page":1,"per_page":100,"pages":1,"items":{}}`,
		"items without ids":      `{"page":1,"per_page":100,"pages":1,"items":[{"name":"n"}]}`,
		"an item that is null":   `{"page":1,"per_page":100,"pages":1,"items":[null]}`,
		"cut JSON":               `{"page":1,"per_page":100,"pages":1,"items":[{"id":"i"}`,
		"an error with status 2": `{"code":"database_account_not_found","reason":"No"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := answering(t, map[string]string{credentialsPath + "?1": body})
			all, err := client.Credentials("LON1").All(t.Context())
			wantError(t, err, unexpected, "GET "+credentialsPath)
			if all != nil {
				t.Errorf("and a list of %d", len(all))
			}
			// Looks like the proof that a credential no longer exists, but is not.
			_, err = client.Credentials("LON1").Get(t.Context(), "i")
			wantError(t, err, unexpected)
		})
	}
}

func TestList_Empty(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"page":1,"per_page":100,"pages":1,"items":[]}`, `{"page":1,"per_page":100,"pages":0,"items":[]}`,
		`{"page":1,"per_page":100,"pages":0,"items":null}`,
	} {
		client := answering(t, map[string]string{credentialsPath + "?1": body})
		if all, err := client.Credentials("LON1").All(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("%s: %d, %v", body, len(all), err)
		}
		_, err := client.Credentials("LON1").Get(t.Context(), "i")
		wantError(t, err, notFound)
	}
}

func TestList_ChangesWhileRead(t *testing.T) {
	t.Parallel()
	grown := answering(t, map[string]string{
		credentialsPath + "?1": `{"page":1,"pages":1,"items":[{"id":"a"}]}`,
		credentialsPath + "?2": `{"page":2,"pages":2,"items":[{"id":"b"}]}`,
	})
	if all, err := grown.Credentials("LON1").All(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("grown: %d credentials, %v", len(all), err)
	}
	shrunk := answering(t, map[string]string{
		credentialsPath + "?1": `{"page":1,"pages":3,"items":[{"id":"a"}]}`,
		credentialsPath + "?2": `{"page":2,"pages":1,"items":[]}`,
	})
	if all, err := shrunk.Credentials("LON1").All(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("shrunk: %d credentials, %v", len(all), err)
	}
}

func TestDelete_ForbiddenBecauseOfStore(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := server.AddCredential(civosim.Credential{Name: "owner", Region: "LON1"})
	server.AddStore(civosim.Store{Name: "owned", OwnerID: there.ID})
	server.Inject(civosim.Fault{Kind: civosim.KindDeleteCredential, Effect: civosim.Effect403})
	err := client.DeleteCredential(t.Context(), seen(there))
	if !civo.Is(err, civo.KindInUse) {
		t.Errorf("the stores are not named: %v", err)
	}
}
