// Which names of object stores are taken, as known before a store is created. Unlike a credential, a store has no key of its own that
// identifies it after a lost response. So its name must be free before the first POST: then a store that has it later is the one.

package civo

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// storeNames remembers the object stores of one region by their names: those that a list contained, and those that this client
// created since. Unlike a collection, it outlives the client's own writes, so that creating many stores takes one list.
type storeNames struct {
	requests sharing[struct{}]

	mu       sync.Mutex
	stores   map[string]ObjectStore   // by name
	until    time.Time                // when the list expires
	creating map[string]chan struct{} // by name; closed when the creation has ended
}

// namesOf returns the names of a region's stores, the same for every spelling of its code.
func (c *Client) namesOf(region string) *storeNames {
	created := &storeNames{stores: map[string]ObjectStore{}, creating: map[string]chan struct{}{}}
	known, _ := c.storeNames.LoadOrStore(strings.ToLower(region), created)
	return known.(*storeNames) //nolint:forcetypeassert // nothing else is stored
}

// reserve waits until no other call creates a store with the name, so that no two calls mistake one store for theirs. The caller
// must call release.
func (n *storeNames) reserve(ctx context.Context, name string) (release func(), err error) {
	for {
		n.mu.Lock()
		other, taken := n.creating[name]
		if !taken {
			mine := make(chan struct{})
			n.creating[name] = mine
			n.mu.Unlock()
			return func() {
				n.mu.Lock()
				defer n.mu.Unlock()
				delete(n.creating, name)
				close(mine)
			}, nil
		}
		n.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, &Error{Kind: KindUnavailable, Err: ctx.Err(), Reason: "another object store with the same name is still being created"}
		}
	}
}

// find returns the store that has a name, if one is known.
func (n *storeNames) find(name string) (ObjectStore, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	store, ok := n.stores[name]
	return store, ok
}

// isListed reports whether a store that existed Timing.Fresh ago is known.
func (n *storeNames) isListed() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Now().Before(n.until)
}

// add adds stores that exist.
func (n *storeNames) add(stores ...ObjectStore) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, store := range stores {
		n.stores[store.Name] = store
	}
}

// forget removes a store that no longer exists.
func (n *storeNames) forget(gone ObjectStore) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.stores[gone.Name].ID == gone.ID {
		delete(n.stores, gone.Name)
	}
}

// expireAt sets when another list is required.
func (n *storeNames) expireAt(until time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.until = until
}

// checkNameFree returns an error for which IsNameTaken holds, with the store, if a store of the region has the name. It returns any
// other error if that cannot be found out.
func (c *Client) checkNameFree(ctx context.Context, region, name string) error {
	names := c.namesOf(region)
	for {
		known, ok := names.find(name)
		switch {
		case ok:
			current, err := c.CurrentObjectStore(ctx, region, known.ID)
			if err == nil {
				return errorAbout(Error{Kind: KindNameTaken, Reason: fmt.Sprintf("an object store in %s has the name %q", region, name)}, current)
			}
			if !IsNotFound(err) {
				return err
			}
			names.forget(known) // it was deleted elsewhere, and may have been replaced
			names.expireAt(time.Time{})
		case names.isListed():
			return nil
		default:
			if err := c.listNames(ctx, region); err != nil {
				return err
			}
		}
	}
}

// listNames reads the list of a region, once for all callers that need it at the same time.
func (c *Client) listNames(ctx context.Context, region string) error {
	names := c.namesOf(region)
	_, err := names.requests.do(ctx, "", c.timing.List, func(ctx context.Context) (struct{}, error) {
		if names.isListed() { // since the caller looked
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
		names.expireAt(began.Add(c.timing.Fresh))
		return struct{}{}, nil
	})
	return err
}
