// The type Credential, and reading and listing credentials.

package civo

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

const credentialsPath = "/v2/objectstore/credentials" //nolint:gosec // a path, not a credential

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

// Status is the status of a credential as reported by Civo.
type Status string

// The final statuses. Any other, or none, means that the credential is not ready yet.
const (
	StatusReady  Status = "ready"
	StatusFailed Status = "failed"
)

// Keys are the two halves of a credential.
type Keys struct {
	AccessKeyID     string
	SecretAccessKey Secret
}

// Keys returns the credential's keys.
func (c Credential) Keys() Keys { return Keys{c.AccessKeyID, c.SecretAccessKey} }

// HidesKeys reports whether Civo does not show the access key ID yet, which it may do until the credential is ready.
func (c Credential) HidesKeys() bool {
	return c.AccessKeyID == "" && c.Status != StatusReady && c.Status != StatusFailed
}

func (c Credential) withoutSecret() Credential {
	c.SecretAccessKey = Secret{}
	return c
}

var (
	uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	// idForm accepts more than the UUIDs that Civo's IDs are, but nothing that would change the path of a request.
	idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
)

// IsUUID reports whether a text has the form of Civo's IDs.
func IsUUID(text string) bool { return uuidForm.MatchString(text) }

// checkID rejects an ID that would lead to another path, as ".." or an empty one would.
func checkID(id string) error {
	if idForm.MatchString(id) {
		return nil
	}
	return &Error{Kind: KindUnexpected, Reason: fmt.Sprintf("%q is not a valid credential ID", id)}
}

func credentialPath(id string) string { return credentialsPath + "/" + url.PathEscape(id) }

func (c Credential) objectID() string { return c.ID }

// CredentialPages returns the credentials of a region page by page, each credential once. It ends at the first error.
func (c *Client) CredentialPages(ctx context.Context, region string) iter.Seq2[[]Credential, error] {
	return func(yield func([]Credential, error) bool) {
		seen := map[string]bool{}
		for page, err := range pages[Credential](ctx, c, credentialsPath, region) {
			fresh := slices.DeleteFunc(page.Items.items, func(c Credential) bool { return seen[c.ID] })
			if err == nil {
				err = complete(fresh, region)
			}
			for _, credential := range fresh {
				seen[credential.ID] = true
			}
			if !yield(fresh, err) || err != nil {
				return
			}
		}
	}
}

// complete fills in what a list does not contain, and rejects items that have no usable ID.
func complete(items []Credential, region string) error {
	for i := range items {
		if !idForm.MatchString(items[i].ID) {
			return &Error{
				Kind: KindUnexpected, Method: http.MethodGet, Path: credentialsPath, Status: http.StatusOK,
				Err: fmt.Errorf("item %d of the list has no valid ID", i+1),
			}
		}
		items[i].Region = region
	}
	return nil
}

// credentialsOf returns the collection of a region's credentials.
func (c *Client) credentialsOf(region string) *collection[Credential] {
	created := &collection[Credential]{
		timing: c.timing,
		list: func(ctx context.Context, goOn func(int) bool) (*snapshot[Credential], error) {
			return c.listCredentials(ctx, region, goOn)
		},
		get: func(ctx context.Context, id string) (Credential, error) { return c.getCredential(ctx, region, id) },
		missing: func(id string) error {
			return &Error{Kind: KindNotFound, Reason: fmt.Sprintf("no credential in %s has the ID %q", region, id)}
		},
	}
	known, _ := c.credentials.LoadOrStore(region, created)
	return known.(*collection[Credential]) //nolint:forcetypeassert // nothing else is stored
}

// invalidate discards everything that was read in a region, in any spelling of its code.
func (c *Client) invalidate(region string) {
	c.credentials.Range(func(spelling, credentials any) bool {
		if SameRegion(spelling.(string), region) { //nolint:forcetypeassert // nothing else is stored
			credentials.(*collection[Credential]).invalidate() //nolint:forcetypeassert // nothing else is stored
		}
		return true
	})
}

func (c *Client) listCredentials(ctx context.Context, region string, goOn func(pages int) bool) (*snapshot[Credential], error) {
	list := &snapshot[Credential]{byID: map[string]Credential{}}
	for page, err := range pages[Credential](ctx, c, credentialsPath, region) {
		if err == nil {
			err = complete(page.Items.items, region)
		}
		if err != nil {
			return nil, err
		}
		first := list.pages == 0
		list.add(page.Items.items)
		list.pages = max(list.pages, *page.Pages)
		if first && list.pages > 1 && !goOn(list.pages) {
			return list, nil
		}
	}
	list.complete = true
	return list, nil
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

// Credential returns one credential. IsNotFound holds for the error only if the credential certainly does not exist: Civo
// does not know the ID, and a list of the region, which also shows that the token is valid, does not contain it. The
// credential may have been read up to Timing.Fresh ago, but not before a write of this client.
func (c *Client) Credential(ctx context.Context, region, id string) (Credential, error) {
	if err := checkID(id); err != nil {
		return Credential{}, err
	}
	return c.credentialsOf(region).read(ctx, id)
}

func (c *Client) getCredential(ctx context.Context, region, id string) (Credential, error) {
	get := call{method: http.MethodGet, path: credentialPath(id), region: region}
	credential, err := send[Credential](ctx, c, get)
	if err != nil {
		return Credential{}, err
	}
	if credential.ID != id {
		return Credential{}, decodeError(get, http.StatusOK, "the response is not the credential that was requested")
	}
	credential.Region = region
	return credential, nil
}
