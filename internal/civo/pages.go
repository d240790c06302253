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
	"net/url"
	"strconv"
)

// Bounds of a list. An account has some hundred credentials; a server that sends more than this is broken or hostile.
const (
	perPage      = 100      // items to ask for on each page; a server may send fewer
	maxPageItems = 1000     // items on one page
	maxPages     = 2000     // pages of one list
	maxListBytes = 64 << 20 // JSON of one list
)

// page is one page of a list. It records which of its fields the response had: a response without them is not a list, and
// must not be mistaken for an empty one.
type page[T any] struct {
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

// getPage reads one page of a list, counted from 1.
func getPage[T any](ctx context.Context, client *Client, path, region string, number int) (page[T], error) {
	get := call{
		method: http.MethodGet, path: path, region: region,
		query: url.Values{"page": {strconv.Itoa(number)}, "per_page": {strconv.Itoa(perPage)}},
	}
	answer, err := send[page[T]](ctx, client, get)
	if err != nil {
		return page[T]{}, withoutNotFound(err)
	}
	switch {
	case !answer.Items.present || answer.Page == nil || answer.Pages == nil:
		return page[T]{}, decodeError(get, http.StatusOK, "the response is not a page of a list")
	case number == 1 && *answer.Page != 1 && *answer.Page != 0:
		return page[T]{}, decodeError(get, http.StatusOK, "the response is not the page that was requested")
	case *answer.Pages < 0 || *answer.Pages > maxPages:
		return page[T]{}, decodeError(get, http.StatusOK, fmt.Sprintf("the list reports %d pages", *answer.Pages))
	}
	return answer, nil
}

// withoutNotFound keeps a list that is answered with 404 from being mistaken for an object that does not exist: a list
// always exists.
func withoutNotFound(err error) error {
	if !isInconclusive404(err) {
		return err
	}
	return withChange(err, func(e *Error) { e.Kind, e.notFound = KindUnexpected, false })
}

// pages reads a list page by page and ends at the first error. The list may shrink while it is read: a page past the end
// comes back as page 1, so an answer with another number than the requested one ends the list.
func pages[T any](ctx context.Context, client *Client, path, region string) iter.Seq2[page[T], error] {
	return func(yield func(page[T], error) bool) {
		ctx, cancel := context.WithTimeout(ctx, client.timing.List)
		defer cancel()
		size, unnumbered := 0, false
		for number, last := 1, 1; number <= last; number++ {
			answer, err := getPage[T](ctx, client, path, region, number)
			size += answer.Items.size
			switch {
			case err == nil && size > maxListBytes:
				err = decodeError(call{method: http.MethodGet, path: path}, http.StatusOK, "the list does not end")
			case err == nil && number == 1:
				unnumbered = *answer.Page == 0
			case err == nil && *answer.Page < 1 && !unnumbered:
				err = decodeError(call{method: http.MethodGet, path: path}, http.StatusOK, "a page of the list has no valid number")
			case err == nil && *answer.Page != number && !unnumbered:
				return
			}
			if !yield(answer, err) || err != nil {
				return
			}
			last = *answer.Pages
		}
	}
}
