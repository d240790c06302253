package civo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
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

// Creating 100 stores, 10 at a time, takes one list, one POST and little more than one poll for each store. In a large region, the client
// reads the pages twice.
func TestCreateStore_RequestsOfMany(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ pages, lists int }{"small region": {1, 100}, "large region": {5, 1000}} {
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

// Each create requests a new list, even while the client reads another one that was requested before the call.
func TestCreateStore_ListInProgress(t *testing.T) {
	t.Parallel()
	for _, owner := range []string{"", "owner"} {
		synctest.Test(t, func(t *testing.T) {
			const foreign = `{"id":"foreign","name":"n"}`
			began := time.Now()
			client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
				wasCreated := time.Since(began) >= time.Second // when the request arrived
				time.Sleep(3 * time.Second)
				switch {
				case req.Method == http.MethodPost:
					t.Error("a POST was sent")
					return respond(502, ""), nil
				case wasCreated:
					return respond(200, `{"page":1,"pages":1,"items":[`+foreign+`]}`), nil
				}
				return respond(200, emptyList), nil
			})
			go func() { _, _ = client.ObjectStores("LON1").All(t.Context()) }()
			time.Sleep(2 * time.Second)
			wanted := ObjectStore{Name: "n", Region: "LON1", MaxSizeGB: 500, Owner: StoreOwner{AccessKeyID: owner}}
			created, err := client.CreateObjectStore(t.Context(), wanted)
			if e, ok := errors.AsType[*Error](err); !Is(err, KindNameTaken) || !ok || e.Conflict == nil || e.Conflict.ID != "foreign" {
				t.Errorf("created %+v: %v", created, err)
			}
		})
	}
}

// A create waits for another one with the same name in the same region, in any spelling, until its context ends. It sends no request
// until then. Creates of other names and in other regions do not wait.
func TestCreateStore_WaitsForTheName(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		name, region string
		waits        bool
	}{
		"same":           {"n", "LON1", true},
		"other spelling": {"n", "lon1", true},
		"other name":     {"m", "LON1", false},
		"other region":   {"n", "FRA1", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
					requests++
					if req.Method == http.MethodGet {
						return respond(200, emptyList), nil
					}
					time.Sleep(10 * time.Second)
					return respond(200, `{"id":"i"}`), nil
				})
				first := make(chan error, 1)
				go func() {
					_, err := client.CreateObjectStore(t.Context(), ObjectStore{Name: "n", Region: "LON1", MaxSizeGB: 500})
					first <- err
				}()
				synctest.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				_, err := client.CreateObjectStore(ctx, ObjectStore{Name: test.name, Region: test.region, MaxSizeGB: 500})
				switch {
				case !test.waits && (err != nil || requests != 4):
					t.Errorf("%d requests: %v", requests, err)
				case test.waits && (!IsTimeout(err) || IsUncertain(err) || requests != 2):
					t.Errorf("uncertain is %t after %d requests: %v", IsUncertain(err), requests, err)
				case test.waits && !strings.Contains(err.Error(), "another object store with the same name is still being created"):
					t.Error(err)
				}
				if err := <-first; err != nil {
					t.Error(err)
				}
			})
		})
	}
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
			if found, err := client.ObjectStores("LON1").Find(t.Context(), By("n-"+moved, FieldName)); err != nil || found.ID != moved {
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
