// Credentials and their keys.

package civo

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
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

// HidesKeys reports whether Civo does not show the access key ID yet.
func (c Credential) HidesKeys() bool { return c.AccessKeyID == "" && !c.Status.IsFinal() }

func (Credential) recordType() recordType {
	return recordType{noun: "credential", path: "/v2/objectstore/credentials", codeNotFound: codeNoCredential, inObjectStorage: true}
}

// Ref returns a reference to the credential, without the secret.
func (c Credential) Ref() Ref {
	ref := Ref{Noun: c.recordType().noun, ID: c.ID, Name: c.Name, Region: c.Region, Status: c.Status}
	if c.AccessKeyID != "" {
		ref.Extra = "access key ID " + Quote(c.AccessKeyID)
	}
	return ref
}

func (c Credential) fields() map[Field]string {
	return map[Field]string{FieldID: c.ID, FieldName: c.Name, FieldAccessKeyID: c.AccessKeyID}
}

// body returns the JSON of a request, which contains the secret in plain text.
func (c Credential) body() any {
	return struct {
		Name            string `json:"name,omitempty"`
		AccessKeyID     string `json:"access_key_id"`
		SecretAccessKey string `json:"secret_access_key_id"`
		Region          string `json:"region"`
	}{c.Name, c.AccessKeyID, c.SecretAccessKey.Reveal(), c.Region}
}

func (c Credential) withRegion(region string) Credential {
	c.Region = region
	return c
}

func (c Credential) withStatus(status Status) Credential {
	c.Status = status
	return c
}

// completedBy adds the keys, which a response can omit until the credential is ready, and keeps the spelling of the name.
func (c Credential) completedBy(sent Credential) Credential {
	c.Name = spelled(c.Name, sent.Name)
	c.AccessKeyID = cmp.Or(c.AccessKeyID, sent.AccessKeyID)
	c.SecretAccessKey = cmp.Or(c.SecretAccessKey, sent.SecretAccessKey)
	return c
}

// compare compares the name and the keys. Civo may omit the secret or both keys until the credential is ready. In a later run, the secret
// that was sent may not be known.
func (c Credential) compare(sent Credential) match {
	hidesSecret := c.SecretAccessKey.IsZero() && c.Status != StatusReady
	isSent := c.hasKeysOf(sent) || c.AccessKeyID == sent.AccessKeyID && (hidesSecret || sent.SecretAccessKey.IsZero())
	switch {
	case isSent && sameName(c.Name, sent.Name):
		return same
	case isSent && sent.AccessKeyID != "":
		return renamed
	case c.AccessKeyID == "" && sameName(c.Name, sent.Name):
		return unclear
	}
	return different
}

// WithKeys returns the credential with new keys. An empty key keeps the current one.
func (c Credential) WithKeys(accessKeyID string, secret Secret) Credential {
	c.AccessKeyID, c.SecretAccessKey = cmp.Or(accessKeyID, c.AccessKeyID), cmp.Or(secret, c.SecretAccessKey)
	return c
}

// HasKeys reports whether the credential contains both keys.
func (c Credential) HasKeys() bool { return c.AccessKeyID != "" && !c.SecretAccessKey.IsZero() }

func (c Credential) hasKeysOf(other Credential) bool {
	return c.AccessKeyID == other.AccessKeyID && c.SecretAccessKey == other.SecretAccessKey
}

// Credentials returns the collection of a region's credentials. It sends no request.
func (c *Client) Credentials(region string) *Collection[Credential] {
	return Records[Credential](c, region)
}

// NewAccessKeyID returns a random access key ID of 100 bits. Like those that Civo generates, it has 20 characters, here of A–Z and 2–7.
func NewAccessKeyID() string { return rand.Text()[:20] }

// NewSecretAccessKey returns a random secret access key of 200 bits. Like those that Civo generates, it has 40 characters.
func NewSecretAccessKey() Secret { return NewSecret((rand.Text() + rand.Text())[:40]) }

// CreateCredential creates at most one credential, from its name, region and keys. The ID must be empty, and both keys are required,
// because they identify the credential if the response is lost. The credential is not ready yet (see Collection.WaitReady). The error
// satisfies IsUncertain if the outcome remains unknown, and is of KindNameTaken or KindAccessKeyTaken if another credential has either. If
// that one has both keys, it is the result: the caller created it if nobody else can have the keys. With KindOtherName, the result is the
// created credential.
func (c *Client) CreateCredential(ctx context.Context, wanted Credential) (Credential, error) {
	return c.Credentials(wanted.Region).create(context.WithValue(ctx, secretKey{}, wanted.SecretAccessKey), wanted)
}

// UpdateCredential changes both keys of the credential that has the ID, in place. The error satisfies IsUncertain if the outcome remains
// unknown, and is of KindNotFound or KindAccessKeyTaken if the credential does not exist or another one has the access key ID.
func (c *Client) UpdateCredential(ctx context.Context, wanted Credential) (Credential, error) {
	ctx = context.WithValue(ctx, secretKey{}, wanted.SecretAccessKey)
	wanted.Name = "" // a PUT does not contain it
	credentials := c.Credentials(wanted.Region)
	changed, err := credentials.update(ctx, wanted, wanted.hasKeysOf)
	if isConflict(err) {
		err = credentials.explainConflict(ctx, err, wanted)
	}
	return changed, err
}

// DeleteCredential deletes a credential. It returns nil once the credential does not exist, so that its name can be reused. Civo does not
// delete one that owns object stores. It waits while all of these are being deleted. Otherwise, the error is of KindInUse.
func (c *Client) DeleteCredential(ctx context.Context, credential Credential) error {
	ctx = context.WithValue(ctx, secretKey{}, credential.SecretAccessKey)
	credentials := c.Credentials(credential.Region)
	var leaving []Ref // the stores that the deletion waits for
	unexplained := 0  // rejections that no object store explains
	for look := c.newPoller(); ; {
		refused := credentials.delete(ctx, credential, isRefusedDeletion)
		if refused == nil || !isRefusedDeletion(refused) {
			return waitedFor(ctx, leaving, refused)
		}
		stores, err := c.explainRefusal(ctx, credential, refused)
		switch {
		case err == nil:
			leaving = stores
		case Is(err, KindInUse), Is(err, KindUnauthorized), Is(err, KindForbidden), unexplained == c.timing.Retries:
			return err
		default: // a store that was deleted between the rejection and the list explains the rejection too
			unexplained++
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
func waitedFor(ctx context.Context, leaving []Ref, err error) error {
	if err == nil || ctx.Err() == nil || len(leaving) == 0 {
		return err
	}
	return &Error{Kind: KindInUse, Err: ctx.Err(), Owned: leaving, Reason: "an object store that the credential owns is still being deleted"}
}

// explainRefusal returns the stores because of which Civo rejects the deletion of a credential, or an error unless all are being deleted.
func (c *Client) explainRefusal(ctx context.Context, credential Credential, refused error) ([]Ref, error) {
	list, err := c.ObjectStores(credential.Region).readList(ctx, maxPages)
	if err != nil {
		return nil, fmt.Errorf("%w; %w", refused, err)
	}
	owned := refsOf(slices.DeleteFunc(list.items, func(store ObjectStore) bool { return !store.isOwnedBy(credential) }))
	for i := range owned {
		owned[i].Extra = "" // the owner is the credential
	}
	staying := slices.DeleteFunc(slices.Clone(owned), Ref.IsBeingDeleted)
	switch {
	case len(owned) == 0:
		return nil, refused
	case len(staying) > 0:
		return nil, withChange(refused, func(e *Error) { e.Kind, e.Owned, e.uncertain = KindInUse, staying, false })
	}
	return owned, nil
}
