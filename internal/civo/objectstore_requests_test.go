package civo

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// Refreshing stores takes as few requests as refreshing credentials. One store takes one GET in a region of any size.
func TestReadStore_Requests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ size, reads, most int }{{1, 1, 1}, {10_000, 1, 1}, {100, 100, 2}, {250, 250, 7}} {
		t.Run(fmt.Sprintf("%d of %d", test.reads, test.size), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				civo := newFakeCivo(100, test.size)
				client := civo.client(t, Timing{})
				inParallel(test.reads, 10, func(n int) {
					id := fmt.Sprintf("id-%04d", n)
					if found, err := client.ObjectStores("LON1").Get(t.Context(), id); err != nil || found.ID != id {
						t.Errorf("%s: found %q: %v", id, found.ID, err)
					}
				})
				if n := civo.count(); n > test.most {
					t.Errorf("%d requests, want at most %d", n, test.most)
				}
			})
		})
	}
}

// Creating 100 stores with an owner, 10 at a time, takes one list, and one POST and little more than one poll for each store. In a large
// region, the client reads the pages twice.
func TestCreateStore_RequestsOfMany(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ pages, lists int }{"small region": {1, 1}, "large region": {5, 10}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				civo := newReadiness(time.Second)
				lists := make(chan string, 1000)
				client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
					if req.Method != http.MethodGet || path.Base(req.URL.Path) != "objectstores" {
						return civo.answer(req)
					}
					number := req.URL.Query().Get("page")
					lists <- number
					time.Sleep(civo.latency)
					return respond(200, fmt.Sprintf(`{"page":%s,"pages":%d,"items":[{"id":"other-%s","name":"other-%s"}]}`, number, test.pages, number, number)), nil
				})
				began := time.Now()
				inParallel(100, 10, func(n int) {
					opts := ObjectStore{Name: fmt.Sprintf("s-%d", n), Region: "LON1", MaxSizeGB: 500, Owner: StoreOwner{AccessKeyID: "owner"}}
					created, err := client.CreateObjectStore(t.Context(), opts)
					if err == nil {
						created, err = client.ObjectStores(created.Region).WaitReady(t.Context(), created)
					}
					if err != nil || created.Status != StatusReady {
						t.Errorf("%+v: %v", created, err)
					}
				})
				t.Logf("%d POSTs, %d GETs, %d pages, %v", len(civo.created), civo.gets, len(lists), time.Since(began))
				if len(civo.created) != 100 || civo.gets > 160 || len(lists) != test.lists {
					t.Errorf("%d POSTs, %d GETs, %d pages", len(civo.created), civo.gets, len(lists))
				}
			})
		})
	}
}

// With an owner, the client uses a list for 30 seconds. The next create then reads another list. Without an owner, each create reads a
// list.
func TestCreateStore_ListExpires(t *testing.T) {
	t.Parallel()
	for owner, wanted := range map[string][]int{"owner": {1, 1, 2}, "": {1, 2, 3}} {
		synctest.Test(t, func(t *testing.T) {
			lists := 0
			client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
				if req.Method == http.MethodGet {
					lists++
					return respond(200, emptyList), nil
				}
				return respond(200, `{"id":"i"}`), nil
			})
			for n, want := range wanted {
				opts := ObjectStore{Name: strconv.Itoa(n), Region: "LON1", MaxSizeGB: 500, Owner: StoreOwner{AccessKeyID: owner}}
				if _, err := client.CreateObjectStore(t.Context(), opts); err != nil || lists != want {
					t.Errorf("owner %q, creation %d: %d lists, want %d: %v", owner, n, lists, want, err)
				}
				time.Sleep(16 * time.Second)
			}
		})
	}
}

// Without an owner, a list that was requested before the call is not new, even if the response arrives later.
func TestCreateStore_ListInProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const foreign = `{"id":"foreign","name":"n"}`
		began, lost := time.Now(), false
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			wasCreated := time.Since(began) >= time.Second // when the request arrived
			time.Sleep(3 * time.Second)
			switch {
			case req.Method == http.MethodPost && !lost:
				lost = true
				return respond(502, ""), nil
			case req.Method == http.MethodPost:
				return respond(409, `{"code":"database_objectstore_exists"}`), nil
			case path.Base(req.URL.Path) == "foreign":
				return respond(200, foreign), nil
			case wasCreated:
				return respond(200, `{"page":1,"pages":1,"items":[`+foreign+`]}`), nil
			}
			return respond(200, emptyList), nil
		})
		go func() { _ = client.listNames(t.Context(), "LON1") }()
		time.Sleep(2 * time.Second)
		created, err := client.CreateObjectStore(t.Context(), ObjectStore{Name: "n", Region: "LON1", MaxSizeGB: 500})
		if !Is(err, KindNameTaken) || lost {
			t.Errorf("created %+v, POST sent is %t: %v", created, lost, err)
		}
	})
}

// The client finds a store that moves from one page to another while it reads the list, before the POST and after a lost response.
func TestStore_PageMoves(t *testing.T) {
	t.Parallel()
	const moved = "id-0100" // the first of page 2
	for name, emptyPages := range map[string]bool{"page 1 past the end": false, "empty page past the end": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := func(t *testing.T) (*fakeCivo, *Client) {
				t.Helper()
				civo := newFakeCivo(100, 102)
				civo.emptyPages = emptyPages
				civo.onList = func(page int) { // once, between page 1 and page 2
					if page == 1 {
						civo.remove("id-0003")
						civo.remove("id-0004")
					}
				}
				client := civo.client(t, once())
				return civo, client
			}
			_, client := start(t)
			if found, err := client.ObjectStores("LON1").Find(t.Context(), Lookup{Name: "n-" + moved}); err != nil || found.ID != moved {
				t.Errorf("found %q: %v", found.ID, err)
			}
			civo, client := start(t)
			_, err := client.CreateObjectStore(t.Context(), ObjectStore{Name: "n-" + moved, Region: "LON1", MaxSizeGB: 500})
			if !Is(err, KindNameTaken) || civo.count(http.MethodPost) != 0 {
				t.Fatalf("%d POSTs: %v", civo.count(http.MethodPost), err)
			}
			if e, ok := errors.AsType[*Error](err); !ok || e.Conflict == nil || e.Conflict.ID != moved {
				t.Errorf("the error contains %+v", e.Conflict)
			}
		})
	}
}
