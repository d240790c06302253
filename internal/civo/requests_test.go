package civo

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Refreshing one record takes one GET in a region of any size. Refreshing many takes little more requests than the list has pages.
func TestRead_Requests(t *testing.T) {
	t.Parallel()
	for _, kind := range recordKinds {
		for _, test := range []struct{ size, reads, most int }{
			{1, 1, 1}, {250, 1, 1}, {10_000, 1, 1}, {10_000, 2, 3}, {10_000, 10, 11}, {100, 100, 2}, {250, 250, 7}, {1_000, 1_000, 21},
		} {
			synctest.Test(t, func(t *testing.T) {
				civo := newFakeCivo(test.size)
				civo.latency = 20 * time.Millisecond
				records := kind.in(civo.client(t, Timing{}), "LON1")
				order := rand.New(rand.NewPCG(1, 2)).Perm(test.size) //nolint:gosec // a test
				inParallel(test.reads, 10, func(n int) {
					id := fmt.Sprintf("id-%04d", order[n])
					found, err := records.Get(t.Context(), id)
					failIf(t, err != nil || found.Ref().ID != id, "%s: found %+v: %v", id, found, err)
				})
				failIf(t, civo.count() > test.most,
					"%d of %d %ss: %d requests, want at most %d", test.reads, test.size, kind.noun, civo.count(), test.most)
			})
		}
	}
}

func TestRead_ListExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		civo := newFakeCivo(10)
		client := civo.client(t, Timing{})
		for i, wait := range []time.Duration{0, 29 * time.Second, 2 * time.Second} {
			time.Sleep(wait)
			all, err := client.Credentials("LON1").All(t.Context())
			if n := civo.count(); err != nil || len(all) != 10 || all[0].ID != "id-0000" || n != []int{1, 1, 2}[i] {
				t.Fatalf("%d credentials after %d requests and %v more: %v", len(all), n, wait, err)
			}
			all[0] = Credential{} // of the caller
		}
	})
}

// A list that was requested before a write serves no reader that starts after the write, even if it arrives later.
func TestRead_NothingFromBeforeAWrite(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{"LON1", "lon1"} {
		synctest.Test(t, func(t *testing.T) {
			civo := newFakeCivo(250)
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
				wantError(t, client.DeleteCredential(t.Context(), Credential{ID: "id-0000", Region: spelling}), noError)
			})
			time.Sleep(1500 * time.Millisecond)
			for range 2 { // while the list from before is being read, and after that
				all, err := client.Credentials("LON1").All(t.Context())
				failIf(t, err != nil || len(all) != 249 || all[0].ID != "id-0001",
					"%s: %d credentials from %s: %v", spelling, len(all), all[0].ID, err)
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
			civo := newFakeCivo(250)
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
					failIf(t, n < givingUp && !IsInterrupted(err) || n >= givingUp && (err != nil || len(all) != 250),
						"%d give up, reader %d: %d credentials: %v", givingUp, n, len(all), err)
				})
				synctest.Wait()
			}
			group.Wait()
			time.Sleep(time.Minute)
			failIf(t, civo.count() != 3, "%d give up: %d requests, want 3", givingUp, civo.count())
		})
	}
}

// The first page of a list that is too long tells only the number of pages. It answers no read.
func TestRead_ListTooLong(t *testing.T) {
	t.Parallel()
	civo := newFakeCivo(1000)
	client := civo.client(t, once())
	read := func(id string, gets, lists int) {
		t.Helper()
		found, err := client.Credentials("LON1").Get(t.Context(), id)
		failIf(t, err != nil || found.ID != id || civo.count("get") != gets || civo.count("list") != lists,
			"%s: found %q after %d GETs and %d pages: %v", id, found.ID, civo.count("get"), civo.count("list"), err)
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

// A create of a store waits for another one with the same name in the same region, in any spelling, until its context ends. It sends no
// request until then. Creates of other names and in other regions do not wait.
func TestCreateStore_WaitsForTheName(t *testing.T) {
	t.Parallel()
	for second, waits := range map[ObjectStore]bool{
		wantedStore("n", ""): true, wantedStore("n", "").withRegion("lon1"): true,
		wantedStore("m", ""): false, wantedStore("n", "").withRegion("FRA1"): false,
	} {
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
			var first sync.WaitGroup
			first.Go(func() {
				_, err := client.CreateObjectStore(t.Context(), wantedStore("n", ""))
				wantError(t, err, noError)
			})
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := client.CreateObjectStore(ctx, second)
			if waits {
				wantError(t, err, KindUnavailable, "another object store with the same name is still being created")
				failIf(t, !IsTimeout(err) || IsUncertain(err), "uncertain is %t: %v", IsUncertain(err), err)
			} else {
				wantError(t, err, noError)
			}
			want := map[bool]int{true: 2, false: 4}[waits]
			failIf(t, requests != want, "%+v: %d requests", second, requests)
			first.Wait()
		})
	}
}

// fakeCivo answers the requests for the credentials or the stores of a region without a network. Its list is sorted by ID, so that a
// credential can appear or disappear on any page.
type fakeCivo struct {
	pageSize   int
	emptyPages bool          // a page past the end is empty instead of page 1
	plain404   bool          // a missing credential is answered with a 404 of plain text
	latency    time.Duration // before each answer
	hidden     string        // ID of a record whose GET answers that it is missing

	mu     sync.Mutex
	ids    []string // sorted
	bodies map[string]string
	counts map[string]int // requests by kind: "list", "get" or the method
	onList func(page int) // called after a page was read, with the lock held
}

// newFakeCivo returns a fake with a number of credentials, whose IDs are id-0000, id-0001 and so on.
func newFakeCivo(number int) *fakeCivo {
	f := &fakeCivo{pageSize: 100, bodies: map[string]string{}, counts: map[string]int{}}
	for i := range number {
		f.add(fmt.Sprintf("id-%04d", i))
	}
	return f
}

// add adds a credential whose name is "n-" and the ID. The caller holds the lock, if others use the fake already.
func (f *fakeCivo) add(id string) {
	at, _ := slices.BinarySearch(f.ids, id)
	f.ids = slices.Insert(f.ids, at, id)
	f.bodies[id] = fmt.Sprintf(`{"id":%q,"name":"n-%s","access_key_id":"a-%s","secret_access_key_id":"secret-%s","status":"ready"}`, id, id, id, id)
}

func (f *fakeCivo) remove(id string) {
	if at, ok := slices.BinarySearch(f.ids, id); ok {
		f.ids = slices.Delete(f.ids, at, at+1)
		delete(f.bodies, id)
	}
}

// client returns a client for the fake.
func (f *fakeCivo) client(tb testing.TB, timing Timing) *Client {
	tb.Helper()
	return clientOver(tb, timing, f.answer)
}

// count returns the number of requests of the kinds, and of all requests without one.
func (f *fakeCivo) count(kinds ...string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	total := 0
	for kind, n := range maps.All(f.counts) {
		if len(kinds) == 0 || slices.Contains(kinds, kind) {
			total += n
		}
	}
	return total
}

func (f *fakeCivo) answer(req *http.Request) (*http.Response, error) {
	if err := sleep(req.Context(), f.latency); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	id, parent := path.Base(req.URL.Path), path.Base(path.Dir(req.URL.Path))
	body, ok := f.bodies[id]
	switch {
	case req.Method == http.MethodGet && (id == "credentials" || id == "objectstores"):
		f.counts["list"]++
		return f.list(req.URL.Query().Get("page")), nil
	case req.Method == http.MethodGet:
		f.counts["get"]++
	default:
		f.counts[req.Method]++
	}
	switch {
	case (!ok || id == f.hidden) && f.plain404:
		return respond(404, "404 page not found\n"), nil
	case !ok || id == f.hidden:
		code := map[string]string{"credentials": "database_objectstore_credential_not_found", "objectstores": "database_objectstore_not_found"}
		return respond(404, `{"code":"`+code[parent]+`","result":"failed"}`), nil
	case req.Method == http.MethodDelete:
		f.remove(id)
		return respond(200, `{"result":"success"}`), nil
	}
	return respond(200, body), nil
}

func (f *fakeCivo) list(page string) *http.Response {
	asked, _ := strconv.Atoi(page)
	number, pages := asked, max(1, (len(f.ids)+f.pageSize-1)/f.pageSize)
	if number > pages && !f.emptyPages {
		number = 1
	}
	var items []string
	for _, id := range f.ids[min((number-1)*f.pageSize, len(f.ids)):min(number*f.pageSize, len(f.ids))] {
		items = append(items, f.bodies[id])
	}
	if f.onList != nil {
		f.onList(asked)
	}
	return respond(200, fmt.Sprintf(`{"page":%d,"pages":%d,"per_page":%d,"items":[%s]}`, number, pages, f.pageSize, strings.Join(items, ",")))
}

// endless answers each request for a page of a list that grows by a page each time.
func endless(latency time.Duration, sent *atomic.Int64) roundTripper {
	return func(req *http.Request) (*http.Response, error) {
		sent.Add(1)
		if err := sleep(req.Context(), latency); err != nil {
			return nil, err
		}
		page, _ := strconv.Atoi(req.URL.Query().Get("page"))
		return respond(200, fmt.Sprintf(`{"page":%d,"pages":%d,"items":[{"id":"i-%d"}]}`, page, page+1, page)), nil
	}
}

// An endless list ends at 2000 pages, with its caller's context, and after the timeout for a list. Callers of All share the list, so that
// it is read until the timeout.
func TestBounds_Time(t *testing.T) {
	t.Parallel()
	const cancelled, deadline = 5500 * time.Millisecond, 5 * time.Minute
	all := func(ctx context.Context, c *Client) error { _, err := c.Credentials("LON1").All(ctx); return err }
	pages := func(ctx context.Context, c *Client) (last error) {
		for _, err := range c.Credentials("LON1").Pages(ctx) {
			last = err
		}
		return last
	}
	for name, test := range map[string]struct {
		list     func(context.Context, *Client) error
		latency  time.Duration
		ends     time.Duration
		requests int64
		says     string
	}{
		"All":              {all, time.Second, deadline, 300, "deadline exceeded"},
		"Pages":            {pages, time.Second, deadline, 300, "deadline exceeded"},
		"All, cancelled":   {all, time.Second, cancelled, 300, "context canceled"},
		"Pages, cancelled": {pages, time.Second, cancelled, 6, "context canceled"},
		"All, fast":        {all, 0, 0, 2000, "the list reports 2001 pages"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var sent atomic.Int64
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(cancelled, func() {
				if test.ends == cancelled {
					cancel()
				}
			})
			began := time.Now()
			err := test.list(ctx, clientOver(t, Timing{}, endless(test.latency, &sent)))
			took := time.Since(began)
			failIf(t, took != test.ends || !strings.Contains(fmt.Sprint(err), test.says), "%s: ended after %v: %v", name, took, err)
			time.Sleep(10 * time.Minute)
			cancel()
			n := sent.Load()
			failIf(t, n < test.requests-1 || n > test.requests+1, "%s: %d requests, want %d", name, n, test.requests)
		})
	}
}

// A page that never settles does not delay a lookup for longer than two lists can take.
func TestBounds_TimeOfALookup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			sent++
			if err := sleep(req.Context(), 20*time.Second); err != nil {
				return nil, err
			}
			return respond(200, fmt.Sprintf(`{"page":%s,"pages":5,"items":[{"id":"i-%d"}]}`, req.URL.Query().Get("page"), sent)), nil
		})
		began := time.Now()
		_, err := client.Credentials("LON1").Find(t.Context(), By("n", FieldName))
		took := time.Since(began)
		failIf(t, took > 10*time.Minute || err == nil || Is(err, KindNotFound), "ended after %v: %v", took, err)
	})
}

// Responses with far more items than requested are rejected before they use much memory.
func TestBounds_Items(t *testing.T) { //nolint:paralleltest // measures what the process allocates
	many := func(item string, number int) string { return strings.Repeat(item+",", number-1) + item }
	const tooMany = "a page of the list has more than 1000 items"
	for name, test := range map[string]struct {
		status int
		body   string
		says   string
	}{
		"empty objects":  {200, `{"page":1,"pages":1,"items":[` + many("{}", 1_000_000) + `]}`, tooMany},
		"tiny items":     {200, `{"page":1,"pages":1,"items":[` + many(`{"id":"i"}`, 700_000) + `]}`, tooMany},
		"unknown field":  {200, `{"page":1,"pages":1,"items":[],"more":[` + many("{}", 1_000_000) + `]}`, ""},
		"details":        {400, `{"details":[` + many("{}", 1_000_000) + `]}`, "400 Bad Request"},
		"many separate":  {200, `{"page":1,"pages":1,"items":{` + many(`"a":{}`, 700_000) + `}}`, "unexpected JSON type"},
		"one that is ok": {200, `{"page":1,"pages":1,"items":[` + many(`{"id":"i"}`, 1000) + `]}`, ""},
		"one too many":   {200, `{"page":1,"pages":1,"items":[` + many(`{"id":"i"}`, 1001) + `]}`, tooMany},
	} {
		client := responding(t, test.status, test.body)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, err := client.Credentials("LON1").All(t.Context())
		runtime.ReadMemStats(&after)
		failIf(t, (err != nil) != (test.says != "") || err != nil && !strings.Contains(err.Error(), test.says), "%s: %v", name, err)
		// Reading a body costs about six times its size, 13 times under the race detector; a million items cost far more.
		allocated, most := after.TotalAlloc-before.TotalAlloc, uint64(20*len(test.body)+1<<20)
		failIf(t, allocated > most, "%s: %d MB allocated for %d MB", name, allocated>>20, len(test.body)>>20)
	}
}

// A list is limited in bytes too: pages of 1,000 items with long names.
func TestBounds_Bytes(t *testing.T) {
	t.Parallel()
	sent := 0
	items := strings.TrimSuffix(strings.Repeat(`{"id":"i","name":"`+strings.Repeat("n", 7000)+`"},`, 1000), ",")
	client := clientOver(t, once(), func(req *http.Request) (*http.Response, error) {
		sent++
		return respond(200, `{"page":`+req.URL.Query().Get("page")+`,"pages":1000,"items":[`+items+`]}`), nil
	})
	_, err := client.Credentials("LON1").All(t.Context())
	wantError(t, err, KindUnexpected, "the list does not end")
	failIf(t, sent != (64<<20)/len(items)+1, "%d requests", sent)
}
