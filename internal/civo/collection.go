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

// Collection reads the records of one type in one region with few requests. Refreshing one record takes one GET. After as many GETs as the
// list has pages, it reads the list, which answers all reads until it expires or the client writes anything.
type Collection[T Record[T]] struct {
	client     *Client
	region     string // as spelled by the caller
	recordType recordType
	readyTimes readyTimes
	lists      singleflight.Group

	mu      sync.Mutex
	gets    int          // GETs since the last list
	pages   int          // of the list; 0: unknown
	last    *snapshot[T] // the last list; nil: none
	expires time.Time    // when last expires
	writes  int64        // number of the client's writes when last was requested
}

// Records returns the collection of a region's records of one type. It sends no request.
func Records[T Record[T]](c *Client, region string) *Collection[T] {
	var none T
	kind := none.recordType()
	collection, _ := c.collections.LoadOrStore(kind.path+" "+region, &Collection[T]{client: c, region: region, recordType: kind})
	return collection.(*Collection[T]) //nolint:forcetypeassert // each path has one type
}

// invalidate discards everything read so far: before and after every write, and when a wait has ended. A write to a record of one type
// can change records of another, since a store contains its owner's access key ID, and Civo creates and deletes owners with stores.
func (c *Client) invalidate() { c.writes.Add(1) }

// cached returns the last list; nil if it can no longer be used. The caller holds the lock.
func (c *Collection[T]) cached() *snapshot[T] {
	if c.writes != c.client.writes.Load() || !time.Now().Before(c.expires) {
		return nil
	}
	return c.last
}

// Get returns one record, read up to Timing.Fresh ago. The error is of KindNotFound only if the record certainly does not exist.
func (c *Collection[T]) Get(ctx context.Context, id string) (found T, err error) {
	for {
		c.mu.Lock()
		list, gets := c.cached(), c.gets
		isGetCheaper := list == nil && gets < max(1, c.pages)
		if isGetCheaper {
			c.gets++
		}
		c.mu.Unlock()
		if list == nil && !isGetCheaper {
			list, err = c.shareList(ctx, gets+1) // the first page has then been paid for, and shows the number of pages
		}
		switch {
		case err != nil:
			return found, err
		case list != nil && list.contains(id):
			return list.byID[id], nil
		case list != nil, isGetCheaper:
			return c.GetCurrent(ctx, id)
		}
	}
}

// All returns all records, without duplicates. The list may have been read up to Timing.Fresh ago.
func (c *Collection[T]) All(ctx context.Context) ([]T, error) {
	list, err := c.shareList(ctx, maxPages)
	if err != nil {
		return nil, err
	}
	return slices.Clone(list.items), nil
}

// shareList reads the list once for all callers that ask at the same time after the same write; nil if it has more than mostPages.
func (c *Collection[T]) shareList(ctx context.Context, mostPages int) (*snapshot[T], error) {
	writes := c.client.writes.Load()
	return share(ctx, &c.lists, fmt.Sprint(writes, mostPages), listTimeout, func(ctx context.Context) (*snapshot[T], error) {
		c.mu.Lock()
		list := c.cached()
		c.mu.Unlock()
		if list != nil { // read since the caller looked
			return list, nil
		}
		list, err := c.readList(ctx, mostPages)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.pages = list.pages
		if list.pages > mostPages {
			return nil, nil
		}
		c.gets, c.last, c.writes, c.expires = 0, list, writes, time.Now().Add(c.client.timing.Fresh)
		return list, nil
	})
}

// GetCurrent is like Get, but requests the record from Civo instead of using an earlier list.
func (c *Collection[T]) GetCurrent(ctx context.Context, id string) (T, error) {
	item, err := c.get(ctx, id)
	if isMissing(err) {
		return c.confirmMissing(ctx, id, err)
	}
	return item, err
}

// GetNew is like GetCurrent for a record that Civo may not have returned yet since its creation. The error is of KindNotFound only if the
// record was missing for Timing.Absence.
func (c *Collection[T]) GetNew(ctx context.Context, id string) (T, error) {
	began := time.Now()
	for look := c.client.newPoller(); ; {
		isLast := time.Since(began) >= c.client.timing.Absence
		found, err := c.look(ctx, id, !isLast)
		if isLast || !Is(err, KindNotFound) {
			return found, err
		}
		if err := look.wait(ctx); err != nil {
			return found, &Error{Kind: KindUnavailable, Err: err, Reason: "the " + c.recordType.noun + " may not be readable yet"}
		}
	}
}

// get requests one record. A 404 does not prove that the record does not exist (see confirmMissing).
func (c *Collection[T]) get(ctx context.Context, id string) (none T, err error) {
	get := c.client.newCall(ctx, http.MethodGet, c.recordType.pathOf(id), c.region)
	found, err := send[T](ctx, c.client, get)
	if err != nil {
		return none, err
	}
	if found.Ref().ID != id {
		return none, decodeError(get, http.StatusOK, "the response is not the "+c.recordType.noun+" that was requested")
	}
	return found.withRegion(c.region), nil
}

// confirmMissing decides what a 404 for one record means, which alone proves nothing: the list must not contain the record either. A list
// of several pages can miss a record that moved to another page, so there the 404 must carry Civo's own code, or two readings must agree.
func (c *Collection[T]) confirmMissing(ctx context.Context, id string, notFound error) (none T, err error) {
	list, err := c.shareList(ctx, maxPages)
	if err == nil && (list.contains(id) || !list.isOneResponse() && !isExplicitlyMissing(notFound, c.recordType.codeNotFound)) {
		// The list is older than the 404, or proves too little.
		list, err = c.settled(ctx, func(list *snapshot[T]) bool { return list.contains(id) })
	}
	if err != nil {
		return none, err
	}
	if item, ok := list.byID[id]; ok {
		return item, nil
	}
	return none, &Error{Kind: KindNotFound, Reason: fmt.Sprintf("no %s in %s has the ID %q", c.recordType.noun, c.region, id)}
}

const maxReadings = 8 // of a list, until two readings agree

// errUnsettled is the error for a list of which no two readings agree.
var errUnsettled = errors.New("the list changed each time it was read, so its contents are unclear")

// settled reads the list until it contains what the caller looks for, is one response, or is the same in two consecutive readings.
func (c *Collection[T]) settled(ctx context.Context, found func(*snapshot[T]) bool) (*snapshot[T], error) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	sameID := func(T, T) bool { return true }
	var last *snapshot[T]
	for range maxReadings {
		list, err := c.readList(ctx, maxPages)
		if err != nil || found(list) || list.isOneResponse() || last != nil && maps.EqualFunc(list.byID, last.byID, sameID) {
			return list, err
		}
		last = list
	}
	return nil, &Error{Kind: KindUnavailable, Err: errUnsettled}
}

// share runs a function once for all callers that use the key at the same time. The run continues when a caller gives up.
func share[T any](
	ctx context.Context, group *singleflight.Group, key string, timeout time.Duration, run func(context.Context) (T, error),
) (value T, err error) {
	results := group.DoChan(key, func() (any, error) {
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
