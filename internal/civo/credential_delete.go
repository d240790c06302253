// Deleting credentials, and determining why Civo rejects a deletion.

package civo

import (
	"context"
	"fmt"
	"slices"
)

// DeleteCredential deletes a credential and returns when it no longer exists, so that its name can be reused. It returns nil if
// the credential does not exist.
//
// Civo does not delete a credential that owns object stores. While all of these are being deleted, DeleteCredential keeps trying until
// the context's deadline. Otherwise, the error is of KindInUse and contains the stores.
func (c *Client) DeleteCredential(ctx context.Context, credential Credential) error {
	credentials := c.credentialsOf(credential.Region)
	if err := credentials.kind.checkID(credential.ID); err != nil {
		return err
	}
	var leaving []ObjectStore // the stores that the deletion waits for
	unexplained := 0          // rejections although the credential owns no store
	for look := c.newPoller(nil); ; {
		refused := credentials.delete(ctx, credential, isRefusedDeletion)
		if refused == nil || !isRefusedDeletion(refused) {
			return waitedFor(ctx, leaving, refused)
		}
		stores, err := c.explainRefusal(ctx, credential, refused)
		if err == nil {
			leaving = stores
		} else {
			// A store that was deleted between the rejection and the list explains the rejection too: try again.
			unexplained++
			if Is(err, KindInUse) || Is(err, KindUnauthorized) || unexplained > c.mostUnexplained(refused) {
				return err
			}
		}
		if waitErr := look.wait(ctx); waitErr != nil {
			if err != nil {
				waitErr = fmt.Errorf("%w; %w", err, waitErr)
			}
			return waitedFor(ctx, leaving, waitErr)
		}
	}
}

// waitedFor adds the stores that a deletion waited for to an error that ended it.
func waitedFor(ctx context.Context, leaving []ObjectStore, err error) error {
	if err == nil || ctx.Err() == nil || len(leaving) == 0 {
		return err
	}
	return &Error{Kind: KindInUse, Err: ctx.Err(), Stores: leaving, Reason: "an object store that the credential owns is still being deleted"}
}

// maxUnexplained is the number of retries of a deletion that Civo rejects although the credential owns no store.
const maxUnexplained = 2

// mostUnexplained returns maxUnexplained, or for a 5xx the number of retries that any other 5xx gets.
func (c *Client) mostUnexplained(refused error) int {
	if isCivos5xx(refused) {
		return max(c.timing.Retries, maxUnexplained)
	}
	return maxUnexplained
}

// explainRefusal finds the stores because of which Civo rejects the deletion of a credential. The error is nil, with the stores,
// if all of them are being deleted.
func (c *Client) explainRefusal(ctx context.Context, credential Credential, refused error) ([]ObjectStore, error) {
	stores, err := c.storesOwnedBy(ctx, credential)
	if err != nil {
		return nil, fmt.Errorf("%w; %w", refused, err)
	}
	if len(stores) == 0 {
		return nil, refused
	}
	staying := slices.DeleteFunc(slices.Clone(stores), ObjectStore.IsBeingDeleted)
	if len(staying) == 0 {
		return stores, nil
	}
	return nil, withChange(refused, func(e *Error) { e.Kind, e.Stores, e.uncertain = KindInUse, staying, false })
}

// storesOwnedBy returns the stores that a credential owns now.
func (c *Client) storesOwnedBy(ctx context.Context, credential Credential) ([]ObjectStore, error) {
	list, err := c.storesOf(credential.Region).listNow(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list.items, func(s ObjectStore) bool { return !s.isOwnedBy(credential) }), nil
}
