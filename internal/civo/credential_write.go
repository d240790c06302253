// Creating and updating credentials.

package civo

import (
	"context"
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

// sendCredential sends the name and the keys of a credential.
func (c *Client) sendCredential(ctx context.Context, method string, sent Credential) (Credential, error) {
	body := credentialBody{Name: sent.Name, AccessKeyID: sent.AccessKeyID, SecretAccessKey: sent.SecretAccessKey.Reveal(), Region: sent.Region}
	return c.credentialsOf(sent.Region).send(ctx, call{method: method, body: body, secrets: []Secret{sent.SecretAccessKey}}, sent)
}

// CreateCredential creates a credential and returns as soon as Civo has accepted it, not when it is ready (see WaitReady).
//
// It creates at most one credential. If the response is lost, it searches the region for a credential with the name and both keys, and
// returns it. It sends the request again only if there is none. If the search fails, the error satisfies IsUncertain. If the name or the
// access key ID is taken, the error is of KindNameTaken or KindAccessKeyTaken and contains the other credential.
func (c *Client) CreateCredential(ctx context.Context, wanted CredentialCreateOpts) (Credential, error) {
	sent := wanted.Draft()
	return c.credentialsOf(wanted.Region).create(ctx, creation[Credential]{
		sent: sent, compare: wanted.compare,
		post: func(ctx context.Context) (Credential, error) {
			created, err := c.sendCredential(ctx, http.MethodPost, sent)
			if err == nil {
				created.Name = wanted.Name
			}
			return created, err
		},
		explain: func(ctx context.Context, conflict error) error { return c.explainConflict(ctx, conflict, sent) },
	})
}

// compare reports whether a credential has the wanted name and keys. One that is not ready may not show its keys or its secret yet.
func (n CredentialCreateOpts) compare(c Credential) match {
	switch {
	case c.Name != n.Name:
		return different
	case c.Keys() == n.Keys, c.Status != StatusReady && c.AccessKeyID == n.Keys.AccessKeyID && c.SecretAccessKey.IsZero():
		return same
	case c.HidesKeys():
		return unclear
	}
	return different
}

// explainConflict adds to the error of a rejected write which other credential has the name or the access key ID of the one
// that was sent.
func (c *Client) explainConflict(ctx context.Context, conflict error, sent Credential) error {
	list, err := c.credentialsOf(sent.Region).settled(ctx, func(list *snapshot[Credential]) bool {
		return !Is(blame(conflict, list.items, sent), KindRefused)
	})
	if err != nil {
		return conflict
	}
	return blame(conflict, list.items, sent)
}

func blame(conflict error, all []Credential, sent Credential) error {
	for _, reason := range []struct {
		kind Kind
		by   Lookup
	}{{KindNameTaken, Lookup{Name: sent.Name}}, {KindAccessKeyTaken, Lookup{AccessKeyID: sent.AccessKeyID}}} {
		for _, other := range all {
			if other.ID != sent.ID && reason.by.matches(other) {
				return withChange(conflict, func(e *Error) {
					e.Kind, e.uncertain = reason.kind, false
					other.addTo(e)
				})
			}
		}
	}
	return withChange(conflict, func(e *Error) { e.Kind = KindRefused })
}

// UpdateCredential changes the keys of a credential in place. It sends both keys. If the response is lost, it reads the keys before it
// sends them again. If it cannot read them, the error satisfies IsUncertain. The error is of KindNotFound if the credential certainly
// does not exist. If another credential has the access key ID, the error is of KindAccessKeyTaken and contains that credential.
func (c *Client) UpdateCredential(ctx context.Context, region, id string, keys Keys) (Credential, error) {
	sent := Credential{ID: id, Region: region, AccessKeyID: keys.AccessKeyID, SecretAccessKey: keys.SecretAccessKey}
	put := func(ctx context.Context) (Credential, error) { return c.sendCredential(ctx, http.MethodPut, sent) }
	changed, err := c.credentialsOf(region).update(ctx, id, put, func(found Credential) bool { return found.Keys() == keys })
	if isConflict(err) {
		err = c.explainConflict(ctx, err, sent)
	}
	return changed, err
}

// WaitReady waits until a credential is ready. It always returns the latest known credential. The error is of KindFailed if the status
// is "failed", and IsInterrupted or IsTimeout if the context ends first.
func (c *Client) WaitReady(ctx context.Context, credential Credential) (Credential, error) {
	return c.credentialsOf(credential.Region).waitReady(ctx, credential)
}
