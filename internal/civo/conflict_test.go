package civo_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestCreate_NameTaken(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"database_objectstore_credential_exists", "database_objectstore_exists", "database_objectstore_credential_duplicate",
		"database_objectstore_credential_duplicate_name", "something_else", "-",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{TakenNameCode: code, PageCap: 2})
			there := add(server, 5)
			_, err := client.CreateCredential(t.Context(), named("n3", wanted("other")))
			wantError(t, err, nameTaken, "409")
			if in := listed(t, err); len(in) != 1 || in[0].ID != there[3].ID || in[0].Region != "LON1" {
				t.Errorf("names %+v", in)
			}
			if civo.IsUncertain(err) || server.Count(civosim.KindCreateCredential) != 1 {
				t.Errorf("uncertain is %t", civo.IsUncertain(err))
			}
		})
	}
}

func TestCreate_AccessKeyTaken(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 3)
	for name, write := range map[string]func() error{
		"POST": func() error {
			_, err := client.CreateCredential(t.Context(), named("x", there[1]))
			return err
		},
		"PUT": func() error {
			_, err := client.UpdateCredential(t.Context(), keyed(there[0].ID, "LON1", there[1]))
			return err
		},
	} {
		err := write()
		wantError(t, err, accessKeyTaken, name, "409")
		if in := listed(t, err); len(in) != 1 || in[0].ID != there[1].ID || in[0].Name != "n1" {
			t.Errorf("%s: names %+v", name, in)
		}
	}
	checkAtCivo(t, server, there...)
}

// If one credential has the name and another one the access key ID, the error is about the name.
func TestCreate_NameAndAccessKeyTaken(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 2)
	for name, other := range map[int]int{0: 1, 1: 0} {
		opts := named(there[name].Name, there[other])
		_, err := client.CreateCredential(t.Context(), opts)
		wantError(t, err, nameTaken, "409")
		if in := listed(t, err); len(in) != 1 || in[0].ID != there[name].ID {
			t.Errorf("the error contains %+v", in)
		}
	}
}

// A conflict that no credential explains is a plain rejection, unless the code means that the name is taken: it can be that of a credential
// that was just deleted.
func TestCreate_ConflictUnexplained(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ code, want string }{
		{"database_name_reserved", refused},
		{"database_duplicate_objectstore_credential_name_not_allowed", nameTaken},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.WriteHeader(http.StatusConflict)
				_, _ = fmt.Fprintf(w, `{"code":%q,"reason":"No"}`, test.code)
				return
			}
			_, _ = fmt.Fprint(w, `{"page":1,"pages":1,"items":[]}`)
		}))
		t.Cleanup(server.Close)
		_, err := connect(t, server.URL, "token-a").CreateCredential(t.Context(), wanted("n"))
		wantError(t, err, test.want, "409", test.code)
	}
}

func TestCreate_IDs(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"dots": "..", "empty": "", "slash": "a/b", "query": "a?b", "control": "a\x1b", "too long": strings.Repeat("a", 129)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var posts atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					posts.Add(1)
					_, _ = fmt.Fprintf(w, `{"id":%q,"name":"n","status":"ready"}`, id)
					return
				}
				_, _ = fmt.Fprintf(w, `{"page":1,"pages":1,"items":[{"id":%q}]}`, id)
			}))
			t.Cleanup(server.Close)
			client := connect(t, server.URL, "token-a")
			created, err := client.CreateCredential(t.Context(), wanted("n"))
			if !civo.Is(err, civo.KindUnexpected) || !civo.IsUncertain(err) || created.ID != "" || posts.Load() != 1 {
				t.Errorf("created %q with %d POSTs: %v", created.ID, posts.Load(), err)
			}
			if strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Errorf("%q", err.Error())
			}
		})
	}
}

// The keys that identify the credential appear minutes after the POST whose response was lost.
func TestCreate_LostResponseHiddenKeys(t *testing.T) {
	t.Parallel()
	timing := quick()
	timing.Request = 100 * time.Millisecond // for one request; the wait for the keys has the caller's time
	for name, status := range map[string]string{"creating": "creating", "pending": "pending", "no status": "-"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{ReadyAfter: 500 * time.Millisecond, PendingStatus: status, PageCap: 3}, timing)
			add(server, 5)
			server.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: civosim.EffectAfterClose})
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			created, err := client.CreateCredential(ctx, wanted("n"))
			if err != nil || !haveSameKeys(created, wanted("n")) || created.ID == "" {
				t.Errorf("created %+v: %v", created, err)
			}
			if n := server.Count(civosim.KindCreateCredential); n != 1 || len(server.Credentials("")) != 6 {
				t.Errorf("%d POSTs, %d credentials", n, len(server.Credentials("")))
			}
		})
	}
}

func TestDelete_Refused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{409, 500, 200} {
		for name, omit := range map[string]bool{"with the owner's ID": false, "without the owner's ID": true} {
			t.Run(fmt.Sprintf("%d, %s", status, name), func(t *testing.T) {
				t.Parallel()
				server, client := start(t, civosim.Options{RefusedDeletionStatus: status, OmitOwnerCredentialID: omit, PageCap: 2}, civo.Timing{})
				there := add(server, 3)
				for _, owner := range []int{0, 0, 1, 2} {
					server.AddStore(civosim.Store{OwnerID: there[owner].ID, Name: fmt.Sprintf("store-%d-%d", owner, len(server.Stores("")))})
				}
				began := time.Now()
				err := client.DeleteCredential(t.Context(), there[1])
				wantError(t, err, inUse, "DELETE", strconv.Itoa(status))
				e := listed(t, err)
				if len(e) != 1 || e[0].Name != "store-1-2" || civo.IsUncertain(err) {
					t.Errorf("uncertain is %t, stores %+v", civo.IsUncertain(err), e)
				}
				if n := server.Count(civosim.KindDeleteCredential); n != 1 {
					t.Errorf("%d DELETEs in %v", n, time.Since(began))
				}
				checkAtCivo(t, server, there...)
			})
		}
	}
}

// The stores of the credential are being deleted: the deletion waits for them, whatever the rejection looks like.
func TestDelete_StoreBeingDeleted(t *testing.T) {
	t.Parallel()
	for _, status := range []int{409, 500, 200} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{
				RefusedDeletionStatus: status, StoreGoneAfter: 300 * time.Millisecond, OmitOwnerCredentialID: true,
			})
			there := add(server, 1)[0]
			server.DeleteStore(server.AddStore(civosim.Store{OwnerID: there.ID}).ID)
			if err := client.DeleteCredential(t.Context(), there); err != nil {
				t.Error(err)
			}
			checkAtCivo(t, server)
		})
	}
}

// Responses to DELETE that are neither a success nor a known rejection.
func TestDelete_Answers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		body    string
		owned   bool
		want    string
		deletes int
	}{
		"empty object":          {200, `{}`, false, refused, 4},
		"empty object, owned":   {200, `{}`, true, inUse, 1},
		"failed":                {200, `{"result":"failed"}`, false, refused, 4},
		"failed, owned":         {200, `{"result":"failed","code":"x_failed"}`, true, inUse, 1},
		"409 without JSON":      {409, `in use`, true, inUse, 1},
		"400, owned":            {400, `{"code":"database_objectstore_credential_in_use"}`, true, inUse, 1},
		"500 with a code":       {500, `{"code":"database_firewall_deleted_failed"}`, true, inUse, 1},
		"500 with a code, free": {500, `{"code":"database_firewall_deleted_failed"}`, false, refused, 4},
		"500 of a proxy, owned": {500, `<html>`, true, unavailable, 4},
		"403, free":             {403, `{"code":"permission_denied"}`, false, forbidden, 1},
		"403, owned":            {403, `{"code":"denied"}`, true, inUse, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var deletes atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == http.MethodDelete:
					deletes.Add(1)
					w.WriteHeader(test.status)
					_, _ = fmt.Fprint(w, test.body)
				case strings.HasSuffix(r.URL.Path, "/objectstores") && test.owned:
					_, _ = fmt.Fprint(w, `{"page":1,"pages":1,"items":[{"id":"s","name":"data","status":"ready","owner_info":{"access_key_id":"access"}}]}`)
				case strings.HasSuffix(r.URL.Path, "/i"):
					_, _ = fmt.Fprint(w, `{"id":"i","name":"n","access_key_id":"access","status":"ready"}`)
				default:
					_, _ = fmt.Fprint(w, `{"page":1,"pages":1,"items":[]}`)
				}
			}))
			t.Cleanup(server.Close)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			err := connect(t, server.URL, "token-a").DeleteCredential(ctx, civo.Credential{ID: "i", Region: "LON1", AccessKeyID: "access"})
			wantError(t, err, test.want)
			if n := int(deletes.Load()); n != test.deletes || civo.IsTimeout(err) {
				t.Errorf("%d DELETEs: %v", n, err)
			}
			if test.owned && test.want == inUse && listed(t, err)[0].Name != "data" {
				t.Errorf("stores %+v", listed(t, err))
			}
		})
	}
}

func TestCreate_NamesTheOther(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]civo.Credential{
		"other keys": wanted("other"),
		"the same keys, which without doubt are not ours": wanted("n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			add(server, 3)
			other := server.AddCredential(civosim.Credential{
				Name: "n", AccessKeyID: keys.AccessKeyID, SecretAccessKey: keys.SecretAccessKey.Reveal(),
			})
			_, err := client.CreateCredential(t.Context(), wanted("n"))
			wantError(t, err, nameTaken, "409")
			if civo.IsUncertain(err) {
				t.Error("is uncertain")
			}
			if in := listed(t, err); len(in) != 1 || in[0].ID != other.ID || in[0].Region != "LON1" || !strings.Contains(in[0].Extra, other.AccessKeyID) {
				t.Errorf("names %+v", in)
			}
			if n := server.Count(civosim.KindCreateCredential); n != 1 {
				t.Errorf("the POST was sent %d times", n)
			}
		})
	}
}

func TestCreate_NameTakenByUnknown(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	server.AddCredential(civosim.Credential{Name: "n"})
	server.Inject(civosim.Fault{Kind: civosim.KindListCredentials, Effect: civosim.Effect500})
	_, err := client.CreateCredential(t.Context(), wanted("n"))
	wantError(t, err, nameTaken)
}
