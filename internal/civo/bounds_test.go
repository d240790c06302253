package civo

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

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

// An endless list ends at 2000 pages, with its caller's context, and after the timeout for a list. Callers share the lists of All
// and Find, so that these are read until the timeout.
func TestBounds_Time(t *testing.T) {
	t.Parallel()
	all := func(ctx context.Context, c *Client) error { _, err := c.Credentials("LON1").All(ctx); return err }
	find := func(ctx context.Context, c *Client) error {
		_, err := c.Credentials("LON1").Find(ctx, By("n", FieldName))
		return err
	}
	pages := func(ctx context.Context, c *Client) (last error) {
		for _, err := range c.Credentials("LON1").Pages(ctx) {
			last = err
		}
		return last
	}
	const cancelled, deadline = 5500 * time.Millisecond, 5 * time.Minute
	for name, test := range map[string]struct {
		list     func(context.Context, *Client) error
		latency  time.Duration
		ends     time.Duration
		requests int64
		why      func(error) bool
	}{
		"All":              {all, time.Second, deadline, 300, IsTimeout},
		"Find":             {find, time.Second, deadline, 300, IsTimeout},
		"Pages":            {pages, time.Second, deadline, 300, IsTimeout},
		"All, cancelled":   {all, time.Second, cancelled, 300, IsInterrupted},
		"Find, cancelled":  {find, time.Second, cancelled, 300, IsInterrupted},
		"Pages, cancelled": {pages, time.Second, cancelled, 6, IsInterrupted},
		"All, fast":        {all, 0, 0, 2000, func(err error) bool { return strings.Contains(err.Error(), "the list reports 2001 pages") }},
	} {
		synctest.Test(t, func(t *testing.T) {
			var sent atomic.Int64
			client := clientOver(t, Timing{}, endless(test.latency, &sent))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if test.ends == cancelled {
				time.AfterFunc(test.ends, cancel)
			}
			began := time.Now()
			err := test.list(ctx, client)
			if took := time.Since(began); took != test.ends || !test.why(err) {
				t.Errorf("%s: ended after %v: %v", name, took, err)
			}
			time.Sleep(10 * time.Minute)
			if n := sent.Load(); n < test.requests-1 || n > test.requests+1 {
				t.Errorf("%s: %d requests, want %d", name, n, test.requests)
			}
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
		if took := time.Since(began); took > 10*time.Minute || err == nil || Is(err, KindNotFound) {
			t.Errorf("ended after %v: %v", took, err)
		}
	})
}

// Responses with far more items than requested are rejected before they use much memory.
func TestBounds_Items(t *testing.T) { //nolint:paralleltest // measures what the process allocates
	many := func(item string, number int) string { return strings.Repeat(item+",", number-1) + item }
	const tooMany = "a page of the list has more than 1000 items"
	for name, test := range map[string]struct { //nolint:paralleltest // as above
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
		client := clientOver(t, once(), func(*http.Request) (*http.Response, error) {
			resp := respond(test.status, "")
			resp.Body = readCloser{strings.NewReader(test.body)}
			return resp, nil
		})
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, err := client.Credentials("LON1").All(t.Context())
		runtime.ReadMemStats(&after)
		if (err != nil) != (test.says != "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
		// Reading a body costs about six times its size, 13 times under the race detector; a million items cost far more.
		if allocated, most := after.TotalAlloc-before.TotalAlloc, uint64(20*len(test.body)+1<<20); allocated > most {
			t.Errorf("%s: %d MB allocated for %d MB", name, allocated>>20, len(test.body)>>20)
		}
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func TestBounds_Regions(t *testing.T) {
	t.Parallel()
	for number, want := range map[int]Kind{1: noError, 1000: noError, 1001: KindUnexpected, 100_000: KindUnexpected} {
		body := "[" + strings.TrimSuffix(strings.Repeat(`{"code":"lon1"},`, number), ",") + "]"
		client := clientOver(t, once(), func(*http.Request) (*http.Response, error) { return respond(200, body), nil })
		regions, err := client.Regions(t.Context())
		if wantError(t, err, want); len(regions) != number && err == nil || err != nil && regions != nil {
			t.Errorf("%d regions of %d", len(regions), number)
		}
	}
}

// A list is limited in bytes too: pages of 1,000 items with long names.
func TestBounds_Bytes(t *testing.T) {
	t.Parallel()
	sent := 0
	items := strings.TrimSuffix(strings.Repeat(`{"id":"i","name":"`+strings.Repeat("n", 7000)+`"},`, 1000), ",")
	client := clientOver(t, once(), func(req *http.Request) (*http.Response, error) {
		sent++
		resp := respond(200, "")
		resp.Body = readCloser{strings.NewReader(`{"page":` + req.URL.Query().Get("page") + `,"pages":1000,"items":[` + items + `]}`)}
		return resp, nil
	})
	_, err := client.Credentials("LON1").All(t.Context())
	if wantError(t, err, KindUnexpected, "the list does not end"); sent != (64<<20)/len(items)+1 {
		t.Errorf("%d requests", sent)
	}
}
