// Finding credentials and object stores by ID, name or access key ID, in one region or in all.

package civo

import (
	"cmp"
	"context"
	"fmt"
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

func (l Lookup) id() string { return lookupID(l.ID, l.Any) }

// ObjectStoreLookup identifies one object store by exactly one of its fields, compared in full.
type ObjectStoreLookup struct {
	ID   string
	Name string
	Any  string // one of the two
}

// String describes the lookup as part of a sentence.
func (l ObjectStoreLookup) String() string {
	switch {
	case l.ID != "":
		return fmt.Sprintf("ID %q", l.ID)
	case l.Name != "":
		return fmt.Sprintf("name %q", l.Name)
	default:
		return fmt.Sprintf("ID or name %q", l.Any)
	}
}

func (l ObjectStoreLookup) matches(s ObjectStore) bool {
	switch {
	case l.ID != "":
		return s.ID == l.ID
	case l.Name != "":
		return s.Name == l.Name
	default:
		return l.Any != "" && (s.ID == l.Any || s.Name == l.Any)
	}
}

func (l ObjectStoreLookup) id() string { return lookupID(l.ID, l.Any) }

// lookup identifies one object of a kind.
type lookup[T any] interface {
	fmt.Stringer
	matches(candidate T) bool
	id() string // to request first, which takes one request in a region of any size; empty if only a list helps
}

// lookupID returns an ID that can be requested.
func lookupID(id, anyOf string) string {
	if IsUUID(anyOf) {
		return anyOf
	}
	if idForm.MatchString(id) {
		return id
	}
	return ""
}

// FindCredential returns the credential in a region that matches a lookup. If none matches, the error is of KindNotFound and contains
// the existing credentials. If several match, the error is of KindAmbiguous and contains them.
func (c *Client) FindCredential(ctx context.Context, region string, by Lookup) (Credential, error) {
	return c.credentialsOf(region).find(ctx, by)
}

// FindObjectStore returns the object store in a region that matches a lookup. If none matches, the error is of KindNotFound and
// contains the existing stores. If several match, the error is of KindAmbiguous and contains them.
func (c *Client) FindObjectStore(ctx context.Context, region string, by ObjectStoreLookup) (ObjectStore, error) {
	return c.storesOf(region).find(ctx, by)
}

func (c *collection[T]) find(ctx context.Context, by lookup[T]) (T, error) {
	var none T
	if id := by.id(); id != "" {
		found, err := c.read(ctx, id)
		if !Is(err, KindNotFound) {
			return found, err
		}
	}
	list, err := c.all(ctx)
	if err != nil {
		return none, err
	}
	found, err := c.pick(list.items, by)
	if err == nil {
		return found, nil
	}
	// It may have been created, deleted or moved to another page meanwhile.
	list, err = c.settled(ctx, func(list *snapshot[T]) bool {
		_, err := c.pick(list.items, by)
		return err == nil
	})
	if err != nil {
		return none, err
	}
	return c.pick(list.items, by)
}

// pick returns the one of a region's objects that matches a lookup.
func (c *collection[T]) pick(all []T, by lookup[T]) (T, error) {
	var none T
	var matching, others []T
	for _, candidate := range all {
		if by.matches(candidate) {
			matching = append(matching, candidate)
		} else {
			others = append(others, candidate)
		}
	}
	switch len(matching) {
	case 1:
		return matching[0], nil
	case 0:
		return none, errorAbout(Error{Kind: KindNotFound, Reason: fmt.Sprintf("no %s in %s has the %s", c.kind.noun, c.region, by)}, others...)
	default:
		reason := fmt.Sprintf("%d %ss in %s have the %s", len(matching), c.kind.noun, c.region, by)
		return none, errorAbout(Error{Kind: KindAmbiguous, Reason: reason}, matching...)
	}
}

// FindCurrentCredential returns the one credential in a region that matches a lookup, in its current state. It is for callers
// that pass the secret on: FindCredential can return one that another client replaced a few seconds ago.
func (c *Client) FindCurrentCredential(ctx context.Context, region string, by Lookup) (Credential, error) {
	credentials := c.credentialsOf(region)
	id := by.id()
	if id == "" {
		found, err := credentials.find(ctx, by)
		if err != nil {
			return found, err
		}
		id = found.ID
	}
	current, err := credentials.readNow(ctx, id)
	if err == nil && by.matches(current) || err != nil && !Is(err, KindNotFound) {
		return current, err
	}
	c.invalidate() // the credential was deleted or changed since it was listed
	return credentials.find(ctx, by)
}

// FindCredentialInAnyRegion returns the credential that matches a lookup. It searches the given region first, unless it is empty, and
// then the other regions with object storage. The error is of KindNotFound only if no region contains the credential, and
// of KindOtherRegion if it could not search some regions.
func (c *Client) FindCredentialInAnyRegion(ctx context.Context, first string, by Lookup) (Credential, error) {
	return findInAnyRegion(ctx, c, &c.credentials, first, by)
}

// FindObjectStoreInAnyRegion returns the one object store that matches a lookup, like FindCredentialInAnyRegion.
func (c *Client) FindObjectStoreInAnyRegion(ctx context.Context, first string, by ObjectStoreLookup) (ObjectStore, error) {
	return findInAnyRegion(ctx, c, &c.stores, first, by)
}

func findInAnyRegion[T object[T]](ctx context.Context, c *Client, in *collections[T], first string, by lookup[T]) (T, error) {
	var none T
	var notFound, failed error
	if first != "" {
		found, err := searchRegion(ctx, in.in(c, first), by)
		if err == nil || !isAboutRegion(ctx, err) {
			return found, err
		}
		if Is(err, KindNotFound) {
			notFound = err
		} else {
			failed = err
		}
	}
	regions, err := c.Regions(ctx)
	if err != nil {
		return none, notSearched(cmp.Or(notFound, failed), "The other regions could not be listed", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timing.List) // for all of them, however many there are
	defer cancel()
	unsearched := ""
	for _, region := range regions {
		if SameRegion(region.Code, first) || !region.HasObjectStorage() {
			continue
		}
		found, err := searchRegion(ctx, in.in(c, region.Code), by)
		switch {
		case err == nil, !isAboutRegion(ctx, err):
			return found, err
		case Is(err, KindNotFound):
			notFound = cmp.Or(notFound, err)
		default:
			unsearched, failed = region.Code, err
		}
	}
	switch {
	case failed != nil:
		return none, notSearched(notFound, "Region "+cmp.Or(unsearched, first)+" could not be searched", failed)
	case notFound == nil:
		return none, &Error{Kind: KindNotFound, Reason: fmt.Sprintf("no %s in any region with object storage has the %s", none.kind().noun, by)}
	}
	return none, notFound
}

// searchRegion looks in one of several regions. One that hangs does not use up the time of the others.
func searchRegion[T object[T]](ctx context.Context, in *collection[T], by lookup[T]) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, in.client.timing.Search)
	defer cancel()
	return in.find(ctx, by)
}

// isAboutRegion reports whether an error of one region does not apply to the others. A 403 or 400 can be about the region.
func isAboutRegion(ctx context.Context, err error) bool {
	return ctx.Err() == nil && !Is(err, KindAmbiguous) && !Is(err, KindNotConfigured) && (!Is(err, KindUnauthorized) || isForbidden(err))
}

// notSearched returns the error of a search that found nothing but did not cover every region.
func notSearched(notFound error, what string, cause error) error {
	reason := what
	if notFound != nil {
		reason = notFound.Error() + ". " + what
	}
	return &Error{Kind: KindOtherRegion, Reason: reason, Err: cause}
}
