// Lists, read page by page and within limits.

package civo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Bounds of a list. An account has some hundred credentials; a server that sends more than this is broken or hostile.
const (
	perPage      = 100      // items to ask for on each page; a server may send fewer
	maxPageItems = 1000     // items on one page
	maxPages     = 2000     // pages of one list
	maxListBytes = 64 << 20 // JSON of one list
	listTimeout  = 5 * time.Minute
)

// page is one page of a list. It records which of its fields the response had: a response without them is not a list, and
// must not be mistaken for an empty one.
type page[T Record[T]] struct {
	Page  *int           `json:"page"`
	Pages *int           `json:"pages"`
	Items boundedList[T] `json:"items"`
}

// errTooManyItems is the error for a list with more items on a page than any request asks for.
var errTooManyItems = fmt.Errorf("a page of the list has more than %d items", maxPageItems)

// errNotArray is the error for a JSON value other than an array where the API returns a list.
var errNotArray = errors.New("the response has an unexpected JSON type")

// boundedList decodes a JSON array of at most maxPageItems elements; null, as some servers write an empty array, is one.
type boundedList[T any] struct {
	present bool
	items   []T
	size    int // of the JSON, in bytes
}

// UnmarshalJSON implements json.Unmarshaler. It stops at the bound, before the elements take up memory.
func (l *boundedList[T]) UnmarshalJSON(data []byte) error {
	l.present, l.size = true, len(data)
	if string(data) == "null" {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if start, err := decoder.Token(); err != nil || start != json.Delim('[') {
		return errNotArray
	}
	for decoder.More() {
		if len(l.items) == maxPageItems {
			return errTooManyItems
		}
		var item T
		if err := decoder.Decode(&item); err != nil {
			return err
		}
		l.items = append(l.items, item)
	}
	return nil
}

// snapshot is a list as it was read.
type snapshot[T Record[T]] struct {
	items []T
	byID  map[string]T
	pages int // the most that the list claimed to have while it was read
}

// isOneResponse reports whether the list is a single response, so that nothing can have moved while it was read.
func (s *snapshot[T]) isOneResponse() bool { return s.pages <= 1 }

func (s *snapshot[T]) contains(id string) bool {
	_, ok := s.byID[id]
	return ok
}

// add adds the items of a page. A list that grows while it is read can contain a record twice.
func (s *snapshot[T]) add(p page[T]) {
	s.pages = max(s.pages, *p.Pages)
	for _, item := range p.Items.items {
		if !s.contains(item.Ref().ID) {
			s.byID[item.Ref().ID] = item
			s.items = append(s.items, item)
		}
	}
}

// readPages returns an iterator that reads the list page by page. After each page, it returns the list as far as it has been read. It ends
// at the first error. The list may shrink while it is read. The response to a request for a page past the end is page 1, so an
// unexpected page number ends the list.
func (c *Collection[T]) readPages(ctx context.Context) iter.Seq2[*snapshot[T], error] {
	return func(yield func(*snapshot[T], error) bool) {
		ctx, cancel := context.WithTimeout(ctx, listTimeout)
		defer cancel()
		list, size := &snapshot[T]{byID: map[string]T{}}, 0
		for number, last := 1, 1; number <= last; number++ {
			page, err := c.getPage(ctx, number)
			if size += page.Items.size; size > maxListBytes {
				err = decodeError(c.client.newCall(ctx, http.MethodGet, c.recordType.path, c.region), http.StatusOK, "the list does not end")
			}
			if err != nil {
				yield(list, err)
				return
			}
			if number > 1 && *page.Page != number {
				return
			}
			list.add(page)
			if !yield(list, nil) {
				return
			}
			last = *page.Pages
		}
	}
}

// readList reads the list. If the list has too many pages, readList ends early: snapshot.pages is then larger than mostPages.
func (c *Collection[T]) readList(ctx context.Context, mostPages int) (list *snapshot[T], err error) {
	for list, err = range c.readPages(ctx) {
		if list.pages > mostPages {
			break
		}
	}
	return list, err
}

// Pages returns an iterator over the pages of the list, which contain each record once. The iterator ends at the first error.
func (c *Collection[T]) Pages(ctx context.Context) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		known := 0
		for list, err := range c.readPages(ctx) {
			added := list.items[known:len(list.items):len(list.items)]
			known = len(list.items)
			if !yield(added, err) {
				return
			}
		}
	}
}

// getPage reads one page of the list, counted from 1. It adds the region, which a list does not contain.
func (c *Collection[T]) getPage(ctx context.Context, number int) (page[T], error) {
	get := c.client.newCall(ctx, http.MethodGet, c.recordType.path, c.region)
	get.isList = true
	get.query.Set("page", strconv.Itoa(number))
	get.query.Set("per_page", strconv.Itoa(perPage))
	response, err := send[page[T]](ctx, c.client, get)
	if err != nil {
		return page[T]{}, err
	}
	if problem := response.problem(number); problem != "" {
		return page[T]{}, decodeError(get, http.StatusOK, problem)
	}
	for i, item := range response.Items.items {
		response.Items.items[i] = item.withRegion(c.region)
	}
	return response, nil
}

// problem describes why a response is not the page with the given number; empty if it is.
func (p page[T]) problem(number int) string {
	hasNoID := func(item T) bool { return !idForm.MatchString(item.Ref().ID) }
	switch at := slices.IndexFunc(p.Items.items, hasNoID); {
	case !p.Items.present || p.Page == nil || p.Pages == nil:
		return "the response is not a page of a list"
	case *p.Page < 0, number == 1 && *p.Page > 1, *p.Page == 0 && (number > 1 || *p.Pages > 1): // a single page needs no number
		return "the response is not the page that was requested"
	case *p.Pages < 0 || *p.Pages > maxPages:
		return fmt.Sprintf("the list reports %d pages", *p.Pages)
	case at >= 0:
		return fmt.Sprintf("item %d of the list has no valid ID", at+1)
	}
	return ""
}
