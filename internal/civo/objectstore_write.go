// Creating, resizing and deleting object stores.

package civo

import (
	"context"
	"fmt"
)

// ObjectStoreCreateOpts describes an object store to create.
type ObjectStoreCreateOpts struct {
	Name      string
	Region    string
	MaxSizeGB int // a multiple of 500
	// OwnerAccessKeyID is the access key ID of the credential that owns the store. If it is empty, Civo creates a credential for the
	// store, and deletes it with the store.
	OwnerAccessKeyID string
}

// Draft returns the store as it is known before Civo responds: without an ID.
func (n ObjectStoreCreateOpts) Draft() ObjectStore {
	return ObjectStore{Name: n.Name, Region: n.Region, MaxSizeGB: n.MaxSizeGB, Owner: StoreOwner{AccessKeyID: n.OwnerAccessKeyID}}
}

func checkSize(gb int) error {
	if gb > 0 {
		return nil
	}
	return &Error{Kind: KindRefused, Reason: fmt.Sprintf("%d GB is not a valid size for an object store", gb)}
}

// CreateObjectStore creates an object store. It returns as soon as Civo accepts the request, not when the store is ready (see
// WaitObjectStoreReady).
//
// It creates at most one store. It first checks that no store in the region has the name, with a list that many calls share and that is
// up to Timing.Fresh old. If the response is lost, it adopts a store that now has the name and the owner from the request. If there is
// none, it sends the request again. If the outcome remains unknown, the error satisfies IsUncertain.
//
// The error is of KindNameTaken if the name is taken by the store in the error or, if there is none, by another customer. It is of
// KindNoOwner if no credential in the region has the owner's access key ID.
func (c *Client) CreateObjectStore(ctx context.Context, wanted ObjectStoreCreateOpts) (ObjectStore, error) {
	if err := checkSize(wanted.MaxSizeGB); err != nil {
		return ObjectStore{}, err
	}
	names := c.namesOf(wanted.Region)
	release, err := names.reserve(ctx, wanted.Name)
	if err != nil {
		return ObjectStore{}, err
	}
	defer release()
	if err := c.checkNameFree(ctx, wanted.Region, wanted.Name); err != nil {
		return ObjectStore{}, err
	}
	created, err := c.storesOf(wanted.Region).create(ctx, wanted.Draft(), wanted.compare)
	if err == nil {
		names.add(created)
	}
	return created, err
}

// compare reports whether a store has the wanted name and owner. The name was free before the POST.
func (n ObjectStoreCreateOpts) compare(s ObjectStore) match {
	switch {
	case s.Name != n.Name:
		return different
	case n.OwnerAccessKeyID == "", s.Owner.AccessKeyID == n.OwnerAccessKeyID:
		return same
	case s.Owner.AccessKeyID == "":
		return unclear
	}
	return different
}

// WaitObjectStoreReady waits until a store is ready. It always returns the latest known store. The error is of KindFailed if the status
// is "failed", and IsInterrupted or IsTimeout if the context ends first.
func (c *Client) WaitObjectStoreReady(ctx context.Context, store ObjectStore) (ObjectStore, error) {
	return c.storesOf(store.Region).waitReady(ctx, store)
}

// ResizeObjectStore changes the maximum size of a store in place. If the response is lost, it reads the size before it sends the request
// again. If it cannot read the size, the error satisfies IsUncertain. The error is of KindNotFound only if the store certainly does not
// exist.
func (c *Client) ResizeObjectStore(ctx context.Context, store ObjectStore, maxSizeGB int) (ObjectStore, error) {
	if err := checkSize(maxSizeGB); err != nil {
		return ObjectStore{}, err
	}
	store.MaxSizeGB = maxSizeGB
	return c.storesOf(store.Region).update(ctx, store, func(found ObjectStore) bool { return found.MaxSizeGB == maxSizeGB })
}

// DeleteObjectStore deletes a store with all of its objects. It returns when the store no longer exists, so that its name can be reused
// and the credential that owned it can be deleted. It returns nil if the store does not exist.
func (c *Client) DeleteObjectStore(ctx context.Context, store ObjectStore) error {
	stores := c.storesOf(store.Region)
	if err := stores.kind.checkID(store.ID); err != nil {
		return err
	}
	defer c.invalidate() // the credential that Civo created with the store no longer exists either
	isRefusal := func(err error) bool { return isRefusedDeletion(err) && !isCivos5xx(err) }
	err := stores.delete(ctx, store, isRefusal)
	if err == nil {
		c.namesOf(store.Region).ids.CompareAndDelete(store.Name, store.ID)
	}
	return err
}
