package civo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// inParallel calls a function with 0 to number-1, so many at a time.
func inParallel(number, atATime int, call func(int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range atATime {
		group.Go(func() {
			for n := next.Add(1) - 1; n < int64(number); n = next.Add(1) - 1 {
				call(int(n))
			}
		})
	}
	group.Wait()
}

func TestRead_Requests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ size, reads, most int }{
		{1, 1, 1}, {250, 1, 1}, {10_000, 1, 1}, {10_000, 2, 3}, {10_000, 10, 11}, {100, 100, 2}, {200, 200, 3}, {250, 250, 7}, {1_000, 1_000, 21},
	} {
		t.Run(fmt.Sprintf("%d of %d", test.reads, test.size), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				civo := newFakeCivo(100, test.size)
				civo.latency = 20 * time.Millisecond
				client := civo.client(t, Timing{})
				order := rand.New(rand.NewPCG(1, 2)).Perm(test.size) //nolint:gosec // a test
				inParallel(test.reads, 10, func(n int) {
					id := fmt.Sprintf("id-%04d", order[n])
					if found, err := client.Credentials("LON1").Get(t.Context(), id); err != nil || found.ID != id {
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

func TestRead_ListExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		civo := newFakeCivo(100, 10)
		client := civo.client(t, Timing{})
		for range 2 {
			if all, err := client.Credentials("LON1").All(t.Context()); err != nil || len(all) != 10 {
				t.Errorf("%d credentials: %v", len(all), err)
			}
		}
		if n := civo.count(); n != 1 {
			t.Errorf("%d requests for two lists at once", n)
		}
		time.Sleep(31 * time.Second)
		if _, err := client.Credentials("LON1").All(t.Context()); err != nil || civo.count() != 2 {
			t.Errorf("%d requests after the list has expired: %v", civo.count(), err)
		}
	})
}

// A list that was requested before a write serves no reader that starts after the write, even if it arrives later.
func TestRead_NothingFromBeforeAWrite(t *testing.T) {
	t.Parallel()
	for name, spelling := range map[string]string{"same spelling": "LON1", "other spelling": "lon1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
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
					if err := client.Credentials(spelling).requestDeletion(t.Context(), Credential{ID: "id-0000"}); err != nil {
						t.Error(err)
					}
				})
				time.Sleep(1500 * time.Millisecond)
				for range 2 { // while the list from before is being read, and after that
					all, err := client.Credentials("LON1").All(t.Context())
					if err != nil || len(all) != 249 || all[0].ID != "id-0001" {
						t.Errorf("%d credentials from %s: %v", len(all), all[0].ID, err)
					}
					group.Wait()
				}
			})
		})
	}
}

func TestList_IsShared(t *testing.T) {
	t.Parallel()
	for name, givingUp := range map[string]int{ // of 20 readers, while page 2 is being read
		"all wait": 0, "the first gives up": 1, "all but one give up": 19, "all give up": 20,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
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
							t.Errorf("reader %d: %d credentials: %v", n, len(all), err)
						}
					})
					synctest.Wait()
				}
				group.Wait()
				time.Sleep(time.Minute)
				if n := civo.count(); n != 3 {
					t.Errorf("%d requests, want 3", n)
				}
			})
		})
	}
}

// A list alone never proves that a credential does not exist.
func TestRead_Absence(t *testing.T) {
	t.Parallel()
	const unlisted = "id-0000"
	for name, test := range map[string]struct {
		size     int
		plain404 bool
		exists   bool // the credential is not listed, but exists
		moving   bool // the list changes with each page
		want     Kind // zero: the credential is found
	}{
		"one page, exists":          {size: 50, exists: true},
		"three pages, exists":       {size: 250, exists: true},
		"moving pages, exists":      {size: 250, exists: true, moving: true},
		"one page, Civo's 404":      {size: 50, want: KindNotFound},
		"one page, plain 404":       {size: 50, plain404: true, want: KindNotFound},
		"three pages, Civo's 404":   {size: 250, want: KindNotFound},
		"three pages, plain 404":    {size: 250, plain404: true, want: KindNotFound},
		"moving pages, Civo's 404":  {size: 250, moving: true, want: KindNotFound},
		"moving pages, a plain 404": {size: 250, plain404: true, moving: true, want: KindUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			civo := newFakeCivo(100, test.size)
			civo.plain404 = test.plain404
			body := civo.bodies[unlisted]
			civo.remove(unlisted)
			if test.exists {
				civo.bodies[unlisted] = body
			}
			if test.moving {
				n := 0
				civo.onList = func(int) { n++; civo.add(fmt.Sprintf("id-9999-%d", n)) }
			}
			client := civo.client(t, once())
			client.timing.Request = time.Minute
			if _, err := client.Credentials("LON1").All(t.Context()); err != nil { // so that the client has a list
				t.Fatal(err)
			}
			found, err := client.Credentials("LON1").Get(t.Context(), unlisted)
			switch {
			case test.want == 0 && (err != nil || found.ID != unlisted):
				t.Errorf("found %q: %v", found.ID, err)
			case test.want != 0 && !Is(err, test.want):
				t.Errorf("found %q: %v", found.ID, err)
			}
			if n := civo.count("get"); n != 1 {
				t.Errorf("%d GETs of the credential", n)
			}
			if n, most := civo.count("list"), 3+3*(maxReadings+1); n > most {
				t.Errorf("%d pages, want at most %d", n, most)
			}
		})
	}
}

// A credential that moves to another page while the list is read is found by its name.
func TestFind_MovesAcrossPages(t *testing.T) {
	t.Parallel()
	for name, emptyPages := range map[string]bool{"page 1 past the end": false, "empty page past the end": true} {
		for _, size := range []int{102, 202} {
			t.Run(fmt.Sprintf("%s, %d", name, size), func(t *testing.T) {
				t.Parallel()
				civo := newFakeCivo(100, size)
				civo.emptyPages = emptyPages
				civo.onList = func(page int) { // once, between page 1 and page 2
					if page == 1 {
						civo.remove("id-0003")
						civo.remove("id-0004")
					}
				}
				for _, by := range []Lookup{
					By("n-id-0100", FieldName), By("n-id-0101", FieldName), By("a-id-0100", FieldAccessKeyID), By("n-id-0100", FieldID, FieldName, FieldAccessKeyID),
				} {
					found, err := civo.client(t, once()).Credentials("LON1").Find(t.Context(), by)
					if err != nil || !by.matches(found.fields()) {
						t.Errorf("%s: found %q: %v", by, found.ID, err)
					}
					civo.add("id-0003")
					civo.add("id-0004")
				}
			})
		}
	}
}

func TestFind_AbsenceNeedsTwoReadings(t *testing.T) {
	t.Parallel()
	civo := newFakeCivo(100, 250)
	_, err := civo.client(t, once()).Credentials("LON1").Find(t.Context(), By("none", FieldName))
	if n := civo.count(); !Is(err, KindNotFound) || n != 9 {
		t.Errorf("after %d requests: %v", n, err) // a list that serves others too, and two that agree
	}
	n := 0
	civo.onList = func(int) { n++; civo.add(fmt.Sprintf("id-9999-%d", n)) }
	_, err = civo.client(t, once()).Credentials("LON1").Find(t.Context(), By("none", FieldName))
	if Is(err, KindNotFound) || !Is(err, KindUnavailable) || !strings.Contains(err.Error(), "changed each time") {
		t.Errorf("a list that never settles: %v", err)
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

func TestRef_IsBeingDeleted(t *testing.T) {
	t.Parallel()
	for status, want := range map[Status]bool{"deleting": true, "Deleting": true, "delete_pending": true, "ready": false, "creating": false, "": false} {
		if got := (Ref{Status: status}).IsBeingDeleted(); got != want {
			t.Errorf("%q: %t", status, got)
		}
	}
}
