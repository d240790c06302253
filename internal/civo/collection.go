// Reads of one region: single GETs, or one list that many reads and concurrent callers share.

package civo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Collection contains the objects of one type in one region. It reads them with few requests: refreshing one object takes one GET. After
// as many GETs as the list has pages, it reads the list instead. The list answers all reads until it expires or the client writes
// something. A Collection never returns anything that it read before a write of its client.
type Collection[T Object[T]] struct {
	client     *Client
	region     string // as spelled by the caller
	objectType objectType
	readyTimes readyTimes
	lists      sharing[*snapshot[T]]

	mu      sync.Mutex
	gets    int          // GETs since the last complete list
	pages   int          // of the last list; 0: unknown
	current *snapshot[T] // the last list; nil: none
	expires time.Time    // when current expires
	writes  int64        // number of the client's writes when current was requested
}

// Records returns the collection of a region's objects of one type. It sends no request.
func Records[T Object[T]](c *Client, region string) *Collection[T] {
	var none T
	kind := none.objectType()
	collection := c.collections.get(kind.path+" "+region, func() any { return &Collection[T]{client: c, region: region, objectType: kind} })
	return collection.(*Collection[T]) //nolint:forcetypeassert // each path has one type
}

// invalidate discards everything read so far. It is called before and after every write, and when a wait has ended. A write to an
// object of one type can change objects of the other: a store contains the access key ID of its owner, and Civo creates and deletes
// owners with their stores.
func (c *Client) invalidate() { c.writes.Add(1) }

// usable returns the current list if it may still be used. Unless the whole list is wanted, it may be the first page only, as long as
// the rest costs more than the GETs that were sent so far.
func (c *Collection[T]) usable(whole bool) *snapshot[T] {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.current
	if list == nil || c.writes != c.client.writes.Load() || !time.Now().Before(c.expires) || !list.complete && (whole || c.gets >= list.pages) {
		return nil
	}
	return list
}

// Get returns one object, which may have been read up to Timing.Fresh ago. The error is of KindNotFound only if the object certainly does
// not exist: Civo responds with a 404, and a list of the region does not contain the ID. The list also shows that the token is valid.
func (c *Collection[T]) Get(ctx context.Context, id string) (T, error) {
	list, err := c.cheaperList(ctx, id)
	if err != nil {
		var none T
		return none, err
	}
	if list != nil && list.contains(id) {
		return list.byID[id], nil
	}
	return c.GetCurrent(ctx, id)
}

// cheaperList returns a list that contains the object, or the complete list, if that takes fewer requests than a GET for each object.
// Otherwise, it counts the GET and returns nil.
func (c *Collection[T]) cheaperList(ctx context.Context, id string) (*snapshot[T], error) {
	for list := c.usable(false); ; {
		if list != nil && (list.complete || list.contains(id)) {
			return list, nil
		}
		if c.countGet() {
			return nil, nil //nolint:nilnil // a GET is cheaper
		}
		var err error
		if list, err = c.shareList(ctx, false); err != nil {
			return nil, err
		}
	}
}

// countGet reports whether another GET costs less than the list. If so, it counts the GET.
func (c *Collection[T]) countGet() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	cheaper := c.gets < max(1, c.pages)
	if cheaper {
		c.gets++
	}
	return cheaper
}

// All returns all objects, without duplicates. The list may have been read up to Timing.Fresh ago.
func (c *Collection[T]) All(ctx context.Context) ([]T, error) {
	list, err := c.shareList(ctx, true)
	if err != nil {
		return nil, err
	}
	return slices.Clone(list.items), nil
}

// shareList reads the list once for all callers that ask at the same time and after the same write. If whole is false and the
// list has more pages than the GETs sent so far, it reads only the first page.
func (c *Collection[T]) shareList(ctx context.Context, whole bool) (*snapshot[T], error) {
	writes := c.client.writes.Load()
	return c.lists.do(ctx, fmt.Sprint(writes, whole), listTimeout, func(ctx context.Context) (*snapshot[T], error) {
		if list := c.usable(whole); list != nil { // read since the caller looked
			return list, nil
		}
		first, complete := true, true
		list, err := c.readPages(ctx, func(list *snapshot[T]) bool {
			if first { // decides once, because the number of GETs grows meanwhile
				c.mu.Lock()
				defer c.mu.Unlock()
				c.pages = list.pages
				first, complete = false, whole || c.gets >= c.pages
			}
			return complete
		})
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		list.complete = complete
		if complete {
			c.gets = 0
		}
		c.pages, c.current, c.writes, c.expires = list.pages, list, writes, time.Now().Add(c.client.timing.Fresh)
		return list, nil
	})
}

// GetCurrent is like Get, but requests the object from Civo instead of using an earlier list.
func (c *Collection[T]) GetCurrent(ctx context.Context, id string) (T, error) {
	item, err := c.get(ctx, id)
	if isInconclusive404(err) {
		return c.confirmMissing(ctx, id, err)
	}
	return item, err
}

// get requests one object. A 404 does not prove that the object does not exist (see confirmMissing).
func (c *Collection[T]) get(ctx context.Context, id string) (T, error) {
	var none T
	get := c.client.newCall(ctx, http.MethodGet, c.objectType.pathOf(id), c.region)
	found, err := send[T](ctx, c.client, get)
	if err != nil {
		return none, err
	}
	if found.Ref().ID != id {
		return none, decodeError(get, http.StatusOK, "the response is not the "+c.objectType.noun+" that was requested")
	}
	return found.in(c.region), nil
}

// confirmMissing decides what a 404 for one object means, which alone proves nothing: the list must not contain the object
// either. A list of several pages can miss an object that moved from one page to another, so there the 404 must carry
// Civo's own code, or two readings of the list must agree.
func (c *Collection[T]) confirmMissing(ctx context.Context, id string, notFound error) (T, error) {
	var none T
	list, err := c.shareList(ctx, true)
	if err == nil && (list.contains(id) || !list.isOneResponse() && !isExplicit404(notFound, c.objectType.codeNotFound)) {
		// The list is older than the 404, or proves too little.
		list, err = c.settled(ctx, func(list *snapshot[T]) bool { return list.contains(id) })
	}
	if err != nil {
		return none, err
	}
	if item, ok := list.byID[id]; ok {
		return item, nil
	}
	return none, &Error{Kind: KindNotFound, Reason: fmt.Sprintf("no %s in %s has the ID %q", c.objectType.noun, c.region, id)}
}

// maxReadings is the maximum number of times that a list is read until two readings agree.
const maxReadings = 8

// errUnsettled is the error for a list of which no two readings agree.
var errUnsettled = errors.New("the list changed each time it was read, so its contents are unclear")

// settled returns the list as it is now, read until it contains what the caller looks for, or until two consecutive readings
// contain the same objects. A list that is a single response is read once.
func (c *Collection[T]) settled(ctx context.Context, found func(*snapshot[T]) bool) (*snapshot[T], error) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	sameID := func(T, T) bool { return true }
	var last *snapshot[T]
	for range maxReadings {
		list, err := c.listNow(ctx)
		if err != nil || found(list) || list.isOneResponse() || last != nil && maps.EqualFunc(list.byID, last.byID, sameID) {
			return list, err
		}
		last = list
	}
	return nil, &Error{Kind: KindUnavailable, Err: errUnsettled}
}

// table contains values by key. The zero value is ready for use.
type table[V any] struct{ values sync.Map }

// get returns the value of a key. If there is none, it creates one. Concurrent calls may each call create, but return the same value.
func (t *table[V]) get(key string, create func() V) V {
	value, ok := t.values.Load(key)
	if !ok {
		value, _ = t.values.LoadOrStore(key, create())
	}
	return value.(V) //nolint:forcetypeassert // the table contains nothing else
}

// sharing runs a function once for all callers that ask for the same thing at the same time. The zero value is ready for use.
type sharing[T any] struct{ group singleflight.Group }

// do runs a function, or waits for the run with the same key that is in progress, and returns its result. The run lasts for at
// most the timeout. It continues when a caller gives up, for the others and for those that come later.
func (s *sharing[T]) do(ctx context.Context, key string, timeout time.Duration, run func(context.Context) (T, error)) (value T, err error) {
	results := s.group.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
		defer cancel()
		return run(ctx)
	})
	select {
	case result := <-results:
		value, _ = result.Val.(T)
		return value, result.Err
	case <-ctx.Done():
		return value, &Error{Kind: KindUnavailable, Err: ctx.Err(), Reason: "Civo has not responded yet"}
	}
}
