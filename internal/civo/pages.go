package civo

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

// perPage is how many items a page is asked to have. A server may give fewer: the number of pages it tells is what counts.
const perPage = 100

// page is a part of a list. It knows which of its fields the answer had: one that lacks them is not a list, and must not
// be taken for an empty one.
type page[T any] struct {
	Page  *int     `json:"page"`
	Pages *int     `json:"pages"`
	Items items[T] `json:"items"`
}

// items are those of a page; null, as some servers write an empty list, counts as given.
type items[T any] struct {
	given bool
	list  []T
}

// UnmarshalJSON implements json.Unmarshaler.
func (i *items[T]) UnmarshalJSON(data []byte) error {
	i.given = true
	return json.Unmarshal(data, &i.list)
}

// part is a page of a list, and how many pages the list has.
type part[T any] struct {
	items []T
	of    int
}

// getPage reads one page of a list, counted from 1.
func getPage[T any](ctx context.Context, client *Client, path, region string, number int) (part[T], error) {
	get := call{
		method: http.MethodGet, path: path, region: region,
		query: url.Values{"page": {strconv.Itoa(number)}, "per_page": {strconv.Itoa(perPage)}},
	}
	answer, err := send[page[T]](ctx, client, get)
	if err != nil {
		return part[T]{}, listProblem(err)
	}
	if !answer.Items.given || answer.Page == nil || answer.Pages == nil || *answer.Page != number {
		return part[T]{}, unreadable(get, http.StatusOK, "the answer is not the page of a list that was asked for")
	}
	return part[T]{answer.Items.list, *answer.Pages}, nil
}

// listProblem makes sure that a list that is answered with 404 is not taken for a thing that is not there: a list always is.
func listProblem(err error) error {
	if !isBare404(err) {
		return err
	}
	return altered(err, func(e *Error) { e.Kind, e.notFound = KindUnexpected, false })
}

// pages reads a list page by page, and ends at the first error.
func pages[T any](ctx context.Context, client *Client, path, region string) iter.Seq2[part[T], error] {
	return func(yield func(part[T], error) bool) {
		for number, last := 1, 1; number <= last; number++ {
			page, err := getPage[T](ctx, client, path, region, number)
			if !yield(page, err) || err != nil {
				return
			}
			last = page.of
		}
	}
}
