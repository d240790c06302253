package civo_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

func TestDeleteStore_Requests(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := addStores(server, 2)
	if err := client.DeleteObjectStore(t.Context(), there[0]); err != nil || server.Count() != 2 {
		t.Errorf("%d requests: %v", server.Count(), err)
	}
	if err := client.DeleteObjectStore(t.Context(), there[0]); err != nil {
		t.Errorf("of a store that does not exist: %v", err)
	}
	checkStoresAtCivo(t, server, there[1])
	wantError(t, client.DeleteObjectStore(t.Context(), civo.ObjectStore{ID: "..", Region: "LON1"}), unexpected, "contains an invalid ID")
}

func TestDeleteStore_LostResponse(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]civosim.Options{"immediately": {}, "after a delay": {StoreGoneAfter: 100 * time.Millisecond}} {
		for _, effect := range effects(func(e civosim.Effect) bool {
			return loses(e) && e != civosim.EffectFailed200 || e == civosim.Effect404Text
		}) {
			if o.StoreGoneAfter != 0 && !effect.CarriesOut() {
				continue // makes no difference
			}
			t.Run(name+", "+string(effect), func(t *testing.T) {
				t.Parallel()
				server, client := startHanging(t, o)
				there := addStores(server, 2)
				server.Inject(civosim.Fault{Kind: civosim.KindDeleteStore, Nth: 1, Effect: effect})
				if err := client.DeleteObjectStore(t.Context(), there[0]); err != nil {
					t.Error(err)
				}
				checkStoresAtCivo(t, server, there[1])
			})
		}
	}
}

func TestDeleteStore_Rejected(t *testing.T) {
	t.Parallel()
	for effect, test := range map[civosim.Effect]struct {
		kind    string
		deletes int
	}{
		civosim.Effect400: {refused, 1}, civosim.Effect401: {unauthorized, 1}, civosim.Effect403: {forbidden, 1},
		civosim.Effect404Account: {unauthorized, 1}, civosim.EffectRedirect: {unexpected, 1},
		civosim.Effect500: {serverError, 4}, civosim.Effect502HTML: {unavailable, 4},
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			there := addStores(server, 1)
			server.Inject(civosim.Fault{Kind: civosim.KindDeleteStore, Effect: effect})
			wantError(t, client.DeleteObjectStore(t.Context(), there[0]), test.kind, "DELETE")
			if n := server.Count(civosim.KindDeleteStore); n != test.deletes {
				t.Errorf("the DELETE was sent %d times", n)
			}
			checkStoresAtCivo(t, server, there...)
		})
	}
}

func TestDeleteStore_NoSuccess(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"result":""}`, `{"result":"failed","reason":"It is locked"}`} {
		sent := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			sent++
			_, _ = fmt.Fprint(w, body)
		}))
		t.Cleanup(server.Close)
		err := connect(t, server.URL, "token-a").DeleteObjectStore(t.Context(), civo.ObjectStore{ID: "i", Region: "LON1"})
		wantError(t, err, refused, "DELETE")
		if sent != 1 || civo.IsUncertain(err) {
			t.Errorf("%s: uncertain is %t after %d requests", body, civo.IsUncertain(err), sent)
		}
	}
}

func TestDeleteStore_InvalidToken(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := addStores(server, 1)
	server.SetToken("token-other")
	wantError(t, client.DeleteObjectStore(t.Context(), there[0]), unauthorized)
	server.SetRegionDown("lon1", true)
	server.SetToken("token-a")
	wantError(t, connect(t, server.URL(), "token-a").DeleteObjectStore(t.Context(), there[0]), unknownRegion)
}

func TestDeleteStore_NeedsProof(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := addStores(server, 1)
	server.Inject(
		civosim.Fault{Kind: civosim.KindDeleteStore, Effect: civosim.Effect404Text},
		civosim.Fault{Kind: civosim.KindGetStore, Effect: civosim.Effect404Text},
		civosim.Fault{Kind: civosim.KindListStores, Effect: civosim.Effect500},
	)
	wantError(t, client.DeleteObjectStore(t.Context(), there[0]), serverError, "GET")
	checkStoresAtCivo(t, server, there...)
}

// When the deletion returns, the credential that owned the store can be deleted immediately.
func TestDeleteStore_FreesOwner(t *testing.T) {
	t.Parallel()
	const while = 200 * time.Millisecond
	server, client := start(t, civosim.Options{StoreGoneAfter: while})
	there := addStores(server, 1)[0]
	began := time.Now()
	if err := client.DeleteObjectStore(t.Context(), there); err != nil || time.Since(began) < while {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	if err := client.DeleteCredential(t.Context(), civo.Credential{ID: there.Owner.CredentialID, Region: "LON1"}); err != nil {
		t.Error(err)
	}
	if n, m := server.Count(civosim.KindDeleteStore), server.Count(civosim.KindDeleteCredential); n != 1 || m != 1 {
		t.Errorf("%d and %d DELETEs", n, m)
	}
}

func TestDeleteStore_Timeout(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{StoreGoneAfter: time.Hour})
	there := addStores(server, 1)[0]
	ctx := simtest.ExpiringAt(t.Context(), server, civosim.KindGetStore, 1)
	err := client.DeleteObjectStore(ctx, there)
	if !civo.IsTimeout(err) {
		t.Error(err)
	}
	wantError(t, err, unavailable, "the object store still exists")
	wantStores(t, err, there.Name)
}

// Civo can create and delete a credential with a store, so a write to a store invalidates the list of credentials.
func TestStore_OwnerIsListed(t *testing.T) {
	t.Parallel()
	timing := quick()
	timing.Fresh = 0 // the default
	var client *civo.Client
	_, client = start(t, civosim.Options{StoreGoneAfter: 200 * time.Millisecond, OnRequest: func(r civosim.Request) {
		if r.Kind == civosim.KindGetStore { // while the deletion is waited for
			if _, err := client.Credentials("lon1").All(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		}
	}}, timing)
	listed := func(when string, want int) {
		t.Helper()
		if all, err := client.Credentials("lon1").All(t.Context()); err != nil || len(all) != want {
			t.Errorf("%s: %d credentials: %v", when, len(all), err)
		}
	}
	listed("before", 0)
	created, err := client.CreateObjectStore(t.Context(), wantedStore("abc", ""))
	if err != nil {
		t.Fatal(err)
	}
	listed("created", 1)
	if err := client.DeleteObjectStore(t.Context(), created); err != nil {
		t.Fatal(err)
	}
	listed("deleted", 0)
}
