// Pages of lists.

package civosim

import (
	"net/url"
	"strconv"
)

// page is the JSON form of a list.
type page[T any] struct {
	Page    int `json:"page"`
	PerPage int `json:"per_page"`
	Pages   int `json:"pages"` // at least 1
	Items   []T `json:"items"`
}

// newPage returns the page that the query asks for, with each item converted to its JSON form. Invalid numbers select the
// defaults, and so does the number of a page past the end unless Options.EmptyPagePastEnd is set.
func newPage[V, T any](query url.Values, o Options, all []V, form func(V) T) page[T] {
	number, size := positive(query.Get("page"), 1), positive(query.Get("per_page"), o.PageSize)
	if o.PageCap > 0 {
		size = min(size, o.PageCap)
	}
	p := page[T]{Page: number, PerPage: size, Pages: max(1, (len(all)-1)/size+1), Items: []T{}}
	if number > p.Pages {
		if o.EmptyPagePastEnd {
			return p
		}
		p.Page = 1
	}
	first := (p.Page - 1) * size
	for _, v := range all[first:min(first+size, len(all))] {
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
