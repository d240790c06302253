package civo

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// NewCredential is what a credential is made from. Both keys are given: an access key ID that is known before the
// request is what makes creating repeatable.
type NewCredential struct {
	Name   string
	Region string
	Keys   Keys
}

// Unmade is the credential as far as it is known before Civo answered: without an id.
func (n NewCredential) Unmade() Credential {
	return Credential{
		Name: n.Name, Region: CanonicalRegion(n.Region), AccessKeyID: n.Keys.AccessKeyID, SecretAccessKey: n.Keys.SecretAccessKey,
	}
}

// credentialBody is the body of a POST or PUT, secrets in clear.
type credentialBody struct {
	Name            string `json:"name,omitempty"`
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key_id"`
	Region          string `json:"region"`
}

// CreateCredential makes a credential and returns when Civo has taken it on, not when it is ready (see WaitReady).
//
// It makes at most one. When the answer is lost, it looks in the region for a credential with the name and both keys,
// which then is the one; only if there is none does it send the request again. Where even that cannot be found out,
// IsUncertain holds for the error. IsNameTaken holds, with the other credential, where the name is taken.
func (c *Client) CreateCredential(ctx context.Context, want NewCredential) (Credential, error) {
	doubtful := false // an earlier attempt may have been carried out
	for attempt := 0; ; attempt++ {
		made, err := c.postCredential(ctx, want)
		switch {
		case err == nil:
			return made, nil
		case IsNameTaken(err):
			return c.nameTaken(ctx, want, err, doubtful)
		case !IsUncertain(err):
			// This attempt was refused, but an earlier one may still come true.
			return Credential{}, altered(err, func(e *Error) { e.uncertain = doubtful })
		}
		doubtful = true
		found, searchErr := c.findMade(ctx, want)
		if searchErr == nil {
			return found, nil
		}
		if !IsNotFound(searchErr) || attempt >= c.pace.Retries || c.pause(ctx, attempt) != nil {
			return Credential{}, err
		}
	}
}

func (c *Client) postCredential(ctx context.Context, want NewCredential) (Credential, error) {
	post := call{
		method: http.MethodPost, path: credentialsPath, region: want.Region,
		body: credentialBody{
			Name: want.Name, Region: CanonicalRegion(want.Region),
			AccessKeyID: want.Keys.AccessKeyID, SecretAccessKey: want.Keys.SecretAccessKey.Reveal(),
		},
		secrets: []Secret{want.Keys.SecretAccessKey},
	}
	written := c.readsOf(want.Region).writing()
	defer written()
	made, err := send[Credential](ctx, c, post)
	if err != nil {
		return Credential{}, err
	}
	if made.ID == "" {
		return Credential{}, unreadable(post, http.StatusOK, "the answer is not a credential: it has no id")
	}
	made.Name = want.Name
	return made.complete(want.Region, want.Keys), nil
}

// complete fills in what an answer about a credential that is not ready may leave out.
func (c Credential) complete(region string, keys Keys) Credential {
	c.Region = CanonicalRegion(region)
	if c.AccessKeyID == "" {
		c.AccessKeyID = keys.AccessKeyID
	}
	if c.SecretAccessKey.IsZero() {
		c.SecretAccessKey = keys.SecretAccessKey
	}
	return c
}

// findMade looks for what a create whose answer was lost may have made. A caller that gave up meanwhile waits for it a
// little: else a credential could be left that nobody knows.
func (c *Client) findMade(ctx context.Context, want NewCredential) (Credential, error) {
	ctx, cancel := withGrace(ctx, c.pace.Request, c.pace.Grace)
	defer cancel()
	for polls := c.newPolls(); ; {
		list, err := c.readsOf(want.Region).all(ctx, time.Now())
		if err != nil {
			return Credential{}, err
		}
		found, err := pickMade(list.all, want)
		if err != nil || !found.hidesKeys() {
			return found, err
		}
		// It has the name, but its keys do not show until it is ready: whose it is shows then.
		if err := polls.wait(ctx); err != nil {
			return Credential{}, err
		}
	}
}

// pickMade gives the credential that has the name and the keys that were asked for, or one with the name whose keys do
// not show yet.
func pickMade(all []Credential, want NewCredential) (Credential, error) {
	for _, credential := range all {
		if credential.isMadeFrom(want) {
			return credential.complete(want.Region, want.Keys), nil
		}
		if credential.Name == want.Name && credential.hidesKeys() {
			return credential, nil
		}
	}
	return Credential{}, &Error{
		Kind: KindNotFound, Reason: fmt.Sprintf("no credential in %s has the name %q and the keys that were sent", CanonicalRegion(want.Region), want.Name),
	}
}

func (c Credential) hidesKeys() bool {
	return c.AccessKeyID == "" && c.Status != StatusReady && c.Status != StatusFailed
}

// isMadeFrom says whether a credential has the name and both the keys that were asked for. One that is not ready may be
// listed without its secret yet.
func (c Credential) isMadeFrom(want NewCredential) bool {
	if c.Name != want.Name {
		return false
	}
	if c.Keys() == want.Keys {
		return true
	}
	return c.Status != StatusReady && c.AccessKeyID == want.Keys.AccessKeyID && c.SecretAccessKey.IsZero()
}

// nameTaken finds the credential that has the name: it is ours if an earlier attempt made it, and in the way if not.
func (c *Client) nameTaken(ctx context.Context, want NewCredential, refused error, doubtful bool) (Credential, error) {
	if doubtful {
		found, err := c.findMade(ctx, want)
		if err == nil {
			return found, nil
		}
		if !IsNotFound(err) {
			return Credential{}, altered(err, func(e *Error) { e.uncertain = true })
		}
	}
	other, err := c.FindCredential(ctx, want.Region, Lookup{Name: want.Name})
	switch {
	case err == nil:
		return Credential{}, altered(refused, func(e *Error) { e.Credentials = []Credential{other.withoutSecret()} })
	case IsNotFound(err): // then it is something else that exists already, such as the access key ID
		return Credential{}, altered(refused, func(e *Error) { e.Kind = KindRefused })
	default:
		return Credential{}, refused
	}
}

// UpdateCredential gives a credential new keys, in place. Both are sent. When the answer is lost, it reads back what the
// credential has before it sends them again; where that cannot be found out, IsUncertain holds for the error.
func (c *Client) UpdateCredential(ctx context.Context, region, id string, keys Keys) (Credential, error) {
	if err := checkID(id); err != nil {
		return Credential{}, err
	}
	for attempt := 0; ; attempt++ {
		changed, err := c.putCredential(ctx, region, id, keys)
		switch {
		case err == nil:
			return changed, nil
		case IsNameTaken(err): // what exists already cannot be the name, which a PUT does not give: it is the access key ID
			return Credential{}, altered(err, func(e *Error) { e.Kind = KindRefused })
		case !IsUncertain(err):
			return Credential{}, err
		}
		found, readErr := c.readBack(ctx, region, id)
		if readErr != nil {
			return Credential{}, err
		}
		if found.Keys() == keys {
			return found, nil
		}
		if attempt >= c.pace.Retries || c.pause(ctx, attempt) != nil {
			return Credential{}, err
		}
	}
}

func (c *Client) putCredential(ctx context.Context, region, id string, keys Keys) (Credential, error) {
	put := call{
		method: http.MethodPut, path: credentialPath(id), region: region,
		body: credentialBody{
			AccessKeyID: keys.AccessKeyID, SecretAccessKey: keys.SecretAccessKey.Reveal(),
			Region: CanonicalRegion(region),
		},
		secrets: []Secret{keys.SecretAccessKey},
	}
	written := c.readsOf(region).writing()
	defer written()
	changed, err := send[Credential](ctx, c, put)
	if err != nil {
		return Credential{}, err
	}
	if changed.ID != id {
		return Credential{}, unreadable(put, http.StatusOK, "the answer is not the credential that was changed")
	}
	return changed.complete(region, keys), nil
}

func (c *Client) readBack(ctx context.Context, region, id string) (Credential, error) {
	ctx, cancel := withGrace(ctx, c.pace.Request, c.pace.Grace)
	defer cancel()
	return c.readsOf(region).one(ctx, id, time.Now())
}

// pause waits before an operation is tried once more.
func (c *Client) pause(ctx context.Context, attempt int) error {
	return sleep(ctx, exponential(c.pace.RetryMin, c.pace.RetryMax, attempt))
}
