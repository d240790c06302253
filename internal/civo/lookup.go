// Finding credentials by name, access key ID or ID, in one region or in all.

package civo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

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
	if IsUUID(l.Any) {
		return l.Any
	}
	if idForm.MatchString(l.ID) {
		return l.ID
	}
	return ""
}

// FindCredential returns the one credential in a region that matches a lookup. IsNotFound (with the credentials that exist) or
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

// FindCurrentCredential returns the one credential in a region that matches a lookup, in its current state. It is for callers
// that pass the secret on: FindCredential can return one that another client replaced a few seconds ago.
func (c *Client) FindCurrentCredential(ctx context.Context, region string, lookup Lookup) (Credential, error) {
	credentials := c.credentialsOf(region)
	id := lookup.id()
	if id == "" {
		found, err := c.FindCredential(ctx, region, lookup)
		if err != nil {
			return found, err
		}
		id = found.ID
	}
	current, err := credentials.readNow(ctx, id)
	if err == nil && lookup.matches(current) || err != nil && !IsNotFound(err) {
		return current, err
	}
	credentials.invalidate() // the credential was deleted or changed since it was listed
	return c.FindCredential(ctx, region, lookup)
}

// FindCredentialInAnyRegion returns the one credential that matches a lookup. It searches the given region first (empty: none),
// then the others that have object storage. IsNotFound holds for the error only if none of them contains it; IsOtherRegion if
// some could not be searched.
func (c *Client) FindCredentialInAnyRegion(ctx context.Context, first string, lookup Lookup) (Credential, error) {
	var notFound, failed error
	if first != "" {
		found, err := c.searchRegion(ctx, first, lookup)
		if err == nil || !isAboutRegion(ctx, err) {
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
		return Credential{}, notSearched(cmp.Or(notFound, failed), "The other regions could not be listed", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timing.List) // for all of them, however many there are
	defer cancel()
	unsearched := ""
	for _, region := range regions {
		if SameRegion(region.Code, first) || !region.HasObjectStorage() {
			continue
		}
		found, err := c.searchRegion(ctx, region.Code, lookup)
		switch {
		case err == nil, !isAboutRegion(ctx, err):
			return found, err
		case IsNotFound(err):
			notFound = cmp.Or(notFound, err)
		default:
			unsearched, failed = region.Code, err
		}
	}
	switch {
	case failed != nil:
		return Credential{}, notSearched(notFound, "Region "+cmp.Or(unsearched, first)+" could not be searched", failed)
	case notFound == nil:
		return Credential{}, &Error{Kind: KindNotFound, Reason: fmt.Sprintf("no region with object storage has a credential with the %s", lookup)}
	}
	return Credential{}, notFound
}

// searchRegion looks in one of several regions. One that hangs does not use up the time of the others.
func (c *Client) searchRegion(ctx context.Context, region string, lookup Lookup) (Credential, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timing.Search)
	defer cancel()
	return c.FindCredential(ctx, region, lookup)
}

// isAboutRegion reports whether an error of one region does not apply to the others. A 403 or 400 can be about the region.
func isAboutRegion(ctx context.Context, err error) bool {
	return ctx.Err() == nil && !IsAmbiguous(err) && !IsNotConfigured(err) && (!IsUnauthorized(err) || isForbidden(err))
}

// notSearched returns the error of a search that found nothing but did not cover every region.
func notSearched(notFound error, what string, cause error) error {
	reason := what
	if notFound != nil {
		reason = notFound.Error() + ". " + what
	}
	return &Error{Kind: KindOtherRegion, Reason: reason, Err: cause}
}

// pick returns the one of a region's credentials that matches a lookup.
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
