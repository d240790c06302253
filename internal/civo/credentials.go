// Credentials and their keys.

package civo

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"slices"
)

// Credential is an object store credential. It opens the object stores that it owns.
type Credential struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Region      string `json:"-"` // as it was requested; responses do not contain it
	AccessKeyID string `json:"access_key_id"`
	// SecretAccessKey is the secret itself, despite the API's name for it. Both keys can be empty until the status is ready.
	SecretAccessKey Secret `json:"secret_access_key_id"`
	Suspended       bool   `json:"suspended"`
	Status          Status `json:"status"`
}

// Keys are the two halves of a credential.
type Keys struct {
	AccessKeyID     string
	SecretAccessKey Secret
}

// Keys returns the credential's keys.
func (c Credential) Keys() Keys { return Keys{c.AccessKeyID, c.SecretAccessKey} }

// HidesKeys reports whether Civo does not show the access key ID yet, which it may do until the credential is ready.
func (c Credential) HidesKeys() bool { return c.AccessKeyID == "" && !c.Status.isFinal() }

// codeNoCredential is Civo's code for a credential that does not exist. It is also the answer to the creation of a store for an
// owner that does not exist.
const codeNoCredential = "database_objectstore_credential_not_found"

func (Credential) kind() kind {
	return kind{noun: "credential", path: "/v2/objectstore/credentials", codeNotFound: codeNoCredential}
}

func (c Credential) identity() Lookup {
	return Lookup{ID: c.ID, Name: c.Name, AccessKeyID: c.AccessKeyID}
}

func (c Credential) status() Status { return c.Status }

func (c Credential) secret() Secret { return c.SecretAccessKey }

// credentialBody is the body of a POST or PUT, with the secret in plain text.
type credentialBody struct {
	Name            string `json:"name,omitempty"`
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key_id"`
	Region          string `json:"region"`
}

func (c Credential) body() any {
	return credentialBody{Name: c.Name, AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey.Reveal(), Region: c.Region}
}

func (c Credential) in(region string) Credential {
	c.Region = region
	return c
}

// withDefaults fills in the keys, which a response about a credential that is not ready can leave out. A new credential keeps the name
// that was sent.
func (c Credential) withDefaults(sent Credential) Credential {
	if sent.ID == "" {
		c.Name = sent.Name
	}
	c.AccessKeyID = cmp.Or(c.AccessKeyID, sent.AccessKeyID)
	c.SecretAccessKey = cmp.Or(c.SecretAccessKey, sent.SecretAccessKey)
	return c
}

func (c Credential) addTo(to *Error) {
	bare := c
	bare.SecretAccessKey = Secret{}
	to.Credentials = append(to.Credentials, bare)
}

// credentialsOf returns the collection of a region's credentials.
func (c *Client) credentialsOf(region string) *collection[Credential] {
	return c.credentials.get(region, func() *collection[Credential] { return newCollection[Credential](c, region) })
}

// CredentialPages returns the credentials of a region page by page, each credential once. It ends at the first error.
func (c *Client) CredentialPages(ctx context.Context, region string) iter.Seq2[[]Credential, error] {
	return c.credentialsOf(region).newPages(ctx)
}

// Credentials returns all credentials of a region, each once. The list may have been read up to Timing.Fresh ago, but not
// before a write of this client.
func (c *Client) Credentials(ctx context.Context, region string) ([]Credential, error) {
	list, err := c.credentialsOf(region).all(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Clone(list.items), nil
}

// Credential returns one credential. The error is of KindNotFound only if the credential certainly does not exist: Civo responds with
// a 404, and a list of the region, which also shows that the token is valid, does not contain the ID. The result can be up to
// Timing.Fresh old, but not older than the latest write of this client.
func (c *Client) Credential(ctx context.Context, region, id string) (Credential, error) {
	return c.credentialsOf(region).read(ctx, id)
}

// NewAccessKeyID returns a random access key ID. Like those that Civo generates, it has 20 characters of A–Z and 0–9. It has 100 bits.
func NewAccessKeyID() string { return rand.Text()[:20] }

// NewSecretAccessKey returns a random secret access key. Like those that Civo generates, it has 40 letters and digits. It has 200 bits.
func NewSecretAccessKey() Secret { return NewSecret((rand.Text() + rand.Text())[:40]) }

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

// DeleteCredential deletes a credential and returns when it no longer exists, so that its name can be reused. It returns nil if
// the credential does not exist.
//
// Civo does not delete a credential that owns object stores. While all of these are being deleted, DeleteCredential keeps trying until
// the context's deadline. Otherwise, the error is of KindInUse and contains the stores.
func (c *Client) DeleteCredential(ctx context.Context, credential Credential) error {
	credentials := c.credentialsOf(credential.Region)
	var leaving []ObjectStore // the stores that the deletion waits for
	unexplained := 0          // rejections although the credential owns no store
	for look := c.newPoller(); ; {
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
			mayRepeat := unexplained <= maxUnexplained || isCivos5xx(refused) && unexplained <= c.timing.Retries
			if Is(err, KindInUse) || Is(err, KindUnauthorized) || !mayRepeat {
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

// maxUnexplained is the number of retries of a deletion that Civo rejects although the credential owns no store. A deletion that Civo
// rejects with a 5xx is retried up to Timing.Retries times.
const maxUnexplained = 2

// waitedFor adds the stores that a deletion waited for to an error that ended it.
func waitedFor(ctx context.Context, leaving []ObjectStore, err error) error {
	if err == nil || ctx.Err() == nil || len(leaving) == 0 {
		return err
	}
	return &Error{Kind: KindInUse, Err: ctx.Err(), Stores: leaving, Reason: "an object store that the credential owns is still being deleted"}
}

// explainRefusal finds the stores because of which Civo rejects the deletion of a credential. The error is nil, with the stores,
// if all of them are being deleted.
func (c *Client) explainRefusal(ctx context.Context, credential Credential, refused error) ([]ObjectStore, error) {
	list, err := c.storesOf(credential.Region).listNow(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w; %w", refused, err)
	}
	owned := slices.DeleteFunc(list.items, func(s ObjectStore) bool { return !s.isOwnedBy(credential) })
	staying := slices.DeleteFunc(slices.Clone(owned), ObjectStore.IsBeingDeleted)
	switch {
	case len(owned) == 0:
		return nil, refused
	case len(staying) > 0:
		return nil, withChange(refused, func(e *Error) { e.Kind, e.Stores, e.uncertain = KindInUse, staying, false })
	}
	return owned, nil
}
