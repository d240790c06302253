// Reads of one region: single GETs, or one list that answers many reads.

package civo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"
)

// collection reads the objects of one kind in one region with few requests. Refreshing one object is a GET. Once as many
// GETs were sent as a list has pages, the list is read instead, and answers every read until it expires or something is
// written. Nothing is returned that was read before a write of this client.
type collection[T object[T]] struct {
	client     *Client
	region     string // as spelled by the caller
	kind       kind
	readyTimes *readyTimes // shared by all regions
	lists      sharing[*snapshot[T]]

	mu         sync.Mutex
	generation int          // number of writes begun or ended
	gets       int          // GETs since the last complete list
	pages      int          // of the last list; 0: unknown
	current    *snapshot[T] // nil: none that may be used
}

// snapshot is a list as it was read.
type snapshot[T object[T]] struct {
	items    []T
	byID     map[string]T
	pages    int // the most that the list claimed to have while it was read
	complete bool
	expires  time.Time
}

func newSnapshot[T object[T]]() *snapshot[T] { return &snapshot[T]{byID: map[string]T{}} }

// isOneAnswer reports whether the list is a single response, so that nothing can have moved while it was read.
func (s *snapshot[T]) isOneAnswer() bool { return s.pages <= 1 }

func (s *snapshot[T]) add(items []T) {
	for _, item := range items {
		// A list that grows while it is read can contain an object twice.
		if _, twice := s.byID[item.objectID()]; !twice {
			s.byID[item.objectID()] = item
			s.items = append(s.items, item)
		}
	}
}

func (s *snapshot[T]) contains(id string) bool {
	_, ok := s.byID[id]
	return ok
}

// sameObjects reports whether two lists contain the same objects, whatever their order.
func (s *snapshot[T]) sameObjects(other *snapshot[T]) bool {
	return maps.EqualFunc(s.byID, other.byID, func(T, T) bool { return true })
}

// invalidate discards everything read so far. It is called before and after every write, and when a wait has ended.
func (c *collection[T]) invalidate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	c.current = nil
}

// usable returns the current list if it may still be used. The caller holds the lock.
func (c *collection[T]) usable() *snapshot[T] {
	if c.current != nil && time.Now().Before(c.current.expires) {
		return c.current
	}
	return nil
}

// read returns one object, which may have been read up to Timing.Fresh ago. The error is of KindNotFound only if the object certainly
// does not exist.
func (c *collection[T]) read(ctx context.Context, id string) (T, error) {
	item, ok, err := c.readFromList(ctx, id)
	if ok || err != nil {
		return item, err
	}
	return c.readNow(ctx, id)
}

// readNow returns one object as it is now.
func (c *collection[T]) readNow(ctx context.Context, id string) (T, error) {
	item, err := c.get(ctx, id)
	if isInconclusive404(err) {
		return c.confirmMissing(ctx, id, err)
	}
	return item, err
}

// readFromList returns an object from the list if the list can be used or is worth reading; ok is false if it is not, or
// does not contain the object.
func (c *collection[T]) readFromList(ctx context.Context, id string) (item T, ok bool, err error) {
	for {
		item, ok, decided := c.readFromCurrent(id)
		if decided {
			return item, ok, nil
		}
		list, err := c.shareList(ctx, false)
		if err != nil {
			return item, false, err
		}
		if item, ok = list.byID[id]; ok || list.complete {
			return item, ok, nil
		}
	}
}

// readFromCurrent decides without a request whether an object is read from the current list or with a GET, which it counts.
// It is undecided if another list is worth reading.
func (c *collection[T]) readFromCurrent(id string) (item T, ok, decided bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.usable()
	if list != nil {
		item, ok = list.byID[id]
	}
	switch {
	case ok, list != nil && list.complete:
		return item, ok, true
	case c.gets < max(1, c.pages):
		c.gets++
		return item, false, true
	}
	return item, false, false
}

// all returns the complete list, which may have been read up to Timing.Fresh ago.
func (c *collection[T]) all(ctx context.Context) (*snapshot[T], error) {
	if list := c.latest(true); list != nil {
		return list, nil
	}
	return c.shareList(ctx, true)
}

// latest returns the current list if it serves a reader that wants the whole list, or as much of it as is worth reading.
func (c *collection[T]) latest(whole bool) *snapshot[T] {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.usable()
	if list == nil || !list.complete && (whole || c.gets >= list.pages) {
		return nil
	}
	return list
}

// shareList reads the list once for all that ask at the same time and after the same write. Unless the whole list is
// wanted, it reads no more than the first page where the rest costs more than the GETs that were sent so far.
func (c *collection[T]) shareList(ctx context.Context, whole bool) (*snapshot[T], error) {
	c.mu.Lock()
	generation := c.generation
	c.mu.Unlock()
	key := strconv.Itoa(generation)
	if whole {
		key += " whole"
	}
	return c.lists.do(ctx, key, c.client.timing.List, func(ctx context.Context) (*snapshot[T], error) {
		if list := c.latest(whole); list != nil { // read since the caller looked
			return list, nil
		}
		list, err := c.list(ctx, func(pages int) bool { return whole || c.isWorthListing(pages) })
		if err == nil {
			c.keep(list, generation)
		}
		return list, err
	})
}

func (c *collection[T]) isWorthListing(pages int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gets >= pages
}

// keep lets a list answer later reads, unless something was written since it was requested.
func (c *collection[T]) keep(list *snapshot[T], generation int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pages = list.pages
	if list.complete {
		c.gets = 0
	}
	if generation == c.generation {
		list.expires = time.Now().Add(c.client.timing.Fresh)
		c.current = list
	}
}

// confirmMissing decides what a 404 for one object means, which alone proves nothing: the list must not contain the object
// either. A list of several pages can miss an object that moved from one page to another, so there the 404 must carry
// Civo's own code, or two readings of the list must agree.
func (c *collection[T]) confirmMissing(ctx context.Context, id string, notFound error) (T, error) {
	var none T
	list, err := c.all(ctx)
	if err == nil && (list.contains(id) || !list.isOneAnswer() && !isExplicit404(notFound, c.kind.codeNotFound)) {
		// The list is older than the 404, or proves too little.
		list, err = c.settled(ctx, func(list *snapshot[T]) bool { return list.contains(id) })
	}
	if err != nil {
		return none, err
	}
	if item, ok := list.byID[id]; ok {
		return item, nil
	}
	return none, &Error{Kind: KindNotFound, Reason: fmt.Sprintf("no %s in %s has the ID %q", c.kind.noun, c.region, id)}
}

// maxReadings is the maximum number of times that a list is read until two readings agree.
const maxReadings = 8

// errUnsettled is the error for a list of which no two readings agree.
var errUnsettled = errors.New("the list changed each time it was read, so its contents are unclear")

// settled returns the list as it is now, read until it contains what the caller looks for, or until two consecutive readings
// contain the same objects. A list that is a single response is read once.
func (c *collection[T]) settled(ctx context.Context, found func(*snapshot[T]) bool) (*snapshot[T], error) {
	ctx, cancel := context.WithTimeout(ctx, c.client.timing.List)
	defer cancel()
	var last *snapshot[T]
	for range maxReadings {
		list, err := c.listNow(ctx)
		if err != nil || list.isOneAnswer() || found(list) || last != nil && list.sameObjects(last) {
			return list, err
		}
		last = list
	}
	return nil, &Error{Kind: KindUnavailable, Err: errUnsettled}
}

// isGone reports whether an object whose deletion Civo accepted no longer exists. Here, a 404 with Civo's own code is enough.
func (c *collection[T]) isGone(ctx context.Context, id string) (bool, error) {
	_, err := c.get(ctx, id)
	if isExplicit404(err, c.kind.codeNotFound) {
		return true, nil
	}
	if isInconclusive404(err) {
		_, err = c.confirmMissing(ctx, id, err)
	}
	if Is(err, KindNotFound) {
		return true, nil
	}
	return false, err
}
