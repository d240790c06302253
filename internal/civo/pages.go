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
	maxPageItems = 1000     // items on one page
	maxPages     = 2000     // pages of one list
	maxListBytes = 64 << 20 // JSON of one list
	listTimeout  = 5 * time.Minute
)

// page is one page of a list. A response without all of its fields is not a list, and must not be mistaken for an empty one.
type page[T Record[T]] struct {
	Page  *int           `json:"page"`
	Pages *int           `json:"pages"`
	Items boundedList[T] `json:"items"`
}

var (
	errTooManyItems = fmt.Errorf("a page of the list has more than %d items", maxPageItems)
	errNotArray     = errors.New("the response has an unexpected JSON type")
)

// boundedList decodes a JSON array of at most maxPageItems elements; null, as some servers write an empty array, is one.
type boundedList[T any] struct {
	present bool
	items   []T
	size    int // of the JSON, in bytes
}

// UnmarshalJSON stops at the bound, before the elements take up memory.
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

// readPages returns an iterator that reads the list page by page, up to the first error. After each page, it returns the list so far. The
// list may shrink while it is read. The response to a request for a page past the end is page 1, so an unexpected number ends the list.
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
			last = *page.Pages
			list.pages = max(list.pages, last)
			for _, item := range page.Items.items {
				if id := item.Ref().ID; !list.contains(id) { // a list that grows while it is read can contain a record twice
					list.byID[id] = item
					list.items = append(list.items, item)
				}
			}
			if !yield(list, nil) {
				return
			}
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

// Pages returns an iterator over the pages of the list, which contain each record once, up to the first error.
func (c *Collection[T]) Pages(ctx context.Context) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		known := 0
		for list, err := range c.readPages(ctx) {
			added := slices.Clip(list.items[known:])
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
	items, p, pages := response.Items.items, response.Page, response.Pages
	problem, withoutID := "", slices.IndexFunc(items, func(item T) bool { return !idForm.MatchString(item.Ref().ID) })
	switch {
	case !response.Items.present || p == nil || pages == nil:
		problem = "the response is not a page of a list"
	case *p < 0, number == 1 && *p > 1, *p == 0 && (number > 1 || *pages > 1): // a single page needs no number
		problem = "the response is not the page that was requested"
	case *pages < 0 || *pages > maxPages:
		problem = fmt.Sprintf("the list reports %d pages", *pages)
	case withoutID >= 0:
		problem = fmt.Sprintf("item %d of the list has no valid ID", withoutID+1)
	}
	if problem != "" {
		return page[T]{}, decodeError(get, http.StatusOK, problem)
	}
	for i, item := range items {
		items[i] = item.withRegion(c.region)
	}
	return response, nil
}
