package civosim

import (
	"net/url"
	"strconv"
)

// page is Civo's form of a list.
type page[T any] struct {
	Page    int `json:"page"`
	PerPage int `json:"per_page"`
	Pages   int `json:"pages"`
	Items   []T `json:"items"`
}

// newPage is the page of all that the query asks for, each item in the form that is answered. Numbers that make no
// sense count as not given; a page after the last is empty; the least number of pages is one.
func newPage[V, T any](query url.Values, o Options, all []V, form func(V) T) page[T] {
	number := positive(query.Get("page"), 1)
	size := min(positive(query.Get("per_page"), o.PageSize), o.PageCap)
	p := page[T]{Page: number, PerPage: size, Pages: max(1, (len(all)+size-1)/size), Items: []T{}}
	if number > p.Pages {
		return p
	}
	for _, v := range all[(number-1)*size : min(number*size, len(all))] {
		p.Items = append(p.Items, form(v))
	}
	return p
}

func positive(text string, otherwise int) int {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return n
	}
	return otherwise
}
