package civo

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// DeleteCredential deletes a credential and returns when it is gone, so that its name is free. One that is gone already
// is no error.
//
// A store that owns it keeps it from going. While such a store is itself on its way out, it keeps trying until the
// context's deadline; otherwise IsInUse holds for the error, with the stores.
func (c *Client) DeleteCredential(ctx context.Context, credential Credential) error {
	if err := checkID(credential.ID); err != nil {
		return err
	}
	leaving, err := c.deleteUntilGone(ctx, credential)
	if err != nil && ctx.Err() != nil && len(leaving) > 0 {
		return &Error{Kind: KindInUse, Err: ctx.Err(), Stores: leaving, Reason: "a store that owns it is still going"}
	}
	return err
}

// deleteUntilGone asks for the deletion again and again while a store that owns the credential is on its way out. With an
// error it gives the stores that it last waited for.
func (c *Client) deleteUntilGone(ctx context.Context, credential Credential) (leaving []ObjectStore, err error) {
	polls := c.newPolls()
	unexplained := 0 // refusals for which no store is to blame
	for {
		refused := c.deleteOnce(ctx, credential)
		if refused == nil || !isRefusal(refused) && !isForbidden(refused) {
			return leaving, refused
		}
		stores, err := c.explainRefusal(ctx, credential, refused)
		if err == nil {
			leaving = stores
		} else {
			// A store that went between the refusal and the look at it explains the refusal too: ask again.
			unexplained++
			if IsInUse(err) || IsUnauthorized(err) || unexplained > maxUnexplained {
				return leaving, err
			}
		}
		if waitErr := polls.wait(ctx); waitErr != nil {
			return leaving, errors.Join(err, waitErr)
		}
	}
}

// maxUnexplained is how often a deletion that is refused, with no store to blame, is tried again.
const maxUnexplained = 2

// deleteOnce asks for the deletion and, unless it is refused, waits until the credential is gone.
func (c *Client) deleteOnce(ctx context.Context, credential Credential) error {
	for attempt := 0; ; attempt++ {
		err := c.requestDeletion(ctx, credential)
		switch {
		case err == nil:
			return c.waitGone(ctx, credential)
		case !isBare404(err) && !IsUncertain(err):
			return err
		}
		// The answer was lost, or is a 404, which may mean other things than that it is gone: what is there now shows.
		_, readErr := c.readsOf(credential.Region).one(ctx, credential.ID, time.Now())
		switch {
		case IsNotFound(readErr):
			return nil
		case readErr != nil && isBare404(err):
			return readErr
		case isBare404(err) && attempt >= c.pace.Retries:
			return c.waitGone(ctx, credential)
		case readErr != nil, attempt >= c.pace.Retries, c.pause(ctx, attempt) != nil:
			return err
		}
	}
}

func (c *Client) requestDeletion(ctx context.Context, credential Credential) error {
	deletion := call{method: http.MethodDelete, path: credentialPath(credential.ID), region: credential.Region}
	written := c.readsOf(credential.Region).writing()
	defer written()
	answer, err := send[struct {
		Result string `json:"result"`
	}](ctx, c, deletion)
	if err == nil && answer.Result == "" {
		return unreadable(deletion, http.StatusOK, "the answer is not that to a deletion: it has no result")
	}
	return err
}

// explainRefusal finds the stores that keep a credential from going. The error is nil, with those stores, if it is worth
// waiting for them.
func (c *Client) explainRefusal(ctx context.Context, credential Credential, refused error) ([]ObjectStore, error) {
	stores, err := c.storesOwnedBy(ctx, credential)
	if err != nil {
		return nil, errors.Join(refused, err)
	}
	if len(stores) == 0 {
		return nil, refused
	}
	var staying []ObjectStore
	for _, store := range stores {
		if !store.IsLeaving() {
			staying = append(staying, store)
		}
	}
	if len(staying) == 0 {
		return stores, nil
	}
	return nil, altered(refused, func(e *Error) { e.Kind, e.Stores = KindInUse, staying })
}

// waitGone waits until a credential whose deletion Civo has taken on is no longer there.
func (c *Client) waitGone(ctx context.Context, credential Credential) error {
	polls := c.newPolls()
	for by := time.Now(); ; by = polls.next() {
		gone, err := c.readsOf(credential.Region).isGone(ctx, credential.ID, by)
		if ctx.Err() != nil && !gone {
			return &Error{Kind: KindUnavailable, Err: ctx.Err(), Reason: "the credential is still there"}
		}
		if gone || err != nil {
			return err
		}
	}
}
