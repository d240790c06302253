// Creating and updating credentials.

package civo

import "context"

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

// CreateCredential creates a credential and returns as soon as Civo has accepted it, not when it is ready (see WaitReady).
//
// It creates at most one credential. If the response is lost, it searches the region for a credential with the name and both keys, and
// returns it. It sends the request again only if there is none. If the search fails, the error satisfies IsUncertain. If the name or the
// access key ID is taken, the error is of KindNameTaken or KindAccessKeyTaken and contains the other credential.
func (c *Client) CreateCredential(ctx context.Context, wanted CredentialCreateOpts) (Credential, error) {
	return c.credentialsOf(wanted.Region).create(ctx, wanted.Draft(), wanted.compare)
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

// UpdateCredential changes the keys of a credential in place. It sends both keys. If the response is lost, it reads the keys before it
// sends them again. If it cannot read them, the error satisfies IsUncertain. The error is of KindNotFound if the credential certainly
// does not exist. If another credential has the access key ID, the error is of KindAccessKeyTaken and contains that credential.
func (c *Client) UpdateCredential(ctx context.Context, region, id string, keys Keys) (Credential, error) {
	sent := Credential{ID: id, Region: region, AccessKeyID: keys.AccessKeyID, SecretAccessKey: keys.SecretAccessKey}
	credentials := c.credentialsOf(region)
	changed, err := credentials.update(ctx, sent, func(found Credential) bool { return found.Keys() == keys })
	if isConflict(err) {
		err = credentials.explainConflict(ctx, err, sent)
	}
	return changed, err
}

// WaitReady waits until a credential is ready. It always returns the latest known credential. The error is of KindFailed if the status
// is "failed", and IsInterrupted or IsTimeout if the context ends first.
func (c *Client) WaitReady(ctx context.Context, credential Credential) (Credential, error) {
	return c.credentialsOf(credential.Region).waitReady(ctx, credential)
}
