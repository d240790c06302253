// Code shared by all kinds of objects: reading an object, listing a region, and errors.

package civo

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"sync"
)

// object is an object that Civo lists by region: a credential or an object store.
type object[T any] interface {
	kind() kind
	objectID() string
	status() Status
	in(region string) T    // the object with its region, which responses do not contain
	withDefaults(sent T) T // the object with the values that responses can omit until it is ready
	addTo(to *Error)       // adds the object, without its secret, to the objects of an error
}

// kind describes the objects of one kind.
type kind struct {
	noun         string
	path         string // of the list
	codeNotFound string // Civo's code in a 404 for an object that does not exist
}

// Status is the status of a credential or an object store that Civo reports.
type Status string

// The final statuses. Any other status, or none, means that the object is not ready yet.
const (
	StatusReady  Status = "ready"
	StatusFailed Status = "failed"
)

// isFinal reports whether Civo has finished creating the object, successfully or not.
func (s Status) isFinal() bool { return s == StatusReady || s == StatusFailed }

var (
	uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	// idForm accepts UUIDs, which Civo uses as IDs, and other IDs that do not change the path of a request.
	idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
)

// IsUUID reports whether a text has the form of Civo's IDs.
func IsUUID(text string) bool { return uuidForm.MatchString(text) }

// checkID rejects an ID that would change the path of a request, such as ".." or an empty ID.
func (k kind) checkID(id string) error {
	if idForm.MatchString(id) {
		return nil
	}
	return &Error{Kind: KindUnexpected, Reason: fmt.Sprintf("%q is not a valid %s ID", id, k.noun)}
}

func (k kind) pathOf(id string) string { return k.path + "/" + url.PathEscape(id) }

// errorAbout returns an error with the objects that it is about.
func errorAbout[T object[T]](e Error, objects ...T) error {
	for _, o := range objects {
		o.addTo(&e)
	}
	return &e
}

// collections contains the collections of one kind, by region code in the spelling of the caller. The zero value is ready for use.
type collections[T object[T]] struct {
	byRegion   sync.Map // *collection[T]
	readyTimes readyTimes
}

// in returns the collection of a region's objects.
func (cs *collections[T]) in(client *Client, region string) *collection[T] {
	var none T
	created := &collection[T]{client: client, region: region, kind: none.kind(), readyTimes: &cs.readyTimes}
	known, _ := cs.byRegion.LoadOrStore(region, created)
	return known.(*collection[T]) //nolint:forcetypeassert // nothing else is stored
}

// invalidate discards all cached reads of a region, in any spelling of its code.
func (cs *collections[T]) invalidate(region string) {
	cs.byRegion.Range(func(spelling, known any) bool {
		if SameRegion(spelling.(string), region) { //nolint:forcetypeassert // nothing else is stored
			known.(*collection[T]).invalidate() //nolint:forcetypeassert // nothing else is stored
		}
		return true
	})
}

// invalidate discards all cached reads of a region. A write to an object of one kind can change objects of the other: a store contains
// the access key ID of its owner, and Civo creates and deletes owners with their stores.
func (c *Client) invalidate(region string) {
	c.credentials.invalidate(region)
	c.stores.invalidate(region)
}

// get requests one object. A 404 does not prove that the object does not exist (see confirmMissing).
func (c *collection[T]) get(ctx context.Context, id string) (T, error) {
	var none T
	if err := c.kind.checkID(id); err != nil {
		return none, err
	}
	get := call{method: http.MethodGet, path: c.kind.pathOf(id), region: c.region}
	found, err := send[T](ctx, c.client, get)
	if err != nil {
		return none, err
	}
	if found.objectID() != id {
		return none, decodeError(get, http.StatusOK, "the response is not the "+c.kind.noun+" that was requested")
	}
	return found.in(c.region), nil
}

// readPages reads the list page by page. It ends at the first error.
func (c *collection[T]) readPages(ctx context.Context) iter.Seq2[page[T], error] {
	return func(yield func(page[T], error) bool) {
		for page, err := range pages[T](ctx, c.client, c.kind.path, c.region) {
			if err == nil {
				err = c.complete(page.Items.items)
			}
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// complete adds the region, which a list does not contain, and rejects items without a valid ID.
func (c *collection[T]) complete(items []T) error {
	for i, item := range items {
		if !idForm.MatchString(item.objectID()) {
			return &Error{
				Kind: KindUnexpected, Method: http.MethodGet, Path: c.kind.path, Status: http.StatusOK,
				Err: fmt.Errorf("item %d of the list has no valid ID", i+1),
			}
		}
		items[i] = item.in(c.region)
	}
	return nil
}

// newPages returns the list page by page, each object once. It ends at the first error.
func (c *collection[T]) newPages(ctx context.Context) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		list := newSnapshot[T]()
		for page, err := range c.readPages(ctx) {
			known := len(list.items)
			list.add(page.Items.items)
			if !yield(list.items[known:len(list.items):len(list.items)], err) {
				return
			}
		}
	}
}

// list reads the whole list, or only its first page if readAll returns false for the number of pages.
func (c *collection[T]) list(ctx context.Context, readAll func(pages int) bool) (*snapshot[T], error) {
	list := newSnapshot[T]()
	for page, err := range c.readPages(ctx) {
		if err != nil {
			return nil, err
		}
		first := list.pages == 0
		list.add(page.Items.items)
		list.pages = max(list.pages, *page.Pages)
		if first && list.pages > 1 && !readAll(list.pages) {
			return list, nil
		}
	}
	list.complete = true
	return list, nil
}

// listNow reads the whole list.
func (c *collection[T]) listNow(ctx context.Context) (*snapshot[T], error) {
	return c.list(ctx, func(int) bool { return true })
}
