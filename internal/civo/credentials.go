// The type Credential, and reading and listing credentials.

package civo

import (
	"cmp"
	"context"
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
	return c.credentials.in(c, region)
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
