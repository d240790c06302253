// Checking that the name of an object store is free. Unlike a credential, a store has no keys that identify it after a lost response. Its
// name must therefore be free before the first POST. If a store has the name afterwards, the POST created it.

package civo

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// storeNames contains the names of the stores in one region: those in the latest list, and those of stores that this client created
// since. Unlike a collection, the client's own writes do not invalidate it, so that creating many stores with an owner takes one list.
// The zero value is ready for use.
type storeNames struct {
	ids      sync.Map                  // by name
	turns    table[chan struct{}]      // by name: contains an element while a call creates a store
	listed   atomic.Pointer[time.Time] // when the latest list was requested; nil: never
	requests sharing[struct{}]
}

// namesOf returns the names of the stores in a region. All spellings of a region code share the same names.
func (c *Client) namesOf(region string) *storeNames {
	return c.storeNames.get(strings.ToLower(region), func() *storeNames { return &storeNames{} })
}

// reserve waits until no other call creates a store with the name, so that two calls cannot adopt the same store.
func (n *storeNames) reserve(ctx context.Context, name string) (release func(), err error) {
	turn := n.turns.get(name, func() chan struct{} { return make(chan struct{}, 1) })
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, &Error{Kind: KindUnavailable, Err: ctx.Err(), Reason: "another object store with the same name is still being created"}
	}
}

func (n *storeNames) add(stores ...ObjectStore) {
	for _, store := range stores {
		n.ids.Store(store.Name, store.ID)
	}
}

// checkNameFree returns an error of KindNameTaken that contains the store if a store in the region has the wanted name. It returns another
// error if it cannot determine whether the name is free. It uses a list that is up to Timing.Fresh old. If the wanted store has no owner,
// it requests a new list. Only the name then identifies the store after a lost response, so the list must show the stores of other clients.
func (c *Client) checkNameFree(ctx context.Context, wanted ObjectStore) error {
	region, name := wanted.Region, wanted.Name
	names := c.namesOf(region)
	list := c.listNames
	if wanted.Owner.AccessKeyID == "" {
		list = c.listNamesNow // not shared: a request in progress may have started before this call
	}
	for {
		if err := list(ctx, region); err != nil {
			return err
		}
		known, ok := names.ids.Load(name)
		if !ok {
			return nil
		}
		id, _ := known.(string)
		taken, err := c.ObjectStores(region).GetCurrent(ctx, id)
		switch {
		case err == nil:
			return &Error{Kind: KindNameTaken, Conflict: new(taken.Ref()), Reason: fmt.Sprintf("an object store in %s has the name %q", region, name)}
		case !Is(err, KindNotFound):
			return err
		}
		names.ids.CompareAndDelete(name, known)
		names.listed.Store(nil) // another client deleted the store, and may have replaced it
	}
}

// listNames reads the list of a region unless it is recent. Concurrent callers share one request.
func (c *Client) listNames(ctx context.Context, region string) error {
	names := c.namesOf(region)
	isRecent := func() bool {
		listed := names.listed.Load()
		return listed != nil && time.Since(*listed) < c.timing.Fresh
	}
	if isRecent() {
		return nil
	}
	_, err := names.requests.do(ctx, "", listTimeout, func(ctx context.Context) (struct{}, error) {
		if isRecent() { // another caller has read it in the meantime
			return struct{}{}, nil
		}
		return struct{}{}, c.listNamesNow(ctx, region)
	})
	return err
}

// listNamesNow reads the list of a region.
func (c *Client) listNamesNow(ctx context.Context, region string) error {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	names := c.namesOf(region)
	began := time.Now()
	for range 2 { // a store that moves to another page can be missing from one reading
		list, err := c.ObjectStores(region).readList(ctx, maxPages)
		if err != nil {
			return err
		}
		names.add(list.items...)
		if list.isOneAnswer() {
			break
		}
	}
	names.listed.Store(&began)
	return nil
}
