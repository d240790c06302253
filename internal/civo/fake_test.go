package civo

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

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
func newFakeCivo(pageSize, number int) *fakeCivo {
	f := &fakeCivo{pageSize: pageSize, bodies: map[string]string{}, counts: map[string]int{}}
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
	if f.latency > 0 {
		if err := sleep(req.Context(), f.latency); err != nil {
			return nil, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	id := path.Base(req.URL.Path)
	switch {
	case req.Method == http.MethodGet && slices.Contains([]string{"credentials", "objectstores"}, id):
		f.counts["list"]++
		return f.list(req), nil
	case req.Method == http.MethodGet:
		f.counts["get"]++
	default:
		f.counts[req.Method]++
	}
	body, ok := f.bodies[id]
	ok = ok && id != f.hidden
	switch {
	case !ok && f.plain404:
		return respond(404, "404 page not found\n"), nil
	case !ok:
		code := map[string]string{"credentials": "database_objectstore_credential_not_found", "objectstores": "database_objectstore_not_found"}
		return respond(404, `{"code":"`+code[path.Base(path.Dir(req.URL.Path))]+`","result":"failed"}`), nil
	case req.Method == http.MethodDelete:
		f.remove(id)
		return respond(200, `{"result":"success"}`), nil
	}
	return respond(200, body), nil
}

func (f *fakeCivo) list(req *http.Request) *http.Response {
	number, err := strconv.Atoi(req.URL.Query().Get("page"))
	if err != nil {
		return respond(400, `{}`)
	}
	asked := number
	pages := max(1, (len(f.ids)+f.pageSize-1)/f.pageSize)
	var items []json.RawMessage
	if number > pages && !f.emptyPages {
		number = 1
	}
	if number <= pages {
		for _, id := range f.ids[(number-1)*f.pageSize : min(number*f.pageSize, len(f.ids))] {
			items = append(items, json.RawMessage(f.bodies[id]))
		}
	}
	body, err := json.Marshal(map[string]any{"page": number, "pages": pages, "per_page": f.pageSize, "items": items})
	if err != nil {
		return respond(500, `{}`)
	}
	if f.onList != nil {
		f.onList(asked)
	}
	return respond(200, string(body))
}
