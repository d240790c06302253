// Creating and updating credentials, also when responses are lost.

package civo

import (
	"context"
	"fmt"
	"net/http"
)

// CredentialCreateOpts describes a credential to create. Both keys are required: an access key ID that is known before the request
// identifies the credential if the response is lost.
type CredentialCreateOpts struct {
	Name   string
	Region string
	Keys   Keys
}

// Draft returns the credential as known before Civo has answered: without an ID.
func (n CredentialCreateOpts) Draft() Credential {
	return Credential{Name: n.Name, Region: n.Region, AccessKeyID: n.Keys.AccessKeyID, SecretAccessKey: n.Keys.SecretAccessKey}
}

// credentialBody is the body of a POST or PUT, with the secret in plain text.
type credentialBody struct {
	Name            string `json:"name,omitempty"`
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key_id"`
	Region          string `json:"region"`
}

// CreateCredential creates a credential and returns as soon as Civo has accepted it, not when it is ready (see WaitReady).
//
// It creates at most one. If the response is lost, it looks in the region for a credential with the name and both keys, which
// then is the one; only if there is none does it send the request again. If even that cannot be found out, IsUncertain holds
// for the error. IsNameTaken or IsAccessKeyTaken holds, with the other credential, if the name or the access key ID is taken.
func (c *Client) CreateCredential(ctx context.Context, wanted CredentialCreateOpts) (Credential, error) {
	ctx, cancel := withGrace(ctx, c.timing.Grace)
	defer cancel()
	maybeCreated := false // an earlier attempt may have been carried out
	for attempt := 0; ; attempt++ {
		created, err := c.postCredential(ctx, wanted)
		switch {
		case err == nil:
			return created, nil
		case isConflict(err):
			return c.resolveConflict(ctx, wanted, err, maybeCreated)
		case !IsUncertain(err):
			// This attempt was rejected, but an earlier one may still have been carried out.
			return Credential{}, withChange(err, func(e *Error) { e.uncertain = maybeCreated })
		}
		maybeCreated = true
		found, searchErr := c.findCreated(ctx, wanted)
		if searchErr == nil {
			return found, nil
		}
		if !IsNotFound(searchErr) || attempt >= c.timing.Retries || c.pause(ctx, attempt) != nil {
			return Credential{}, err
		}
	}
}

func (c *Client) postCredential(ctx context.Context, wanted CredentialCreateOpts) (Credential, error) {
	post := call{
		method: http.MethodPost, path: credentialsPath, region: wanted.Region,
		body: credentialBody{
			Name: wanted.Name, Region: wanted.Region,
			AccessKeyID: wanted.Keys.AccessKeyID, SecretAccessKey: wanted.Keys.SecretAccessKey.Reveal(),
		},
		secrets: []Secret{wanted.Keys.SecretAccessKey},
	}
	c.invalidate(wanted.Region)
	defer c.invalidate(wanted.Region)
	created, err := send[Credential](ctx, c, post)
	if err != nil {
		return Credential{}, err
	}
	if !idForm.MatchString(created.ID) {
		return Credential{}, decodeError(post, http.StatusOK, "the response is not a credential: it has no valid ID")
	}
	created.Name = wanted.Name
	return created.withDefaults(wanted.Region, wanted.Keys), nil
}

// withDefaults fills in what a response about a credential that is not ready can leave out.
func (c Credential) withDefaults(region string, keys Keys) Credential {
	c.Region = region
	if c.AccessKeyID == "" {
		c.AccessKeyID = keys.AccessKeyID
	}
	if c.SecretAccessKey.IsZero() {
		c.SecretAccessKey = keys.SecretAccessKey
	}
	return c
}

// findCreated looks for the credential that a create whose response was lost may have created. It continues for a short time
// after the caller cancels, so that no unknown credential is left behind.
func (c *Client) findCreated(ctx context.Context, wanted CredentialCreateOpts) (Credential, error) {
	_, bounded := ctx.Deadline()
	ctx = graceOf(ctx)
	if !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timing.Request)
		defer cancel()
	}
	for look := c.newPoller(nil); ; {
		list, err := c.credentialsOf(wanted.Region).settled(ctx, func(list *snapshot[Credential]) bool {
			found, err := pickCreated(list.items, wanted)
			return err == nil && !found.HidesKeys()
		})
		if err != nil {
			return Credential{}, err
		}
		found, err := pickCreated(list.items, wanted)
		if err != nil || !found.HidesKeys() {
			return found, err
		}
		// It has the name, but does not show its keys, which identify it, until it is ready. That can take
		// as long as any creation.
		if err := look.wait(ctx); err != nil {
			return Credential{}, &Error{Kind: KindUnavailable, Err: err, Reason: "the credential does not show its keys yet"}
		}
	}
}

// pickCreated returns the credential that has the wanted name and keys, or one with the name that does not show its keys yet.
func pickCreated(all []Credential, wanted CredentialCreateOpts) (Credential, error) {
	for _, credential := range all {
		if credential.matches(wanted) {
			return credential.withDefaults(wanted.Region, wanted.Keys), nil
		}
	}
	for _, credential := range all {
		if credential.Name == wanted.Name && credential.HidesKeys() {
			return credential, nil
		}
	}
	return Credential{}, &Error{
		Kind: KindNotFound, Reason: fmt.Sprintf("no credential in %s has the name %q and the keys that were sent", wanted.Region, wanted.Name),
	}
}

// matches reports whether a credential has the wanted name and keys. One that is not ready may not show its secret yet.
func (c Credential) matches(wanted CredentialCreateOpts) bool {
	if c.Name != wanted.Name {
		return false
	}
	if c.Keys() == wanted.Keys {
		return true
	}
	return c.Status != StatusReady && c.AccessKeyID == wanted.Keys.AccessKeyID && c.SecretAccessKey.IsZero()
}

// resolveConflict finds the credential because of which a create was rejected. It is the wanted one if an earlier attempt created
// it; otherwise the error names it.
func (c *Client) resolveConflict(ctx context.Context, wanted CredentialCreateOpts, conflict error, maybeCreated bool) (Credential, error) {
	if maybeCreated {
		found, err := c.findCreated(ctx, wanted)
		if err == nil {
			return found, nil
		}
		if !IsNotFound(err) {
			return Credential{}, withChange(err, func(e *Error) { e.uncertain = true })
		}
	}
	return Credential{}, c.explainConflict(ctx, conflict, Credential{Region: wanted.Region, Name: wanted.Name, AccessKeyID: wanted.Keys.AccessKeyID})
}

// explainConflict adds to the error of a rejected write which other credential has the name or the access key ID of the one
// that was sent.
func (c *Client) explainConflict(ctx context.Context, conflict error, sent Credential) error {
	list, err := c.credentialsOf(sent.Region).settled(ctx, func(list *snapshot[Credential]) bool {
		return !hasKind(blame(conflict, list.items, sent), KindRefused)
	})
	if err != nil {
		return conflict
	}
	return blame(conflict, list.items, sent)
}

func blame(conflict error, all []Credential, sent Credential) error {
	for _, reason := range []struct {
		kind   Kind
		lookup Lookup
	}{{KindNameTaken, Lookup{Name: sent.Name}}, {KindAccessKeyTaken, Lookup{AccessKeyID: sent.AccessKeyID}}} {
		for _, other := range all {
			if other.ID != sent.ID && reason.lookup != (Lookup{}) && reason.lookup.matches(other) {
				return withChange(conflict, func(e *Error) { e.Kind, e.Credentials = reason.kind, []Credential{other.withoutSecret()} })
			}
		}
	}
	return withChange(conflict, func(e *Error) { e.Kind = KindRefused })
}

// UpdateCredential changes the keys of a credential in place. Both are sent. If the response is lost, it reads back the keys
// before it sends them again; if that is not possible, IsUncertain holds for the error. IsNotFound holds if the credential
// certainly does not exist, IsAccessKeyTaken, with the other credential, if another one has the access key ID.
func (c *Client) UpdateCredential(ctx context.Context, region, id string, keys Keys) (Credential, error) {
	if err := checkID(id); err != nil {
		return Credential{}, err
	}
	ctx, cancel := withGrace(ctx, c.timing.Grace)
	defer cancel()
	maybeChanged := false // an earlier attempt may have been carried out
	for attempt := 0; ; attempt++ {
		changed, err := c.putCredential(ctx, region, id, keys)
		switch {
		case err == nil:
			return changed, nil
		case isConflict(err):
			return Credential{}, c.explainConflict(ctx, err, Credential{ID: id, Region: region, AccessKeyID: keys.AccessKeyID})
		case isInconclusive404(err):
			return Credential{}, c.explainMissing(ctx, region, id, err)
		case !IsUncertain(err):
			return Credential{}, withChange(err, func(e *Error) { e.uncertain = maybeChanged })
		}
		maybeChanged = true
		found, readErr := c.readBack(ctx, region, id)
		if readErr != nil {
			return Credential{}, err
		}
		if found.Keys() == keys {
			return found, nil
		}
		if attempt >= c.timing.Retries || c.pause(ctx, attempt) != nil {
			return Credential{}, err
		}
	}
}

// explainMissing returns an error for which IsNotFound holds if a credential that Civo answered 404 for certainly does not exist.
func (c *Client) explainMissing(ctx context.Context, region, id string, notFound error) error {
	if _, err := c.credentialsOf(region).readNow(ctx, id); err != nil {
		return err
	}
	return notFound
}

func (c *Client) putCredential(ctx context.Context, region, id string, keys Keys) (Credential, error) {
	put := call{
		method: http.MethodPut, path: credentialPath(id), region: region,
		body:    credentialBody{AccessKeyID: keys.AccessKeyID, SecretAccessKey: keys.SecretAccessKey.Reveal(), Region: region},
		secrets: []Secret{keys.SecretAccessKey},
	}
	c.invalidate(region)
	defer c.invalidate(region)
	changed, err := send[Credential](ctx, c, put)
	if err != nil {
		return Credential{}, err
	}
	if changed.ID != id {
		return Credential{}, decodeError(put, http.StatusOK, "the response is not the credential that was updated")
	}
	return changed.withDefaults(region, keys), nil
}

func (c *Client) readBack(ctx context.Context, region, id string) (Credential, error) {
	ctx, cancel := context.WithTimeout(graceOf(ctx), c.timing.Request)
	defer cancel()
	return c.credentialsOf(region).readNow(ctx, id)
}

// pause waits before an operation is tried once more.
func (c *Client) pause(ctx context.Context, attempt int) error {
	return sleep(ctx, exponential(c.timing.RetryMin, c.timing.RetryMax, attempt))
}
