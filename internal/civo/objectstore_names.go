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
// since. Unlike a collection, it is not invalidated by the client's own writes, so that creating many stores with an owner takes one list.
// The zero value is ready for use.
type storeNames struct {
	ids      sync.Map     // by name
	turns    sync.Map     // by name: a channel that contains an element while a call creates a store
	listed   atomic.Int64 // when the latest list was requested, in Unix nanoseconds; 0 if never
	requests sharing[struct{}]
}

// namesOf returns the names of the stores in a region. All spellings of a region code share the same names.
func (c *Client) namesOf(region string) *storeNames {
	known, _ := c.storeNames.LoadOrStore(strings.ToLower(region), &storeNames{})
	return known.(*storeNames) //nolint:forcetypeassert // nothing else is stored
}

// reserve waits until no other call creates a store with the name, so that two calls cannot adopt the same store.
func (n *storeNames) reserve(ctx context.Context, name string) (release func(), err error) {
	known, _ := n.turns.LoadOrStore(name, make(chan struct{}, 1))
	turn := known.(chan struct{}) //nolint:forcetypeassert // nothing else is stored
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

// forget removes a store that no longer exists.
func (n *storeNames) forget(deleted ObjectStore) { n.ids.CompareAndDelete(deleted.Name, deleted.ID) }

// checkNameFree returns an error of KindNameTaken and contains the store, if a store in the region has the wanted name. It
// returns another error if it cannot determine that. It uses a list that is up to Timing.Fresh old, or a new list if the wanted store has
// no owner: only the name then identifies the store after a lost response, so another client must not have created it since the list.
func (c *Client) checkNameFree(ctx context.Context, wanted ObjectStoreCreateOpts) error {
	region, name := wanted.Region, wanted.Name
	names := c.namesOf(region)
	list := c.listNames
	if wanted.OwnerAccessKeyID == "" {
		list = c.listNamesNow // not shared, because a request in progress can have been sent before this call
	}
	for {
		if err := list(ctx, region); err != nil {
			return err
		}
		id, ok := names.ids.Load(name)
		if !ok {
			return nil
		}
		known, err := c.CurrentObjectStore(ctx, region, id.(string)) //nolint:forcetypeassert // nothing else is stored
		switch {
		case err == nil:
			return errorAbout(Error{Kind: KindNameTaken, Reason: fmt.Sprintf("an object store in %s has the name %q", region, name)}, known)
		case !Is(err, KindNotFound):
			return err
		}
		names.ids.CompareAndDelete(name, id)
		names.listed.Store(0) // another client deleted the store, and may have replaced it
	}
}

// listNames reads the list of a region unless it is recent. Concurrent callers share one request.
func (c *Client) listNames(ctx context.Context, region string) error {
	names := c.namesOf(region)
	isRecent := func() bool { return time.Since(time.Unix(0, names.listed.Load())) < c.timing.Fresh }
	if isRecent() {
		return nil
	}
	_, err := names.requests.do(ctx, "", c.timing.List, func(ctx context.Context) (struct{}, error) {
		if isRecent() { // another caller has read it in the meantime
			return struct{}{}, nil
		}
		return struct{}{}, c.listNamesNow(ctx, region)
	})
	return err
}

// listNamesNow reads the list of a region.
func (c *Client) listNamesNow(ctx context.Context, region string) error {
	ctx, cancel := context.WithTimeout(ctx, c.timing.List)
	defer cancel()
	names := c.namesOf(region)
	began := time.Now()
	for range 2 { // a store that moves to another page can be missing from one reading
		list, err := c.storesOf(region).listNow(ctx)
		if err != nil {
			return err
		}
		names.add(list.items...)
		if list.isOneAnswer() {
			break
		}
	}
	names.listed.Store(began.UnixNano())
	return nil
}
