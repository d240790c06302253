package civo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fakeRegion answers reads as Civo does, each after a while, and remembers them. With synctest, time is its own.
type fakeRegion struct {
	mu      sync.Mutex
	ids     []string
	version int // shown as the name, so that a test sees when an answer was made
	status  Status
	gets    int
	pages   int
	broken  bool
	ended   int // requests that were cancelled
}

const fakeLatency = 20 * time.Millisecond

func regionOf(count int) *fakeRegion {
	f := &fakeRegion{status: StatusReady}
	for i := range count {
		f.ids = append(f.ids, fmt.Sprintf("id-%d", i))
	}
	return f
}

func (f *fakeRegion) client(t *testing.T) *Client {
	t.Helper()
	client := clientOver(t, Pace{Retries: 1, RetryMin: time.Millisecond}, f.answer)
	client.unbatched = false
	return client
}

func (f *fakeRegion) answer(req *http.Request) (*http.Response, error) {
	if sleep(req.Context(), fakeLatency) != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.ended++
		return nil, req.Context().Err()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.broken:
		return respond(500, `{}`), nil
	case req.Method == http.MethodPut:
		f.version++
		return f.one(path.Base(req.URL.Path)), nil
	case req.Method == http.MethodDelete:
		f.ids = slices.DeleteFunc(slices.Clone(f.ids), func(id string) bool { return id == path.Base(req.URL.Path) })
		return respond(200, `{"result":"success"}`), nil
	case req.URL.Path == credentialsPath:
		f.pages++
		return f.page(req.URL.Query().Get("page")), nil
	default:
		f.gets++
		return f.one(path.Base(req.URL.Path)), nil
	}
}

func (f *fakeRegion) item(id string) string {
	return fmt.Sprintf(`{"id":%q,"name":"version-%d","status":%q,"access_key_id":"a","secret_access_key_id":"s"}`, id, f.version, f.status)
}

func (f *fakeRegion) one(id string) *http.Response {
	if slices.Contains(f.ids, id) {
		return respond(200, f.item(id))
	}
	return respond(404, `{"code":"database_objectstore_credential_not_found"}`)
}

func (f *fakeRegion) page(number string) *http.Response {
	n, _ := strconv.Atoi(number)
	first, last := (n-1)*perPage, min(n*perPage, len(f.ids))
	items := make([]string, 0, perPage)
	for _, id := range f.ids[min(first, last):last] {
		items = append(items, f.item(id))
	}
	pages := max(1, (len(f.ids)+perPage-1)/perPage)
	return respond(200, fmt.Sprintf(`{"page":%d,"pages":%d,"items":[%s]}`, n, pages, strings.Join(items, ",")))
}

func (f *fakeRegion) requests() int { return f.gets + f.pages }

// together reads so many credentials at a time, as Terraform does, in this order.
func together(t *testing.T, client *Client, ids []string, atATime int) {
	t.Helper()
	queue := make(chan string)
	var readers sync.WaitGroup
	for range atATime {
		readers.Go(func() {
			for id := range queue {
				if c, err := client.Credential(t.Context(), "LON1", id); err != nil || c.ID != id {
					t.Errorf("reading %s gave %s, %v", id, c.ID, err)
				}
			}
		})
	}
	for _, id := range ids {
		queue <- id
	}
	close(queue)
	readers.Wait()
}

func TestALoneReadIsOneGETHoweverBigTheRegion(t *testing.T) {
	t.Parallel()
	for _, count := range []int{1, 100, 10_000} {
		synctest.Test(t, func(t *testing.T) {
			f := regionOf(count)
			together(t, f.client(t), f.ids[:1], 1)
			if f.gets != 1 || f.pages != 0 {
				t.Errorf("among %d: %d GETs and %d pages", count, f.gets, f.pages)
			}
		})
	}
}

func TestReadsInABigRegionCostOnePageMoreThanGETsAtMost(t *testing.T) {
	t.Parallel()
	for _, reads := range []int{2, 5, 50} {
		synctest.Test(t, func(t *testing.T) {
			f := regionOf(10_000)
			together(t, f.client(t), f.ids[9000:9000+reads], 10)
			if f.requests() > reads+1 || f.pages > 1 {
				t.Errorf("%d reads: %d GETs and %d pages", reads, f.gets, f.pages)
			}
		})
	}
}

func TestReadingAWholeRegionCostsAtMostTwiceAsMuchAsListingIt(t *testing.T) {
	t.Parallel()
	for _, count := range []int{10, 100, 1000, 3000} {
		for _, atATime := range []int{1, 3, 10, 50} {
			synctest.Test(t, func(t *testing.T) {
				f := regionOf(count)
				together(t, f.client(t), f.ids, atATime)
				if pages := (count + perPage - 1) / perPage; f.requests() > 2*pages {
					t.Errorf("%d reads, %d at a time: %d GETs and %d pages for %d pages", count, atATime, f.gets, f.pages, pages)
				}
			})
		}
	}
}

// Whatever is read and when, it costs at most a page more than twice what the cheaper of one by one and listing would
// have cost, as long as one list stays fresh for the whole of it.
func TestNoOrderOfReadsCostsMuchMoreThanItHasTo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // no secret
			f := regionOf(1 + random.IntN(2000))
			client := f.client(t)
			reads := 1 + random.IntN(300)
			var waiting sync.WaitGroup
			for range reads {
				id := f.ids[random.IntN(len(f.ids))]
				waiting.Go(func() { _, _ = client.Credential(t.Context(), "LON1", id) })
				time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
			}
			waiting.Wait()
			pages := (len(f.ids) + perPage - 1) / perPage
			if cheapest := min(reads, pages); f.requests() > 2*cheapest+1 {
				t.Errorf("seed %d: %d reads among %d pages: %d GETs and %d pages", seed, reads, pages, f.gets, f.pages)
			}
		})
	}
}

func TestAListServesForAWhileAndNotLonger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(50)
		client := f.client(t)
		together(t, client, f.ids[:10], 10)
		time.Sleep(29 * time.Second)
		together(t, client, f.ids[10:20], 10)
		if f.requests() != 1 {
			t.Errorf("%d requests while the list is fresh", f.requests())
		}
		time.Sleep(2 * time.Second)
		together(t, client, f.ids[20:30], 10)
		if f.requests() != 2 {
			t.Errorf("%d requests once it is not", f.requests())
		}
	})
}

func TestNothingReadBeforeAWriteIsServedAfterIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(50)
		client := f.client(t)
		together(t, client, f.ids[:10], 10)
		for version := 1; version <= 3; version++ {
			// A list is under way when the write begins, and another when it ends.
			var others sync.WaitGroup
			others.Go(func() { together(t, client, f.ids[:10], 10) })
			time.Sleep(time.Duration(version) * fakeLatency / 2)
			if _, err := client.UpdateCredential(t.Context(), "LON1", "id-20", Keys{"a", NewSecret("s")}); err != nil {
				t.Fatal(err)
			}
			got, err := client.Credential(t.Context(), "LON1", "id-20")
			if want := fmt.Sprintf("version-%d", version); err != nil || got.Name != want {
				t.Errorf("read %s after the write of %s, %v", got.Name, want, err)
			}
			others.Wait()
		}
	})
}

func TestWhatWasDeletedIsNotServedFromAList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(50)
		client := f.client(t)
		together(t, client, f.ids[:10], 10)
		if err := client.DeleteCredential(t.Context(), Credential{ID: "id-20", Region: "LON1"}); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Credential(t.Context(), "LON1", "id-20"); !IsNotFound(err) {
			t.Errorf("it is read after it was deleted: %v", err)
		}
	})
}

func TestALookIsAskedForAfterItBegan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(50)
		client := f.client(t)
		together(t, client, f.ids[:10], 10)
		f.mu.Lock()
		f.version = 7 // changed by somebody else: a list that is fresh does not show it
		f.mu.Unlock()
		recently, _ := client.Credential(t.Context(), "LON1", "id-3")
		look, err := client.readsOf("LON1").one(t.Context(), "id-3", time.Now())
		if err != nil || recently.Name != "version-0" || look.Name != "version-7" {
			t.Errorf("a read gave %s, a look %s, %v", recently.Name, look.Name, err)
		}
	})
}

func TestAListThatANewerAnswerContradictsIsNotServed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(50)
		client := f.client(t)
		list := func() { _, _ = client.Credentials(t.Context(), "LON1") }
		list()
		for version := 1; version <= 2; version++ {
			f.mu.Lock()
			f.version = version // changed by somebody else
			f.mu.Unlock()
			var under sync.WaitGroup
			if version == 2 { // and once while a list is under way that was answered before the change
				under.Go(func() { time.Sleep(fakeLatency / 2); list() })
			}
			if look, err := client.readsOf("LON1").one(t.Context(), "id-3", time.Now()); err != nil || look.Name != fmt.Sprintf("version-%d", version) {
				t.Errorf("a look gave %s, %v", look.Name, err)
			}
			under.Wait()
			if read, err := client.Credential(t.Context(), "LON1", "id-3"); err != nil || read.Name != fmt.Sprintf("version-%d", version) {
				t.Errorf("a read after it gave %s, %v", read.Name, err)
			}
		}
	})
}

func TestWaitsForReadyShareTheirLooks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(50)
		f.status = "creating"
		client := f.client(t)
		began := time.Now()
		time.AfterFunc(time.Second, func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.status = StatusReady
		})
		var waits sync.WaitGroup
		for i := range 10 {
			waits.Go(func() {
				time.Sleep(time.Duration(i) * 7 * time.Millisecond) // Terraform does not start them at once
				if _, err := client.WaitReady(t.Context(), Credential{ID: f.ids[i], Region: "LON1"}); err != nil {
					t.Error(err)
				}
			})
		}
		waits.Wait()
		if f.requests() > 5 {
			t.Errorf("10 waits took %d GETs and %d pages", f.gets, f.pages)
		}
		if late := time.Since(began) - time.Second; late > 500*time.Millisecond {
			t.Errorf("they ended %s late", late)
		}
	})
}

func TestWaitsInABigRegionLookByThemselves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(10_000)
		f.status = "creating"
		client := f.client(t)
		time.AfterFunc(time.Second, func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.status = StatusReady
		})
		var waits sync.WaitGroup
		for i := range 10 {
			waits.Go(func() { _, _ = client.WaitReady(t.Context(), Credential{ID: f.ids[9000+i], Region: "LON1"}) })
		}
		waits.Wait()
		if f.pages > 1 || f.gets > 10*4 {
			t.Errorf("10 waits took %d GETs and %d pages", f.gets, f.pages)
		}
	})
}

func TestAListOfSeveralPagesThatLacksACredentialIsNotBelievedAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(150)
		client := f.client(t)
		if _, err := client.Credentials(t.Context(), "LON1"); err != nil {
			t.Fatal(err)
		}
		f.mu.Lock()
		f.ids = append(f.ids, "late") // as if it had moved between two pages
		f.mu.Unlock()
		if c, err := client.Credential(t.Context(), "LON1", "late"); err != nil || c.ID != "late" {
			t.Errorf("it is taken for gone: %v", err)
		}
		if _, err := client.Credential(t.Context(), "LON1", "gone"); !IsNotFound(err) {
			t.Errorf("what is gone is not found out: %v", err)
		}
	})
}

func TestAReadThatIsGivenUpLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(50)
		client := f.client(t)
		gone, giveUp := context.WithCancel(t.Context())
		var reads sync.WaitGroup
		for i := range 5 {
			ctx := t.Context()
			if i == 0 {
				ctx = gone
			}
			reads.Go(func() {
				if _, err := client.Credential(ctx, "LON1", f.ids[i]); (err != nil) != (i == 0) {
					t.Errorf("read %d: %v", i, err)
				}
			})
		}
		time.Sleep(fakeLatency / 2)
		giveUp()
		reads.Wait()
		if f.ended > 0 {
			t.Error("the list that others waited for was cancelled")
		}
	})
}

func TestWhatNobodyWaitsForIsCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(50)
		client := f.client(t)
		ctx, giveUp := context.WithCancel(t.Context())
		var reads sync.WaitGroup
		for i := range 5 {
			reads.Go(func() {
				if _, err := client.Credential(ctx, "LON1", f.ids[i]); !errors.Is(err, context.Canceled) {
					t.Errorf("read %d: %v", i, err)
				}
			})
		}
		time.Sleep(fakeLatency)
		giveUp()
		reads.Wait()
		synctest.Wait()
		if f.ended != 1 {
			t.Errorf("%d requests were cancelled", f.ended)
		}
		together(t, client, f.ids[:5], 5) // and those that come later are served
	})
}

func TestAListThatFailsIsTheErrorOfAllThatWaitForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := regionOf(50)
		f.broken = true
		client := f.client(t)
		var reads sync.WaitGroup
		for i := range 5 {
			reads.Go(func() {
				if _, err := client.Credential(t.Context(), "LON1", f.ids[i]); !IsUnavailable(err) || !strings.Contains(err.Error(), "500") {
					t.Errorf("read %d: %v", i, err)
				}
			})
		}
		reads.Wait()
		f.mu.Lock()
		f.broken = false
		f.mu.Unlock()
		together(t, client, f.ids[:5], 5)
	})
}
