// Which names of object stores are taken. Unlike a credential, a store has no key of its own that identifies it after a lost response.
// So its name must be free before the first POST: a store that has it afterwards is the one.

package civo

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// storeNames remembers the stores of one region: those that a list contained, and those that this client created since. Unlike a
// collection, it outlives the client's own writes, so that creating many stores takes one list. The zero value is ready for use.
type storeNames struct {
	ids      sync.Map     // by name
	turns    sync.Map     // by name: a channel that a call fills while it creates a store
	listed   atomic.Int64 // when the latest list was requested, in Unix nanoseconds; 0: never
	requests sharing[struct{}]
}

// namesOf returns the names of a region's stores, the same for every spelling of its code.
func (c *Client) namesOf(region string) *storeNames {
	known, _ := c.storeNames.LoadOrStore(strings.ToLower(region), &storeNames{})
	return known.(*storeNames) //nolint:forcetypeassert // nothing else is stored
}

// reserve waits until no other call creates a store with the name, so that no two calls take one store for theirs.
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
func (n *storeNames) forget(gone ObjectStore) { n.ids.CompareAndDelete(gone.Name, gone.ID) }

// checkNameFree returns an error for which IsNameTaken holds, with the store, if a store of the region has the name. It returns any
// other error if that cannot be found out. It uses a list that is up to Timing.Fresh old.
func (c *Client) checkNameFree(ctx context.Context, region, name string) error {
	names := c.namesOf(region)
	for {
		if err := c.listNames(ctx, region); err != nil {
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
		case !IsNotFound(err):
			return err
		}
		names.ids.CompareAndDelete(name, id)
		names.listed.Store(0) // it was deleted elsewhere, and may have been replaced
	}
}

// listNames reads the list of a region unless that is recent, once for all callers that need it at the same time.
func (c *Client) listNames(ctx context.Context, region string) error {
	names := c.namesOf(region)
	isRecent := func() bool { return time.Since(time.Unix(0, names.listed.Load())) < c.timing.Fresh }
	if isRecent() {
		return nil
	}
	_, err := names.requests.do(ctx, "", c.timing.List, func(ctx context.Context) (struct{}, error) {
		if isRecent() { // since the caller looked
			return struct{}{}, nil
		}
		began := time.Now()
		for range 2 { // a store that moves to another page can be missing from one reading
			list, err := c.storesOf(region).listNow(ctx)
			if err != nil {
				return struct{}{}, err
			}
			names.add(list.items...)
			if list.isOneAnswer() {
				break
			}
		}
		names.listed.Store(began.UnixNano())
		return struct{}{}, nil
	})
	return err
}
