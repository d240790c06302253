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

// endless answers each request for a page with one item and the number of pages that a function returns for it.
func endless(latency time.Duration, sent *atomic.Int64, pages func(page string) int) roundTripper {
	return func(req *http.Request) (*http.Response, error) {
		sent.Add(1)
		if err := sleep(req.Context(), latency); err != nil {
			return nil, err
		}
		page := req.URL.Query().Get("page")
		return respond(200, fmt.Sprintf(`{"page":%s,"pages":%d,"items":[{"id":"i-%s"}]}`, page, pages(page), page)), nil
	}
}

func growing(page string) int {
	n := 0
	_, _ = fmt.Sscan(page, &n)
	return n + 1
}

func TestBounds_Pages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pages func(string) int
		most  int64
	}{
		"a billion": {func(string) int { return 1_000_000_000 }, 1},
		"growing":   {growing, maxPages},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var sent atomic.Int64
				client := clientOver(t, Timing{}, endless(0, &sent, test.pages))
				all, err := client.Credentials("LON1").All(t.Context())
				if all != nil || !Is(err, KindUnexpected) || !strings.Contains(err.Error(), "the list reports") || sent.Load() > test.most {
					t.Errorf("%d credentials after %d requests: %v", len(all), sent.Load(), err)
				}
			})
		})
	}
}

// An endless list ends with its caller's context, and after the timeout for a list. Callers share the lists of All
// and Find, so that these are read until the timeout.
func TestBounds_Time(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cancelled time.Duration // 0: never
		want      time.Duration
		requests  int
		why       func(error) bool
	}{
		"cancellation": {5500 * time.Millisecond, 5500 * time.Millisecond, 6, IsInterrupted},
		"deadline":     {0, 5 * time.Minute, 300, IsTimeout},
	} {
		for operation, list := range map[string]func(context.Context, *Client) error{
			"All": func(ctx context.Context, c *Client) error { _, err := c.Credentials("LON1").All(ctx); return err },
			"Find": func(ctx context.Context, c *Client) error {
				_, err := c.Credentials("LON1").Find(ctx, By("n", FieldName))
				return err
			},
			"Pages": func(ctx context.Context, c *Client) error {
				var last error
				for _, err := range c.Credentials("LON1").Pages(ctx) {
					last = err
				}
				return last
			},
			"All, stores": func(ctx context.Context, c *Client) error { _, err := c.ObjectStores("LON1").All(ctx); return err },
		} {
			t.Run(name+", "+operation, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var sent atomic.Int64
					client := clientOver(t, Timing{}, endless(time.Second, &sent, growing))
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					if test.cancelled > 0 {
						time.AfterFunc(test.cancelled, cancel)
					}
					began := time.Now()
					err := list(ctx, client)
					if took := time.Since(began); took != test.want || !test.why(err) {
						t.Errorf("ended after %v: %v", took, err)
					}
					time.Sleep(10 * time.Minute)
					mustHaveSent(t, int(sent.Load()), map[string]int{"All": 300, "Find": 300, "Pages": test.requests, "All, stores": 300}[operation])
				})
			})
		}
	}
}

func mustHaveSent(tb testing.TB, sent, want int) {
	tb.Helper()
	if sent < want-1 || sent > want+1 {
		tb.Errorf("%d requests, want %d", sent, want)
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
	for name, test := range map[string]struct { //nolint:paralleltest // as above
		status int
		body   string
		says   string
	}{
		"empty objects":  {200, `{"page":1,"pages":1,"items":[` + many("{}", 1_000_000) + `]}`, "a page of the list has more than 1000 items"},
		"tiny items":     {200, `{"page":1,"pages":1,"items":[` + many(`{"id":"i"}`, 700_000) + `]}`, "a page of the list has more than 1000 items"},
		"unknown field":  {200, `{"page":1,"pages":1,"items":[],"more":[` + many("{}", 1_000_000) + `]}`, ""},
		"details":        {400, `{"details":[` + many("{}", 1_000_000) + `]}`, "400 Bad Request"},
		"many separate":  {200, `{"page":1,"pages":1,"items":{` + many(`"a":{}`, 700_000) + `}}`, "unexpected JSON type"},
		"one that is ok": {200, `{"page":1,"pages":1,"items":[` + many(`{"id":"i"}`, 1000) + `]}`, ""},
		"one too many":   {200, `{"page":1,"pages":1,"items":[` + many(`{"id":"i"}`, 1001) + `]}`, "a page of the list has more than 1000 items"},
	} {
		t.Run(name, func(t *testing.T) {
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
			if test.says == "" && err != nil || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
				t.Errorf("error: %v", err)
			}
			// Reading a body costs about six times its size, 13 times under the race detector; a million items cost far more.
			if allocated, most := after.TotalAlloc-before.TotalAlloc, uint64(20*len(test.body)+1<<20); allocated > most {
				t.Errorf("%d MB allocated for %d MB", allocated>>20, len(test.body)>>20)
			}
		})
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func TestBounds_Regions(t *testing.T) {
	t.Parallel()
	for number, ok := range map[int]bool{1: true, 1000: true, 1001: false, 100_000: false} {
		t.Run(strconv.Itoa(number), func(t *testing.T) {
			t.Parallel()
			body := "[" + strings.TrimSuffix(strings.Repeat(`{"code":"lon1"},`, number), ",") + "]"
			client := clientOver(t, once(), func(*http.Request) (*http.Response, error) { return respond(200, body), nil })
			client.timing.Request = time.Minute
			regions, err := client.Regions(t.Context())
			if ok && (err != nil || len(regions) != number) || !ok && (!Is(err, KindUnexpected) || regions != nil) {
				t.Errorf("%d regions: %v", len(regions), err)
			}
		})
	}
}

// A list is limited in bytes too: pages of 1,000 items with long names.
func TestBounds_Bytes(t *testing.T) {
	t.Parallel()
	sent := 0
	item := `{"id":"i","name":"` + strings.Repeat("n", 7000) + `"}`
	items := strings.TrimSuffix(strings.Repeat(item+",", 1000), ",")
	client := clientOver(t, once(), func(req *http.Request) (*http.Response, error) {
		sent++
		resp := respond(200, "")
		resp.Body = readCloser{strings.NewReader(`{"page":` + req.URL.Query().Get("page") + `,"pages":1000,"items":[` + items + `]}`)}
		return resp, nil
	})
	_, err := client.Credentials("LON1").All(t.Context())
	if most := maxListBytes/len(items) + 1; !Is(err, KindUnexpected) || !strings.Contains(err.Error(), "the list does not end") || sent > most {
		t.Errorf("after %d requests: %v", sent, err)
	}
}
