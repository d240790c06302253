// Deleting credentials, and determining why Civo rejects a deletion.

package civo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// DeleteCredential deletes a credential and returns when it no longer exists, so that its name can be reused. It returns nil if
// the credential does not exist.
//
// Civo does not delete a credential that owns object stores. While all of these are being deleted, DeleteCredential keeps
// trying until the context's deadline; otherwise IsInUse holds for the error, with the stores.
func (c *Client) DeleteCredential(ctx context.Context, credential Credential) error {
	if err := checkID(credential.ID); err != nil {
		return err
	}
	ctx, cancel := withGrace(ctx, c.timing.Grace)
	defer cancel()
	var leaving []ObjectStore // the stores that the deletion waits for
	unexplained := 0          // rejections although the credential owns no store
	for look := c.newPoller(nil); ; {
		refused := c.deleteOnce(ctx, credential)
		if refused == nil || !isRefusedDeletion(refused) {
			return waitedFor(ctx, leaving, refused)
		}
		stores, err := c.explainRefusal(ctx, credential, refused)
		if err == nil {
			leaving = stores
		} else {
			// A store that was deleted between the rejection and the list explains the rejection too: try again.
			unexplained++
			if IsInUse(err) || IsUnauthorized(err) || unexplained > c.mostUnexplained(refused) {
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

// errDeletionFailed marks a deletion that Civo rejected with a successful status.
var errDeletionFailed = errors.New(`the response does not contain the result "success"`)

// isRefusedDeletion reports whether Civo rejected the deletion, so that the stores of the credential may explain why. The status
// of a rejection is unknown: it can be 4xx, 5xx with a code of Civo's, or even 200.
func isRefusedDeletion(err error) bool {
	if isInconclusive404(err) {
		return false
	}
	return hasKind(err, KindRefused) || isForbidden(err) || isCivos5xx(err) || errors.Is(err, errDeletionFailed)
}

// deleteOnce requests the deletion and, unless that is rejected, waits until the credential no longer exists.
func (c *Client) deleteOnce(ctx context.Context, credential Credential) error {
	credentials := c.credentialsOf(credential.Region)
	for attempt := 0; ; attempt++ {
		err := c.requestDeletion(ctx, credential)
		switch {
		case err == nil:
			return c.waitGone(ctx, credential)
		case isRefusedDeletion(err), !isInconclusive404(err) && !IsUncertain(err):
			return err
		}
		// The response was lost, or is a 404, which proves nothing: what exists now does.
		_, readErr := credentials.readNow(graceOf(ctx), credential.ID)
		if errors.Is(readErr, errUnsettled) { // others are being deleted: as if it still existed
			readErr = nil
		}
		switch {
		case IsNotFound(readErr):
			return nil
		case readErr != nil && isInconclusive404(err):
			return readErr
		case isInconclusive404(err) && attempt >= c.timing.Retries: // it is being deleted already
			return c.waitGone(ctx, credential)
		case readErr != nil, attempt >= c.timing.Retries, c.pause(ctx, attempt) != nil:
			return err
		}
	}
}

func (c *Client) requestDeletion(ctx context.Context, credential Credential) error {
	deletion := call{
		method: http.MethodDelete, path: credentialPath(credential.ID), region: credential.Region,
		secrets: []Secret{c.token, credential.SecretAccessKey},
	}
	c.invalidate(credential.Region)
	defer c.invalidate(credential.Region)
	answer, err := send[problem](ctx, c, deletion)
	switch {
	case err != nil:
		return err
	case answer.Result != "success":
		return &Error{
			Kind: KindRefused, Method: deletion.method, Path: deletion.path, Status: http.StatusOK, Err: errDeletionFailed,
			Code: deletion.shownCode(answer.Code), Reason: deletion.shownReason(answer.words()),
		}
	}
	return nil
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
	var staying []ObjectStore
	for _, store := range stores {
		if !store.IsBeingDeleted() {
			staying = append(staying, store)
		}
	}
	if len(staying) == 0 {
		return stores, nil
	}
	return nil, withChange(refused, func(e *Error) { e.Kind, e.Stores, e.uncertain = KindInUse, staying, false })
}

// waitGone waits until a credential whose deletion Civo accepted no longer exists.
func (c *Client) waitGone(ctx context.Context, credential Credential) error {
	for look := c.newPoller(nil); ; {
		gone, err := c.credentialsOf(credential.Region).isGone(graceOf(ctx), credential.ID)
		if gone {
			return nil
		}
		if err == nil || errors.Is(err, errUnsettled) || ctx.Err() != nil {
			err = look.wait(ctx)
			if err == nil {
				continue
			}
			err = &Error{Kind: KindUnavailable, Err: err, Reason: "the credential still exists"}
		}
		return err
	}
}
