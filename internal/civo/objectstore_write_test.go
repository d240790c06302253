package civo_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// wantedStore returns the store that the tests create.
func wantedStore(name, owner string) civo.ObjectStore {
	return civo.ObjectStore{Name: name, Region: "LON1", MaxSizeGB: 1000, Owner: civo.StoreOwner{AccessKeyID: owner}}
}

func TestCreateStore_Requests(t *testing.T) {
	t.Parallel()
	var sent []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = append(sent, r.Method+" "+r.URL.RequestURI()+" "+string(body))
		if r.URL.Path == storesPath && r.Method == http.MethodGet {
			_, _ = fmt.Fprint(w, `{"page":1,"pages":1,"items":[]}`)
			return
		}
		_, _ = fmt.Fprint(w, `{"id":"i"}`)
	}))
	t.Cleanup(server.Close)
	timing := quick()
	timing.Fresh = 0 // the default
	client := connect(t, server.URL, "token-a", timing)
	owned, err := client.CreateObjectStore(t.Context(), wantedStore("a", "key"))
	want := civo.ObjectStore{ID: "i", Name: "a", Region: "LON1", MaxSizeGB: 1000, Owner: civo.StoreOwner{AccessKeyID: "key"}}
	if err != nil || owned != want {
		t.Errorf("created %+v: %v", owned, err)
	}
	if _, err := client.CreateObjectStore(t.Context(), wantedStore("b", "")); err != nil {
		t.Error(err)
	}
	owned.Owner = civo.StoreOwner{AccessKeyID: "key", CredentialID: "c", Name: "n"} // from another response
	want.Owner, want.MaxSizeGB = owned.Owner, 1500
	if resized, err := client.ResizeObjectStore(t.Context(), owned, 1500); err != nil || resized != want {
		t.Errorf("resized %+v: %v", resized, err)
	}
	if diff := cmp.Diff([]string{
		"GET /v2/objectstores?page=1&per_page=100&region=LON1 ",
		`POST /v2/objectstores?region=LON1 {"name":"a","max_size_gb":1000,"access_key_id":"key","region":"LON1"}`,
		"GET /v2/objectstores?page=1&per_page=100&region=LON1 ",
		`POST /v2/objectstores?region=LON1 {"name":"b","max_size_gb":1000,"region":"LON1"}`,
		`PUT /v2/objectstores/i?region=LON1 {"max_size_gb":1500,"region":"LON1"}`,
	}, sent); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestStore_InvalidSize(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	for _, size := range []int{0, -500} {
		opts := wantedStore("abc", "")
		opts.MaxSizeGB = size
		_, err := client.CreateObjectStore(t.Context(), opts)
		wantError(t, err, refused, "GB is not a valid size")
		_, err = client.ResizeObjectStore(t.Context(), civo.ObjectStore{ID: "i", Region: "LON1", MaxSizeGB: 500}, size)
		wantError(t, err, refused, "GB is not a valid size")
	}
	if n := server.Count(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestCreateStore_LostResponse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options civosim.Options
		owner   string
	}{
		"owned":                         {civosim.Options{}, "owner-key"},
		"owned, ready later":            {civosim.Options{StoreReadyAfter: 100 * time.Millisecond}, "owner-key"},
		"owned, no credential ID":       {civosim.Options{OmitOwnerCredentialID: true}, "owner-key"},
		"owner created":                 {civosim.Options{}, ""},
		"owner created, keys not shown": {civosim.Options{ReadyAfter: 100 * time.Millisecond}, ""},
		"deep in a list of many pages":  {civosim.Options{PageCap: 5}, "owner-key"},
	} {
		for _, effect := range effects(loses) {
			if name != "owned" && !effect.CarriesOut() && effect != civosim.EffectClose {
				continue // makes no difference
			}
			t.Run(name+", "+string(effect), func(t *testing.T) {
				t.Parallel()
				server, client := startHanging(t, test.options)
				addStores(server, 12)
				server.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Nth: 1, Effect: effect})
				created, err := client.CreateObjectStore(t.Context(), wantedStore("abc", test.owner))
				if err != nil {
					t.Fatal(err)
				}
				ready, err := client.ObjectStores(created.Region).WaitReady(t.Context(), created)
				if err != nil {
					t.Error(err)
				}
				wantCreated(t, server, 13, ready, test.owner)
				if n := server.Count(civosim.KindCreateStore); effect.CarriesOut() != (n == 1) || n > 2 {
					t.Errorf("the POST was sent %d times", n)
				}
			})
		}
	}
}

// wantCreated fails the test unless the latest store at Civo is this store, as described by wantedStore.
func wantCreated(tb testing.TB, server *civosim.Server, number int, ready civo.ObjectStore, owner string) {
	tb.Helper()
	there := server.Stores("")
	if len(there) != number || ready.ID != there[number-1].ID || ready.Name != "abc" || ready.MaxSizeGB != 1000 || ready.Status != "ready" {
		tb.Errorf("created %+v of %d", ready, len(there))
	}
	if owner != "" && ready.Owner.AccessKeyID != owner {
		tb.Errorf("the owner is %+v", ready.Owner)
	}
}

func TestCreateStore_Rejected(t *testing.T) {
	t.Parallel()
	for effect, kind := range map[civosim.Effect]string{
		civosim.Effect400: refused, civosim.Effect401: unauthorized, civosim.Effect403: forbidden, civosim.Effect404Text: refused,
		civosim.Effect404Account: unauthorized, civosim.EffectRedirect: unexpected,
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			server.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Effect: effect})
			_, err := client.CreateObjectStore(t.Context(), wantedStore("abc", ""))
			wantError(t, err, kind, "POST")
			if civo.IsUncertain(err) || server.Count(civosim.KindCreateStore) != 1 {
				t.Errorf("uncertain is %t after %d POSTs", civo.IsUncertain(err), server.Count(civosim.KindCreateStore))
			}
			checkStoresAtCivo(t, server)
		})
	}
}

// If the list before the first POST fails, the client sends no POST, and the outcome is certain.
func TestCreateStore_ListFails(t *testing.T) {
	t.Parallel()
	for effect, kind := range map[civosim.Effect]string{
		civosim.Effect400: refused, civosim.Effect401: unauthorized, civosim.Effect404Text: unexpected, civosim.Effect404Account: unauthorized,
		civosim.Effect500: serverError, civosim.Effect502HTML: unavailable, civosim.EffectClose: unavailable, civosim.EffectHTML200: unexpected,
		civosim.EffectCut200: unexpected, civosim.EffectTypes200: unexpected,
	} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			server.Inject(civosim.Fault{Kind: civosim.KindListStores, Effect: effect})
			_, err := client.CreateObjectStore(t.Context(), wantedStore("abc", ""))
			wantError(t, err, kind, "GET")
			if civo.IsUncertain(err) || server.Count(civosim.KindCreateStore) != 0 {
				t.Errorf("uncertain is %t after %d POSTs", civo.IsUncertain(err), server.Count(civosim.KindCreateStore))
			}
		})
	}
	for region, kind := range map[string]string{"LON9": unknownRegion, "PHX1": noObjectStorage, "": noRegion} {
		_, client := start(t, civosim.Options{})
		opts := wantedStore("abc", "")
		opts.Region = region
		_, err := client.CreateObjectStore(t.Context(), opts)
		wantError(t, err, kind)
	}
}

func TestCreateStore_NameTaken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		name   string
		since  string // the name of a store that is created elsewhere before the call
		stores []string
		posts  int
	}{
		"by a listed store":        {"s1", "", []string{"s1"}, 0},
		"by a store being deleted": {"s2", "", []string{"s2"}, 0},
		"by this client's store":   {"first", "", []string{"first"}, 0},
		"by a store created since": {"abc", "abc", []string{"abc"}, 0},
		"by another customer":      {"images", "", nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timing := quick()
			timing.Fresh = 0 // the default
			server, client := start(t, civosim.Options{PageCap: 2, TakenStoreNames: []string{"images"}, StoreGoneAfter: time.Hour}, timing)
			server.DeleteStore(addStores(server, 5)[2].ID)
			server.AddStore(civosim.Store{Name: "first", Region: "fra1"}) // in another region, so it is not in the way
			if _, err := client.CreateObjectStore(t.Context(), wantedStore("first", "owner-key")); err != nil {
				t.Fatal(err)
			}
			if test.since != "" {
				server.AddStore(civosim.Store{Name: test.since})
			}
			_, err := client.CreateObjectStore(t.Context(), wantedStore(test.name, "owner-key"))
			wantError(t, err, nameTaken)
			wantStores(t, err, test.stores...)
			if n := server.Count(civosim.KindCreateStore) - 1; n != test.posts || civo.IsUncertain(err) {
				t.Errorf("uncertain is %t after %d POSTs", civo.IsUncertain(err), n)
			}
		})
	}
}

// Another client creates the store between the list and the POST.
func TestCreateStore_NameTakenSinceTheList(t *testing.T) {
	t.Parallel()
	var server *civosim.Server
	var once sync.Once
	server, client := start(t, civosim.Options{OnRequest: func(r civosim.Request) {
		if r.Kind == civosim.KindListStores {
			once.Do(func() { server.AddStore(civosim.Store{Name: "abc"}) })
		}
	}})
	_, err := client.CreateObjectStore(t.Context(), wantedStore("abc", ""))
	wantError(t, err, nameTaken, "409")
	wantStores(t, err, "abc")
	if n := server.Count(civosim.KindCreateStore); n != 1 || civo.IsUncertain(err) {
		t.Errorf("uncertain is %t after %d POSTs", civo.IsUncertain(err), n)
	}
}

// Another customer has the name only if the code of the conflict says so or is missing, and if a list contains no store with the name.
func TestCreateStore_Conflict(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		code    string
		listing bool // the list is read a second time
		want    string
	}{
		"exists":             {409, "database_objectstore_exists", true, nameTaken},
		"exists, as a 400":   {400, "database_objectstore_exists", true, nameTaken},
		"without a code":     {409, "", true, refused},
		"for another reason": {409, "quota_limit_reached", true, quota},
		"the list fails":     {409, "database_objectstore_exists", false, refused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lists := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					lists++
				}
				switch {
				case r.Method == http.MethodPost:
					w.WriteHeader(test.status)
					_, _ = fmt.Fprintf(w, `{"code":%q,"reason":"No"}`, test.code)
				case lists > 1 && !test.listing:
					w.WriteHeader(http.StatusForbidden)
				default:
					_, _ = fmt.Fprint(w, `{"page":1,"pages":1,"items":[{"id":"i","name":"other"}]}`)
				}
			}))
			t.Cleanup(server.Close)
			_, err := connect(t, server.URL, "token-a").CreateObjectStore(t.Context(), wantedStore("abc", ""))
			wantError(t, err, test.want, "POST", "No")
			wantStores(t, err)
		})
	}
}

func TestCreateStore_NoOwner(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	_, err := client.CreateObjectStore(t.Context(), wantedStore("abc", "unknown-key"))
	wantError(t, err, noOwner, "404", "database_objectstore_credential_not_found")
	if civo.IsUncertain(err) || server.Count(civosim.KindCreateStore) != 1 {
		t.Errorf("uncertain is %t after %d POSTs", civo.IsUncertain(err), server.Count(civosim.KindCreateStore))
	}
}

// A second resource with the same name never adopts the store of the first, even if every response is lost.
func TestCreateStore_SameNameTwice(t *testing.T) {
	t.Parallel()
	for _, effect := range []civosim.Effect{"", civosim.EffectAfterClose, civosim.EffectAfter500, civosim.EffectClose} {
		for name, regions := range map[string][]string{"one spelling": {"LON1"}, "two spellings": {"LON1", "lon1"}} {
			t.Run(fmt.Sprintf("%s, %q", name, effect), func(t *testing.T) {
				t.Parallel()
				timing := quick()
				timing.Fresh = 0 // the default
				server, client := start(t, civosim.Options{Latency: time.Millisecond}, timing)
				if effect != "" {
					server.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Nth: 1, Effect: effect})
				}
				var mu sync.Mutex
				created := 0
				var group sync.WaitGroup
				for n := range 6 {
					group.Go(func() {
						opts := wantedStore("abc", "")
						opts.Region = regions[n%len(regions)]
						_, err := client.CreateObjectStore(t.Context(), opts)
						mu.Lock()
						defer mu.Unlock()
						if err == nil {
							created++
							return
						}
						wantError(t, err, nameTaken)
						wantStores(t, err, "abc")
					})
				}
				group.Wait()
				if created != 1 || len(server.Stores("")) != 1 {
					t.Errorf("%d calls created %d stores", created, len(server.Stores("")))
				}
			})
		}
	}
}

// After a lost response, the client does not adopt a store with another owner that another client created after the list.
func TestCreateStore_AdoptsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	for _, effect := range []civosim.Effect{civosim.Effect500, civosim.EffectClose, civosim.EffectHTML200} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			var server *civosim.Server
			var once sync.Once
			server, client := start(t, civosim.Options{OnRequest: func(r civosim.Request) {
				if r.Kind == civosim.KindCreateStore {
					once.Do(func() { server.AddStore(civosim.Store{Name: "abc"}) })
				}
			}})
			addStores(server, 1)
			server.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Nth: 1, Effect: effect})
			_, err := client.CreateObjectStore(t.Context(), wantedStore("abc", "owner-key"))
			wantError(t, err, nameTaken, "409")
			wantStores(t, err, "abc")
		})
	}
}

// The client does not adopt a store that another client created after an earlier list, even if the response is lost.
func TestCreateStore_CreatedElsewhere(t *testing.T) {
	t.Parallel()
	for _, effect := range []civosim.Effect{civosim.Effect500, civosim.EffectClose, civosim.EffectHTML200} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			timing := quick()
			timing.Fresh = 0 // the default
			server, client := start(t, civosim.Options{}, timing)
			addStores(server, 1)
			if _, err := client.CreateObjectStore(t.Context(), wantedStore("first", "owner-key")); err != nil {
				t.Fatal(err)
			}
			server.AddStore(civosim.Store{Name: "abc"})
			server.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Nth: 1, Effect: effect})
			created, err := client.CreateObjectStore(t.Context(), wantedStore("abc", ""))
			if err == nil {
				t.Fatalf("adopted %+v", created)
			}
			wantError(t, err, nameTaken)
			wantStores(t, err, "abc")
			if n := server.Count(civosim.KindCreateStore); n != 1 || civo.IsUncertain(err) {
				t.Errorf("uncertain is %t after %d POSTs", civo.IsUncertain(err), n)
			}
		})
	}
}

// If a response does not contain the owner, the client cannot determine whether it created the store.
func TestCreateStore_OwnerNotShown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first, later string
		uncertain    bool
	}{
		"shown when ready": {`"status":"creating"`, `"status":"ready","owner_info":{"access_key_id":"key"}`, false},
		"another's":        {`"status":"creating"`, `"status":"ready","owner_info":{"access_key_id":"other"}`, true},
		"never shown":      {`"status":"creating"`, `"status":"ready"`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			posts, lists := 0, 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					posts++
					w.WriteHeader(http.StatusInternalServerError)
					return
				}
				lists++
				items := map[int]string{1: "", 2: `{"id":"i","name":"abc",` + test.first + `}`}
				item, ok := items[lists]
				if !ok {
					item = `{"id":"i","name":"abc",` + test.later + `}`
				}
				_, _ = fmt.Fprintf(w, `{"page":1,"pages":1,"items":[%s]}`, item)
			}))
			t.Cleanup(server.Close)
			began := time.Now()
			created, err := connect(t, server.URL, "token-a").CreateObjectStore(t.Context(), wantedStore("abc", "key"))
			if took := time.Since(began); took > quick().Request/2 {
				t.Errorf("ended after %v", took)
			}
			if civo.IsUncertain(err) != test.uncertain || (err == nil) == test.uncertain || err == nil && created.ID != "i" {
				t.Errorf("%+v, uncertain is %t: %v", created, civo.IsUncertain(err), err)
			}
			if name != "another's" && posts != 1 {
				t.Errorf("the POST was sent %d times", posts)
			}
		})
	}
}

func TestCreateStore_UnknownOutcome(t *testing.T) {
	t.Parallel()
	for _, effect := range effects(func(e civosim.Effect) bool {
		return loses(e) && e != civosim.EffectBusy && !strings.HasPrefix(string(e), "429")
	}) {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := startHanging(t, civosim.Options{})
			server.Inject(
				civosim.Fault{Kind: civosim.KindCreateStore, Nth: 1, Effect: effect},
				civosim.Fault{Kind: civosim.KindListStores, Nth: 2, Times: 100, Effect: civosim.Effect500},
			)
			_, err := client.CreateObjectStore(t.Context(), wantedStore("abc", ""))
			if !civo.IsUncertain(err) || !strings.Contains(err.Error(), "POST") || server.Count(civosim.KindCreateStore) != 1 {
				t.Errorf("uncertain is %t after %d POSTs: %v", civo.IsUncertain(err), server.Count(civosim.KindCreateStore), err)
			}
		})
	}
}

// If the name is taken after a lost response, and the list fails, the lost request may have created the store.
func TestCreateStore_NameTakenAfterLostResponse(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{TakenStoreNames: []string{"abc"}})
	server.Inject(
		civosim.Fault{Kind: civosim.KindCreateStore, Nth: 1, Effect: civosim.EffectClose},
		civosim.Fault{Kind: civosim.KindListStores, Nth: 3, Times: 100, Effect: civosim.Effect500},
	)
	_, err := client.CreateObjectStore(t.Context(), wantedStore("abc", ""))
	if !civo.IsUncertain(err) || civo.Is(err, civo.KindNameTaken) || server.Count(civosim.KindCreateStore) != 2 {
		t.Errorf("uncertain is %t after %d POSTs: %v", civo.IsUncertain(err), server.Count(civosim.KindCreateStore), err)
	}
}

func TestCreateStore_GivesUp(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	server.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Effect: civosim.Effect500})
	_, err := client.CreateObjectStore(t.Context(), wantedStore("abc", ""))
	wantError(t, err, serverError, "POST", "Internal server error")
	if n := server.Count(civosim.KindCreateStore); n != 1+quick().Retries {
		t.Errorf("the POST was sent %d times", n)
	}
}

func TestCreateStore_CancelledWhileHanging(t *testing.T) {
	t.Parallel()
	for effect, uncertain := range map[civosim.Effect]bool{civosim.EffectHang: true, civosim.EffectAfterHang: false} {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			timing := quick()
			timing.Grace = time.Second
			if effect.CarriesOut() {
				timing.Grace = 10 * time.Second // half of it is for the list
			}
			server, client := start(t, civosim.Options{}, timing)
			server.Inject(civosim.Fault{Kind: civosim.KindCreateStore, Effect: effect})
			ctx, cancel := context.WithCancel(t.Context())
			server.OnArrival(civosim.KindCreateStore, 1, cancel)
			created, err := client.CreateObjectStore(ctx, wantedStore("abc", ""))
			if civo.IsUncertain(err) != uncertain || civo.IsInterrupted(err) != uncertain {
				t.Errorf("uncertain is %t: %v", civo.IsUncertain(err), err)
			}
			if !uncertain && created.ID != server.Stores("")[0].ID {
				t.Errorf("found %+v", created)
			}
		})
	}
}

// After a deletion, the name can be reused immediately, even if an earlier list contains it.
func TestCreateStore_Replacement(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(*testing.T, *civosim.Server, *civo.Client, civo.ObjectStore){
		"deleted by this client": func(t *testing.T, _ *civosim.Server, client *civo.Client, old civo.ObjectStore) {
			t.Helper()
			if err := client.DeleteObjectStore(t.Context(), old); err != nil {
				t.Error(err)
			}
		},
		"deleted elsewhere": func(_ *testing.T, server *civosim.Server, _ *civo.Client, old civo.ObjectStore) {
			server.RemoveStore(old.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timing := quick()
			timing.Fresh = 0 // the default
			server, client := start(t, civosim.Options{StoreGoneAfter: 20 * time.Millisecond}, timing)
			old := seenStore(server, server.AddStore(civosim.Store{Name: "old", OwnerID: addStores(server, 1)[0].Owner.CredentialID}))
			if _, err := client.CreateObjectStore(t.Context(), wantedStore("first", "owner-key")); err != nil {
				t.Fatal(err)
			}
			remove(t, server, client, old)
			created, err := client.CreateObjectStore(t.Context(), wantedStore(old.Name, "owner-key"))
			if err != nil || created.ID == old.ID || len(server.Stores("")) != 3 {
				t.Errorf("created %+v: %v", created, err)
			}
		})
	}
}

// Another client deleted the store and created one with the same name.
func TestCreateStore_ReplacedElsewhere(t *testing.T) {
	t.Parallel()
	timing := quick()
	timing.Fresh = 0 // the default
	server, client := start(t, civosim.Options{}, timing)
	old := addStores(server, 1)[0]
	if _, err := client.CreateObjectStore(t.Context(), wantedStore("first", "owner-key")); err != nil {
		t.Fatal(err)
	}
	server.RemoveStore(old.ID)
	server.AddStore(civosim.Store{Name: old.Name})
	_, err := client.CreateObjectStore(t.Context(), wantedStore(old.Name, "owner-key"))
	wantError(t, err, nameTaken)
	wantStores(t, err, old.Name)
	if n := server.Count(civosim.KindCreateStore); n != 1 {
		t.Errorf("%d POSTs", n)
	}
}

func TestResizeStore(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{})
	there := addStores(server, 2)
	want := there[0]
	want.MaxSizeGB = 1500
	got, err := client.ResizeObjectStore(t.Context(), there[0], 1500)
	if err != nil || got != want || server.Count() != 1 {
		t.Errorf("resized to %+v with %d requests: %v", got, server.Count(), err)
	}
	checkStoresAtCivo(t, server, want, there[1])
	server.RemoveStore(there[1].ID)
	_, err = client.ResizeObjectStore(t.Context(), there[1], 1500)
	wantError(t, err, notFound)
	server.Inject(civosim.Fault{Kind: civosim.KindUpdateStore, Effect: civosim.Effect404Text})
	_, err = client.ResizeObjectStore(t.Context(), there[0], 2000)
	wantError(t, err, refused, "PUT", "404")
}

func TestResizeStore_LostResponse(t *testing.T) {
	t.Parallel()
	for _, effect := range effects(loses) {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			server, client := startHanging(t, civosim.Options{})
			there := addStores(server, 1)[0]
			server.Inject(civosim.Fault{Kind: civosim.KindUpdateStore, Nth: 1, Effect: effect})
			got, err := client.ResizeObjectStore(t.Context(), there, 1500)
			there.MaxSizeGB = 1500
			if err != nil || got != there {
				t.Errorf("resized to %+v: %v", got, err)
			}
			checkStoresAtCivo(t, server, there)
			if n := server.Count(civosim.KindUpdateStore); effect.CarriesOut() != (n == 1) || n > 2 {
				t.Errorf("the PUT was sent %d times", n)
			}
		})
	}
}

func TestResizeStore_Fails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults    []civosim.Fault
		want      string
		uncertain bool
		puts      int
	}{
		"rejected":      {[]civosim.Fault{{Kind: civosim.KindUpdateStore, Effect: civosim.Effect400}}, refused, false, 1},
		"unauthorized":  {[]civosim.Fault{{Effect: civosim.Effect404Account}}, unauthorized, false, 1},
		"down for long": {[]civosim.Fault{{Kind: civosim.KindUpdateStore, Effect: civosim.Effect502HTML}}, unavailable, true, 4},
		"no read back": {[]civosim.Fault{
			{Kind: civosim.KindUpdateStore, Effect: civosim.EffectAfterClose}, {Kind: civosim.KindGetStore, Effect: civosim.Effect500},
		}, unavailable, true, 1},
		"lost, then rejected": {[]civosim.Fault{
			{Kind: civosim.KindUpdateStore, Nth: 1, Effect: civosim.EffectClose}, {Kind: civosim.KindUpdateStore, Nth: 2, Effect: civosim.Effect400},
		}, refused, true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{})
			there := addStores(server, 1)[0]
			server.Inject(test.faults...)
			_, err := client.ResizeObjectStore(t.Context(), there, 1500)
			wantError(t, err, test.want)
			if n := server.Count(civosim.KindUpdateStore); civo.IsUncertain(err) != test.uncertain || n != test.puts {
				t.Errorf("uncertain is %t after %d PUTs: %v", civo.IsUncertain(err), n, err)
			}
		})
	}
}

func TestWaitStore(t *testing.T) {
	t.Parallel()
	server, client := start(t, civosim.Options{StoreReadyAfter: 50 * time.Millisecond})
	addStores(server, 1)
	created, err := client.CreateObjectStore(t.Context(), wantedStore("abc", "owner-key"))
	if err != nil || created.Status != "creating" {
		t.Fatalf("created %+v: %v", created, err)
	}
	ready, err := client.ObjectStores(created.Region).WaitReady(t.Context(), created)
	if want := seenStore(server, server.Stores("")[1]); err != nil || ready != want {
		t.Errorf("ready %+v: %v", ready, err)
	}
	lists := server.Count(civosim.KindListStores)
	if again, err := client.ObjectStores(ready.Region).WaitReady(t.Context(), ready); err != nil || again != ready || lists != 1 {
		t.Errorf("again %+v after %d lists: %v", again, lists, err)
	}
}

func TestWaitStore_Ends(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*civosim.Server, string)
		kind   civo.Kind
		stores []string
	}{
		"failed":  {func(s *civosim.Server, id string) { s.ChangeStore(id, func(s *civosim.Store) { s.Status = "failed" }) }, civo.KindFailed, []string{"abc"}},
		"timeout": {func(*civosim.Server, string) {}, civo.KindUnavailable, []string{"abc"}},
		"removed": {func(s *civosim.Server, id string) { s.RemoveStore(id) }, civo.KindNotFound, nil},
		"unknown status": {
			func(s *civosim.Server, id string) { s.ChangeStore(id, func(s *civosim.Store) { s.Status = "resting" }) }, civo.KindUnavailable, []string{"abc"},
		},
		"invalid token": {func(s *civosim.Server, _ string) { s.SetToken("token-other") }, civo.KindUnauthorized, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, civosim.Options{StoreReadyAfter: time.Hour})
			created, err := client.CreateObjectStore(t.Context(), wantedStore("abc", ""))
			if err != nil {
				t.Fatal(err)
			}
			test.change(server, created.ID)
			ctx := simtest.ExpiringAt(t.Context(), server, civosim.KindGetStore, 3)
			latest, err := client.ObjectStores(created.Region).WaitReady(ctx, created)
			if !civo.Is(err, test.kind) || civo.IsTimeout(err) != (test.kind == civo.KindUnavailable) || latest.ID != created.ID {
				t.Errorf("%+v: %v", latest, err)
			}
			wantStores(t, err, test.stores...)
		})
	}
}
