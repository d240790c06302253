package civo

import (
	"cmp"
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

// checkID rejects an ID that would lead to another path, as ".." or an empty one would.
func checkID(id string) error {
	if idForm.MatchString(id) {
		return nil
	}
	return &Error{Kind: KindUnexpected, Reason: fmt.Sprintf("%q cannot be the ID of a credential", id)}
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
		pace: c.pace,
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

// invalidate discards what was read in a region, however its code is spelled.
func (c *Client) invalidate(region string) {
	c.credentials.Range(func(spelling, credentials any) bool {
		if SameRegion(spelling.(string), region) { //nolint:forcetypeassert // nothing else is stored
			credentials.(*collection[Credential]).invalidate() //nolint:forcetypeassert // nothing else is stored
		}
		return true
	})
}

// writing discards what was read in a region before a write, and returns the function to call after it.
func (c *Client) writing(region string) (written func()) {
	c.invalidate(region)
	return func() { c.invalidate(region) }
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

// Credentials returns all credentials of a region, each once. The list may have been read a few seconds ago, but not
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
// credential may have been read a few seconds ago, but not before a write of this client.
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

// Lookup identifies one credential by exactly one of its fields, compared in full.
type Lookup struct {
	ID          string
	Name        string
	AccessKeyID string
	Any         string // one of the three
}

// String describes the lookup as part of a sentence.
func (l Lookup) String() string {
	switch {
	case l.ID != "":
		return fmt.Sprintf("ID %q", l.ID)
	case l.Name != "":
		return fmt.Sprintf("name %q", l.Name)
	case l.AccessKeyID != "":
		return fmt.Sprintf("access key ID %q", l.AccessKeyID)
	default:
		return fmt.Sprintf("ID, name or access key ID %q", l.Any)
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

// id returns the ID to request first, which takes one request in a region of any size; empty if only a list helps.
func (l Lookup) id() string {
	if uuidForm.MatchString(l.Any) {
		return l.Any
	}
	if idForm.MatchString(l.ID) {
		return l.ID
	}
	return ""
}

// FindCredential returns the one credential in a region that a lookup means. IsNotFound (with the credentials that exist) or
// IsAmbiguous (with those that match) holds for the error if there is not exactly one.
func (c *Client) FindCredential(ctx context.Context, region string, lookup Lookup) (Credential, error) {
	credentials := c.credentialsOf(region)
	if id := lookup.id(); id != "" {
		found, err := credentials.read(ctx, id)
		if !IsNotFound(err) {
			return found, err
		}
	}
	list, err := credentials.all(ctx)
	if err != nil {
		return Credential{}, err
	}
	found, err := pick(list.items, lookup, region)
	if err == nil {
		return found, nil
	}
	// It may have been created, deleted or moved to another page meanwhile.
	list, err = credentials.settled(ctx, func(list *snapshot[Credential]) bool {
		_, err := pick(list.items, lookup, region)
		return err == nil
	})
	if err != nil {
		return Credential{}, err
	}
	return pick(list.items, lookup, region)
}

// FindCredentialInAnyRegion returns the one credential that a lookup means. It looks in one region first (empty: in none), then
// in the others that have object storage. IsNotFound holds for the error only if none of them contains it; IsOtherRegion if
// some could not be searched.
func (c *Client) FindCredentialInAnyRegion(ctx context.Context, first string, lookup Lookup) (Credential, error) {
	var notFound, failed error
	if first != "" {
		found, err := c.FindCredential(ctx, first, lookup)
		if err == nil || !isAboutRegion(err) {
			return found, err
		}
		if IsNotFound(err) {
			notFound = err
		} else {
			failed = err
		}
	}
	regions, err := c.Regions(ctx)
	if err != nil {
		return Credential{}, notSearched(cmp.Or(notFound, failed), "the other regions could not be listed", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.pace.List) // for all of them, however many there are
	defer cancel()
	unsearched := ""
	for _, region := range regions {
		if SameRegion(region.Code, first) || !region.HasObjectStorage() {
			continue
		}
		found, err := c.FindCredential(ctx, region.Code, lookup)
		switch {
		case err == nil, !isAboutRegion(err):
			return found, err
		case IsNotFound(err):
			notFound = cmp.Or(notFound, err)
		default:
			unsearched, failed = region.Code, err
		}
	}
	switch {
	case failed != nil:
		return Credential{}, notSearched(notFound, cmp.Or(unsearched, first)+" could not be searched", failed)
	case notFound == nil:
		return Credential{}, &Error{Kind: KindNotFound, Reason: fmt.Sprintf("no region with object storage has a credential with the %s", lookup)}
	}
	return Credential{}, notFound
}

// isAboutRegion reports whether an error of one region says nothing about the others.
func isAboutRegion(err error) bool {
	return IsNotFound(err) || IsUnknownRegion(err) || IsNoObjectStorage(err) || IsUnavailable(err) && !IsInterrupted(err) || IsUnexpected(err)
}

// notSearched is the error of a search that found nothing, but did not see every region.
func notSearched(notFound error, what string, cause error) error {
	reason := what
	if notFound != nil {
		reason = notFound.Error() + "; " + what
	}
	return &Error{Kind: KindOtherRegion, Reason: reason, Err: cause}
}

// pick returns the one of a region's credentials that a lookup means.
func pick(all []Credential, lookup Lookup, region string) (Credential, error) {
	var matching, others []Credential
	for _, credential := range all {
		if lookup.matches(credential) {
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
			Reason: fmt.Sprintf("no credential in %s has the %s", region, lookup),
		}
	default:
		return Credential{}, &Error{
			Kind: KindAmbiguous, Credentials: withoutSecrets(matching),
			Reason: fmt.Sprintf("%d credentials in %s have the %s", len(matching), region, lookup),
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
