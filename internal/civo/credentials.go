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

// Credential is what opens the object stores that it owns.
type Credential struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Region      string `json:"-"` // in upper case; the answer does not tell it, the request does
	AccessKeyID string `json:"access_key_id"`
	// SecretAccessKey is the secret itself, despite the API's name for it. May be empty while the status is not ready.
	SecretAccessKey Secret `json:"secret_access_key_id"`
	Suspended       bool   `json:"suspended"`
	Status          Status `json:"status"`
}

// Status is how far Civo is with a credential.
type Status string

// The statuses that end the wait. Any other, also none, means "not yet".
const (
	StatusReady  Status = "ready"
	StatusFailed Status = "failed"
)

// Keys are the two halves of a credential.
type Keys struct {
	AccessKeyID     string
	SecretAccessKey Secret
}

// Keys gives the credential's keys.
func (c Credential) Keys() Keys { return Keys{c.AccessKeyID, c.SecretAccessKey} }

func (c Credential) withoutSecret() Credential {
	c.SecretAccessKey = Secret{}
	return c
}

var (
	uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	// idForm is wider than the UUIDs that Civo's ids are.
	idForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

// checkID refuses an id that would make another path than a credential's, as ".." or an empty one would.
func checkID(id string) error {
	if idForm.MatchString(id) {
		return nil
	}
	return &Error{Kind: KindUnexpected, Reason: fmt.Sprintf("%q cannot be the id of a credential", id)}
}

func credentialPath(id string) string { return credentialsPath + "/" + url.PathEscape(id) }

// CredentialPages gives the credentials of a region as Civo pages them, each page as it arrives. It ends at the first error.
func (c *Client) CredentialPages(ctx context.Context, region string) iter.Seq2[[]Credential, error] {
	return func(yield func([]Credential, error) bool) {
		for page, err := range pages[Credential](ctx, c, credentialsPath, region) {
			if err == nil {
				err = adopt(page.items, region)
			}
			if !yield(page.items, err) || err != nil {
				return
			}
		}
	}
}

// credentialPage reads one page, counted from 1.
func (c *Client) credentialPage(ctx context.Context, region string, number int) (part[Credential], error) {
	page, err := getPage[Credential](ctx, c, credentialsPath, region, number)
	if err == nil {
		err = adopt(page.items, region)
	}
	return page, err
}

// adopt fills in what a list does not say, and refuses items that cannot be told apart.
func adopt(items []Credential, region string) error {
	for i := range items {
		if items[i].ID == "" {
			return &Error{
				Kind: KindUnexpected, Method: http.MethodGet, Path: credentialsPath, Status: http.StatusOK,
				Err: fmt.Errorf("item %d of the list has no id", i+1),
			}
		}
		items[i].Region = CanonicalRegion(region)
	}
	return nil
}

// Credentials gives all credentials of a region, each once. What it gives may have been read a few seconds ago, but not
// before a write of this client's.
func (c *Client) Credentials(ctx context.Context, region string) ([]Credential, error) {
	list, err := c.readsOf(region).all(ctx, recent)
	if err != nil {
		return nil, err
	}
	return slices.Clone(list.all), nil
}

// Credential reads one credential. IsNotFound holds for the error only if it is surely gone: Civo does not know the id,
// and a list of the region, which also shows that the token is good, lacks it. Like Credentials, it may give what was read
// a few seconds ago.
func (c *Client) Credential(ctx context.Context, region, id string) (Credential, error) {
	return c.FindCredential(ctx, region, Lookup{ID: id})
}

func (c *Client) getCredential(ctx context.Context, region, id string) (Credential, error) {
	get := call{method: http.MethodGet, path: credentialPath(id), region: region}
	credential, err := send[Credential](ctx, c, get)
	if err != nil {
		return Credential{}, err
	}
	if credential.ID != id {
		return Credential{}, unreadable(get, http.StatusOK, "the answer is not the credential that was asked for")
	}
	credential.Region = CanonicalRegion(region)
	return credential, nil
}

// Lookup says which credential is wanted, by exactly one of its fields, compared whole.
type Lookup struct {
	ID          string
	Name        string
	AccessKeyID string
	Any         string // one of the three
}

// String names the lookup in a sentence.
func (l Lookup) String() string {
	switch {
	case l.ID != "":
		return fmt.Sprintf("id %q", l.ID)
	case l.Name != "":
		return fmt.Sprintf("name %q", l.Name)
	case l.AccessKeyID != "":
		return fmt.Sprintf("access key ID %q", l.AccessKeyID)
	default:
		return fmt.Sprintf("id, name or access key ID %q", l.Any)
	}
}

func (l Lookup) matches(c Credential) bool {
	switch {
	case l.ID != "":
		return c.ID == l.ID
	case l.Name != "":
		return c.Name == l.Name
	case l.AccessKeyID != "":
		return c.AccessKeyID == l.AccessKeyID
	default:
		return l.Any != "" && (c.ID == l.Any || c.Name == l.Any || c.AccessKeyID == l.Any)
	}
}

// id is what to ask for by id first, which takes one request in a region of any size; empty if only a list helps.
func (l Lookup) id() string {
	if uuidForm.MatchString(l.Any) {
		return l.Any
	}
	if idForm.MatchString(l.ID) { // anything else would make another path of it, and no credential has it
		return l.ID
	}
	return ""
}

// FindCredential reads the one credential that a lookup means. IsNotFound (with what there is) or IsAmbiguous (with
// those that match) holds for the error where there is not exactly one.
func (c *Client) FindCredential(ctx context.Context, region string, want Lookup) (Credential, error) {
	reads := c.readsOf(region)
	if id := want.id(); id != "" {
		found, err := reads.one(ctx, id, recent)
		if want.ID != "" || !IsNotFound(err) {
			return found, err
		}
	}
	list, err := reads.all(ctx, recent)
	if err != nil {
		return Credential{}, err
	}
	return pick(list.all, want, region)
}

// LocateCredential reads the one credential that a lookup means, as FindCredential does. If the region surely lacks it, it
// looks in the other regions too: IsElsewhere holds for the error where one of them has it, or could not be asked.
func (c *Client) LocateCredential(ctx context.Context, region string, want Lookup) (Credential, error) {
	found, notFound := c.FindCredential(ctx, region, want)
	if !IsNotFound(notFound) {
		return found, notFound
	}
	others, err := c.Regions(ctx)
	if err != nil {
		return Credential{}, elsewhere(notFound, "; whether another region has it could not be found out", err)
	}
	for _, other := range others {
		if SameRegion(other, region) {
			continue
		}
		_, err := c.FindCredential(ctx, other, want)
		switch {
		case err == nil || IsAmbiguous(err):
			return Credential{}, elsewhere(notFound, ", but "+other+" has one", nil)
		case !IsNotFound(err):
			return Credential{}, elsewhere(notFound, "; whether "+other+" has it could not be found out", err)
		}
	}
	return Credential{}, notFound
}

func elsewhere(notFound error, more string, cause error) error {
	return &Error{Kind: KindElsewhere, Reason: notFound.Error() + more, Err: cause}
}

// pick gives the one of a region's credentials that a lookup means.
func pick(all []Credential, want Lookup, region string) (Credential, error) {
	var matching, others []Credential
	for _, credential := range all {
		if want.matches(credential) {
			matching = append(matching, credential)
		} else {
			others = append(others, credential.withoutSecret())
		}
	}
	switch len(matching) {
	case 1:
		return matching[0], nil
	case 0:
		return Credential{}, &Error{
			Kind: KindNotFound, Credentials: others,
			Reason: fmt.Sprintf("no credential in %s has the %s", CanonicalRegion(region), want),
		}
	default:
		return Credential{}, &Error{
			Kind: KindAmbiguous, Credentials: withoutSecrets(matching),
			Reason: fmt.Sprintf("%d credentials in %s have the %s", len(matching), CanonicalRegion(region), want),
		}
	}
}

func withoutSecrets(credentials []Credential) []Credential {
	bare := slices.Clone(credentials)
	for i := range bare {
		bare[i] = bare[i].withoutSecret()
	}
	return bare
}
