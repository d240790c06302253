package civo_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestDelete_ConfirmsAbsence(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 2)
	if err := client.DeleteCredential(t.Context(), there[0]); err != nil {
		t.Error(err)
	}
	checkAtCivo(t, server, there[1])
	requests := server.Requests()
	if len(requests) < 2 || len(requests) > 3 || requests[0].Kind != civosim.KindDeleteCredential {
		t.Errorf("the requests were %v", requests)
	}
	for _, r := range requests[1:] {
		if r.Kind != civosim.KindGetCredential && r.Kind != civosim.KindListCredentials {
			t.Errorf("one of the requests was %v", r)
		}
	}
}

func TestDelete_AlreadyGone(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 2)
	server.RemoveCredential(there[0].ID)
	if err := client.DeleteCredential(t.Context(), there[0]); err != nil {
		t.Error(err)
	}
	checkAtCivo(t, server, there[1])
}

func TestDelete_LostResponse(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]civosim.Options{"at once": {}, "gone later": {CredentialGoneAfter: 100 * time.Millisecond}} {
		for _, effect := range effects(func(e civosim.Effect) bool { return loses(e) || e == civosim.Effect404Text }) {
			if o.CredentialGoneAfter != 0 && !effect.CarriesOut() {
				continue // makes no difference
			}
			t.Run(name+", "+string(effect), func(t *testing.T) {
				t.Parallel()
				server, client := startHanging(t, o)
				there := add(server, 2)
				server.Inject(civosim.Fault{Kind: civosim.KindDeleteCredential, Nth: 1, Effect: effect})
				if err := client.DeleteCredential(t.Context(), there[0]); err != nil {
					t.Error(err)
				}
				checkAtCivo(t, server, there[1])
			})
		}
	}
}

func TestDelete_UnexpectedResponse(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"result":""}`, `{"result":5}`, `[]`, `<html></html>`, ``} {
		sent := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				sent++
			}
			switch {
			case r.Method == http.MethodDelete && sent == 1:
				_, _ = fmt.Fprint(w, body)
			case r.Method == http.MethodDelete:
				_, _ = fmt.Fprint(w, `{"result":"success"}`)
			case r.URL.Path == credentialsPath:
				_, _ = fmt.Fprint(w, `{"page":1,"per_page":100,"pages":1,"items":[]}`)
			case sent == 1:
				_, _ = fmt.Fprint(w, `{"id":"i","name":"n","status":"ready"}`)
			default:
				w.WriteHeader(http.StatusNotFound)
			}
		}))
		t.Cleanup(server.Close)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		err := connect(t, server.URL, "token-a").DeleteCredential(ctx, civo.Credential{ID: "i", Region: "LON1"})
		cancel()
		if err != nil || sent != 2 {
			t.Errorf("%s: sent %d times: %v", body, sent, err)
		}
	}
}

// A credential that is being deleted already can answer 404 to the DELETE for longer than the DELETE is repeated. A list that never
// settles does not prove anything about it.
func TestDelete_BeingDeletedAlready(t *testing.T) {
	t.Parallel()
	for name, pages := range map[string]int{"one page": 1, "a list that never settles": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			deletes, gets, lists := 0, 0, 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == credentialsPath:
					lists++ // the pages are requested in turn
					_, _ = fmt.Fprintf(w, `{"page":%d,"pages":%d,"items":[{"id":"other-%d"}]}`, (lists-1)%pages+1, pages, lists)
				case r.Method == http.MethodGet && gets < 10 && pages == 1:
					gets++
					_, _ = fmt.Fprint(w, `{"id":"i","name":"n","status":"deleting"}`)
				case r.Method == http.MethodGet && deletes > quick().Retries:
					w.WriteHeader(http.StatusNotFound)
					_, _ = fmt.Fprint(w, `{"code":"database_objectstore_credential_not_found"}`)
				default:
					if r.Method == http.MethodDelete {
						deletes++
					}
					w.WriteHeader(http.StatusNotFound)
				}
			}))
			t.Cleanup(server.Close)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			err := connect(t, server.URL, "token-a").DeleteCredential(ctx, civo.Credential{ID: "i", Region: "LON1"})
			if err != nil || deletes != 1+quick().Retries {
				t.Errorf("after %d DELETEs: %v", deletes, err)
			}
		})
	}
}

func TestDelete_Rejected(t *testing.T) {
	t.Parallel()
	for effect, kind := range map[civosim.Effect]string{
		civosim.Effect401: unauthorized, civosim.Effect403: forbidden, civosim.Effect404Account: unauthorized,
		civosim.Effect400: refused, civosim.EffectRedirect: unexpected,
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			there := add(server, 1)[0]
			server.Inject(civosim.Fault{Kind: civosim.KindDeleteCredential, Effect: effect})
			wantError(t, client.DeleteCredential(t.Context(), there), kind, "DELETE")
			checkAtCivo(t, server, there)
		})
	}
}

func TestDelete_InvalidToken(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	server.SetToken("token-other")
	wantError(t, client.DeleteCredential(t.Context(), there), unauthorized)
	checkAtCivo(t, server, there)
}

func TestDelete_NamesOwnedStores(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{PageCap: 2})
	there := add(server, 2)
	for range 5 {
		server.AddStore(civosim.Store{OwnerID: there[1].ID})
	}
	mine := server.AddStore(civosim.Store{Name: "data", OwnerID: there[0].ID})
	server.AddStore(civosim.Store{Name: "leaving", OwnerID: there[0].ID, Status: "deleting"})
	err := client.DeleteCredential(t.Context(), there[0])
	wantError(t, err, inUse, "DELETE", "409", "data")
	e, ok := errors.AsType[*civo.Error](err)
	if !ok || len(e.Owned) != 1 || e.Owned[0].ID != mine.ID || e.Owned[0].Name != "data" {
		t.Errorf("stores %+v", e.Owned)
	}
	if n := server.Count(civosim.KindDeleteCredential); n != 1 {
		t.Errorf("the DELETE was sent %d times", n)
	}
	checkAtCivo(t, server, there...)
}

func TestDelete_WaitsForStore(t *testing.T) {
	t.Parallel()
	const refusals = 3
	var server *civosim.Server
	var store civosim.Store
	refused := 0
	server, client := start(t, civosim.Options{OnRequest: func(r civosim.Request) {
		if r.Kind == civosim.KindDeleteCredential {
			refused++
			if refused == refusals {
				server.RemoveStore(store.ID)
			}
		}
	}})
	there := add(server, 2)
	store = server.AddStore(civosim.Store{OwnerID: there[0].ID, Status: "deleting"})
	if err := client.DeleteCredential(t.Context(), there[0]); err != nil {
		t.Error(err)
	}
	checkAtCivo(t, server, there[1])
	if n := server.Count(civosim.KindDeleteCredential); n != refusals+1 {
		t.Errorf("the DELETE was sent %d times", n)
	}
}

func TestDelete_StoreTimeout(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	leaving := server.AddStore(civosim.Store{OwnerID: there.ID, Status: "deleting"})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err := client.DeleteCredential(ctx, there)
	wantInterruptedWait(t, err, civo.IsTimeout)
	if e, ok := errors.AsType[*civo.Error](err); civo.Is(err, civo.KindInUse) && (!ok || len(e.Owned) != 1 || e.Owned[0].ID != leaving.ID) {
		t.Errorf("names the stores %+v", e.Owned)
	}
	checkAtCivo(t, server, there)
}

// wantInterruptedWait fails the test unless a wait ended with its context, possibly during a request.
func wantInterruptedWait(tb testing.TB, err error, why func(error) bool) {
	tb.Helper()
	if err == nil || !why(err) {
		tb.Errorf("another error than that of a wait that ended with its context: %v", err)
	}
}

func TestDelete_RejectedWithoutStore(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	server.Inject(civosim.Fault{Kind: civosim.KindDeleteCredential, Effect: civosim.Effect400})
	wantError(t, client.DeleteCredential(t.Context(), there), refused, "400", "The request cannot be processed")
	if n := server.Count(civosim.KindDeleteCredential); n != 4 { // the first and Timing.Retries more
		t.Errorf("the DELETE was sent %d times", n)
	}
}

func TestDelete_StoreDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	server.Inject(civosim.Fault{Kind: civosim.KindDeleteCredential, Nth: 1, Effect: civosim.Effect400})
	if err := client.DeleteCredential(t.Context(), there); err != nil {
		t.Error(err)
	}
	checkAtCivo(t, server)
}

func TestDelete_WaitsForAbsence(t *testing.T) {
	t.Parallel()
	const while = 200 * time.Millisecond
	server, client := start(t, civosim.Options{CredentialGoneAfter: while})
	there := add(server, 1)[0]
	began := time.Now()
	if err := client.DeleteCredential(t.Context(), there); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took < while {
		t.Errorf("returned after %v", took)
	}
	checkAtCivo(t, server)
	if n := server.Count(civosim.KindDeleteCredential); n != 1 {
		t.Errorf("the DELETE was sent %d times", n)
	}
}

func TestDelete_Timeout(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{CredentialGoneAfter: time.Hour})
	there := add(server, 1)[0]
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	wantInterruptedWait(t, client.DeleteCredential(ctx, there), civo.IsTimeout)
}

func TestDelete_NeedsProof(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := add(server, 1)[0]
	server.Inject(
		civosim.Fault{Kind: civosim.KindGetCredential, Effect: civosim.Effect404Text},
		civosim.Fault{Kind: civosim.KindListCredentials, Effect: civosim.Effect500},
	)
	wantError(t, client.DeleteCredential(t.Context(), there), serverError, "GET")
}
