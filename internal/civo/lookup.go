// Finding credentials and object stores by ID, name or access key ID, in one region or in all.

package civo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Lookup identifies one object by exactly one of its fields, compared in full.
type Lookup struct {
	ID          string
	Name        string
	AccessKeyID string // of a credential; an object store has no access key ID of its own
	IDOrName    string
	Any         string // ID, name or access key ID
}

// String describes the lookup as part of a sentence.
func (l Lookup) String() string {
	for _, by := range []struct{ field, value string }{
		{"ID", l.ID}, {"name", l.Name}, {"access key ID", l.AccessKeyID}, {"ID or name", l.IDOrName},
	} {
		if by.value != "" {
			return fmt.Sprintf("%s %q", by.field, by.value)
		}
	}
	return fmt.Sprintf("ID, name or access key ID %q", l.Any)
}

// matches reports whether an object matches the lookup.
func (l Lookup) matches(o Ref) bool {
	isEither := func(wanted string, values ...string) bool { return wanted != "" && slices.Contains(values, wanted) }
	return isEither(l.ID, o.ID) || isEither(l.Name, o.Name) || isEither(l.AccessKeyID, o.AccessKeyID) ||
		isEither(l.IDOrName, o.ID, o.Name) || isEither(l.Any, o.ID, o.Name, o.AccessKeyID)
}

// id returns the ID to request first, because a GET takes one request in a region of any size; empty if the lookup requires a list.
func (l Lookup) id() string {
	if id := cmp.Or(l.IDOrName, l.Any); IsUUID(id) {
		return id
	}
	if idForm.MatchString(l.ID) {
		return l.ID
	}
	return ""
}

// Find returns the object that matches a lookup. If none matches, the error is of KindNotFound and contains the existing objects. If
// several match, the error is of KindAmbiguous and contains them.
func (c *Collection[T]) Find(ctx context.Context, by Lookup) (found T, err error) {
	if id := by.id(); id != "" {
		found, err = c.Get(ctx, id)
		if !Is(err, KindNotFound) {
			return found, err
		}
	}
	isIn := func(list *snapshot[T]) bool {
		found, err = c.pick(list.items, by)
		return err == nil
	}
	list, listErr := c.shareList(ctx, maxPages)
	if listErr == nil && !isIn(list) { // it may have been created, deleted or moved to another page in the meantime
		_, listErr = c.settled(ctx, isIn)
	}
	return found, cmp.Or(listErr, err)
}

// pick returns the one of a region's objects that matches a lookup.
func (c *Collection[T]) pick(all []T, by Lookup) (T, error) {
	var none T
	matching := slices.DeleteFunc(slices.Clone(all), func(candidate T) bool { return !by.matches(candidate.Ref()) })
	switch len(matching) {
	case 1:
		return matching[0], nil
	case 0:
		reason := fmt.Sprintf("no %s in %s has the %s", c.objectType.noun, c.region, by)
		return none, &Error{Kind: KindNotFound, Existing: refsOf(all), Reason: reason}
	default:
		reason := fmt.Sprintf("%d %ss in %s have the %s", len(matching), c.objectType.noun, c.region, by)
		return none, &Error{Kind: KindAmbiguous, Candidates: refsOf(matching), Reason: reason}
	}
}

// FindCurrent returns the object that matches a lookup, as it is now. It is for callers that pass a secret on, because Find can
// return a secret that another client has replaced in the meantime.
func (c *Collection[T]) FindCurrent(ctx context.Context, by Lookup) (T, error) {
	id := by.id()
	if id == "" {
		found, err := c.Find(ctx, by)
		if err != nil {
			return found, err
		}
		id = found.Ref().ID
	}
	current, err := c.GetCurrent(ctx, id)
	if err == nil && by.matches(current.Ref()) || err != nil && !Is(err, KindNotFound) {
		return current, err
	}
	c.client.invalidate() // the object was deleted or changed since it was listed
	return c.Find(ctx, by)
}

// searchTimeout is the timeout for each region of a search that covers several, so that one slow region does not use up all the time.
const searchTimeout = 20 * time.Second

// FindInAnyRegion returns the object that matches a lookup. It first searches the region of the collection, if it has one, and then the
// other regions with object storage. The error is of KindNotFound only if no region contains the object, and of KindOtherRegion if some
// regions could not be searched.
func (c *Collection[T]) FindInAnyRegion(ctx context.Context, by Lookup) (found T, err error) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout) // for all of them, however many there are
	defer cancel()
	var unsearched string
	var notFound, failed error
	search := func(code string) (ended bool) {
		bounded, cancel := context.WithTimeout(ctx, searchTimeout)
		defer cancel()
		found, err = inRegion(c.client, c.siblings, code).Find(bounded, by)
		switch {
		case err == nil, !isAboutRegion(ctx, err):
			return true
		case Is(err, KindNotFound):
			notFound = cmp.Or(notFound, err)
		default:
			unsearched, failed = code, err
		}
		return false
	}
	if c.region != "" && search(c.region) {
		return found, err
	}
	regions, err := c.client.Regions(ctx)
	if err != nil {
		return found, notSearched(cmp.Or(notFound, failed), "The other regions could not be listed", err)
	}
	for _, region := range regions {
		if region.HasObjectStorage() && !SameRegion(region.Code, c.region) && search(region.Code) {
			return found, err
		}
	}
	switch {
	case failed != nil:
		return found, notSearched(notFound, "Region "+unsearched+" could not be searched", failed)
	case notFound == nil:
		notFound = &Error{Kind: KindNotFound, Reason: fmt.Sprintf("no %s in any region with object storage has the %s", c.objectType.noun, by)}
	}
	return found, notFound
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
