package civo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Refreshing one record takes one GET in a region of any size. Refreshing many takes little more requests than the list has pages.
func TestRead_Requests(t *testing.T) {
	t.Parallel()
	for _, kind := range recordKinds {
		for _, test := range []struct{ size, reads, most int }{
			{1, 1, 1}, {250, 1, 1}, {10_000, 1, 1}, {10_000, 2, 3}, {10_000, 10, 11}, {100, 100, 2}, {200, 200, 3}, {250, 250, 7}, {1_000, 1_000, 21},
		} {
			synctest.Test(t, func(t *testing.T) {
				civo := newFakeCivo(100, test.size)
				civo.latency = 20 * time.Millisecond
				records := kind.in(civo.client(t, Timing{}), "LON1")
				order := rand.New(rand.NewPCG(1, 2)).Perm(test.size) //nolint:gosec // a test
				inParallel(test.reads, 10, func(n int) {
					id := fmt.Sprintf("id-%04d", order[n])
					if found, err := records.Get(t.Context(), id); err != nil || found.Ref().ID != id {
						t.Errorf("%s: found %+v: %v", id, found, err)
					}
				})
				if n := civo.count(); n > test.most {
					t.Errorf("%d of %d %ss: %d requests, want at most %d", test.reads, test.size, kind.noun, n, test.most)
				}
			})
		}
	}
}

func TestRead_ListExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		civo := newFakeCivo(100, 10)
		client := civo.client(t, Timing{})
		for i, wait := range []time.Duration{0, 29 * time.Second, 2 * time.Second} {
			time.Sleep(wait)
			all, err := client.Credentials("LON1").All(t.Context())
			if n := civo.count(); err != nil || len(all) != 10 || n != []int{1, 1, 2}[i] {
				t.Errorf("%d credentials after %d requests and %v more: %v", len(all), n, wait, err)
			}
		}
	})
}

// A list that was requested before a write serves no reader that starts after the write, even if it arrives later.
func TestRead_NothingFromBeforeAWrite(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{"LON1", "lon1"} {
		synctest.Test(t, func(t *testing.T) {
			civo := newFakeCivo(100, 250)
			civo.latency = time.Second
			client := civo.client(t, Timing{})
			var group sync.WaitGroup
			group.Go(func() { // from 0 to 3 s
				if _, err := client.Credentials("LON1").All(t.Context()); err != nil {
					t.Error(err)
				}
			})
			time.Sleep(500 * time.Millisecond)
			group.Go(func() { // the DELETE from 0.5 to 1.5 s, when page 1 has been read
				if err := client.DeleteCredential(t.Context(), Credential{ID: "id-0000", Region: spelling}); err != nil {
					t.Error(err)
				}
			})
			time.Sleep(1500 * time.Millisecond)
			for range 2 { // while the list from before is being read, and after that
				all, err := client.Credentials("LON1").All(t.Context())
				if err != nil || len(all) != 249 || all[0].ID != "id-0001" {
					t.Errorf("%s: %d credentials from %s: %v", spelling, len(all), all[0].ID, err)
				}
				group.Wait()
			}
		})
	}
}

// Readers share a list. The client reads it to its end, even if readers give up while page 2 is being read.
func TestList_IsShared(t *testing.T) {
	t.Parallel()
	for _, givingUp := range []int{0, 1, 19, 20} { // of 20 readers
		synctest.Test(t, func(t *testing.T) {
			civo := newFakeCivo(100, 250)
			civo.latency = time.Second
			client := civo.client(t, Timing{})
			var group sync.WaitGroup
			for n := range 20 {
				ctx, cancel := context.WithCancel(t.Context())
				if n < givingUp {
					time.AfterFunc(1500*time.Millisecond, cancel)
				}
				t.Cleanup(cancel)
				group.Go(func() {
					all, err := client.Credentials("LON1").All(ctx)
					if n < givingUp && !IsInterrupted(err) || n >= givingUp && (err != nil || len(all) != 250) {
						t.Errorf("%d give up, reader %d: %d credentials: %v", givingUp, n, len(all), err)
					}
				})
				synctest.Wait()
			}
			group.Wait()
			time.Sleep(time.Minute)
			if n := civo.count(); n != 3 {
				t.Errorf("%d give up: %d requests, want 3", givingUp, n)
			}
		})
	}
}

// The first page of a list that is too long tells only the number of pages. It answers no read.
func TestRead_ListTooLong(t *testing.T) {
	t.Parallel()
	civo := newFakeCivo(100, 1000)
	client := civo.client(t, once())
	read := func(id string, gets, lists int) {
		t.Helper()
		found, err := client.Credentials("LON1").Get(t.Context(), id)
		if err != nil || found.ID != id || civo.count("get") != gets || civo.count("list") != lists {
			t.Errorf("%s: found %q after %d GETs and %d pages: %v", id, found.ID, civo.count("get"), civo.count("list"), err)
		}
	}
	read("id-0000", 1, 0)
	read("id-0001", 2, 1)
	read("id-0001", 3, 1)
	if all, err := client.Credentials("LON1").All(t.Context()); err != nil || len(all) != 1000 {
		t.Errorf("%d credentials: %v", len(all), err)
	}
	read("id-0999", 3, 11)
	client.invalidate()
	for gets := 4; gets <= 13; gets++ { // the number of pages is still known
		read("id-0001", gets, 11)
	}
	read("id-0999", 13, 21)
}

// A list that has grown since it was last read is not read to the end unless that costs less than the GETs so far.
func TestRead_ListHasGrown(t *testing.T) {
	t.Parallel()
	civo := newFakeCivo(10, 10)
	client := civo.client(t, once())
	if all, err := client.Credentials("LON1").All(t.Context()); err != nil || len(all) != 10 {
		t.Errorf("%d credentials: %v", len(all), err)
	}
	for n := range 90 {
		civo.add(fmt.Sprintf("id-1%03d", n))
	}
	client.invalidate()
	for n := range 3 {
		if _, err := client.Credentials("LON1").Get(t.Context(), fmt.Sprintf("id-1%03d", n)); err != nil {
			t.Error(err)
		}
	}
	if gets, lists := civo.count("get"), civo.count("list"); gets != 3 || lists != 2 {
		t.Errorf("%d GETs and %d pages", gets, lists)
	}
}

// Creating 100 stores, 10 at a time, takes one list, one POST and little more than one poll for each store. In a large region, the client
// reads the pages twice.
func TestCreateStore_RequestsOfMany(t *testing.T) {
	t.Parallel()
	for pages, wantLists := range map[int]int{1: 100, 5: 1000} {
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
				return respond(200, fmt.Sprintf(`{"page":%s,"pages":%d,"items":[{"id":"other-%s","name":"other-%s"}]}`, number, pages, number, number)), nil
			})
			inParallel(100, 10, func(n int) {
				created, err := client.CreateObjectStore(t.Context(), wantedStore(fmt.Sprintf("s-%d", n), "owner"))
				if err == nil {
					created, err = client.ObjectStores(created.Region).WaitReady(t.Context(), created)
				}
				if err != nil || created.Status != StatusReady {
					t.Errorf("%+v: %v", created, err)
				}
			})
			if len(civo.created) != 100 || civo.gets > 160 || len(lists) != wantLists {
				t.Errorf("%d POSTs, %d GETs, %d pages", len(civo.created), civo.gets, len(lists))
			}
		})
	}
}

// Each create of a store requests a new list, even while the client reads another one that was requested before the call.
func TestCreateStore_ListInProgress(t *testing.T) {
	t.Parallel()
	for _, owner := range []string{"", "owner"} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
				wasCreated := time.Since(began) >= time.Second // when the request arrived
				time.Sleep(3 * time.Second)
				switch {
				case req.Method == http.MethodPost:
					t.Error("a POST was sent")
					return respond(502, ""), nil
				case wasCreated:
					return respond(200, listOf(`{"id":"foreign","name":"n"}`)), nil
				}
				return respond(200, emptyList), nil
			})
			go func() { _, _ = client.ObjectStores("LON1").All(t.Context()) }()
			time.Sleep(2 * time.Second)
			_, err := client.CreateObjectStore(t.Context(), wantedStore("n", owner))
			wantError(t, err, KindNameTaken)
			wantNamed(t, err, "n")
		})
	}
}

// A create of a store waits for another one with the same name in the same region, in any spelling, until its context ends. It sends no
// request until then. Creates of other names and in other regions do not wait.
func TestCreateStore_WaitsForTheName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, region string
		waits        bool
	}{{"n", "LON1", true}, {"n", "lon1", true}, {"m", "LON1", false}, {"n", "FRA1", false}} {
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
				_, err := client.CreateObjectStore(t.Context(), wantedStore("n", ""))
				first <- err
			}()
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := client.CreateObjectStore(ctx, wantedStore(test.name, "").withRegion(test.region))
			switch {
			case !test.waits && (err != nil || requests != 4):
				t.Errorf("%+v: %d requests: %v", test, requests, err)
			case test.waits && (!IsTimeout(err) || IsUncertain(err) || requests != 2):
				t.Errorf("%+v: uncertain is %t after %d requests: %v", test, IsUncertain(err), requests, err)
			case test.waits && !strings.Contains(err.Error(), "another object store with the same name is still being created"):
				t.Error(err)
			}
			if err := <-first; err != nil {
				t.Error(err)
			}
		})
	}
}
