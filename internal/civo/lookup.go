// Finding a record by the value of a field, in one region or in all.

package civo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Field is a field by which a record can be looked up.
type Field string

// The fields. Not every type of record has all of them.
const (
	FieldID          Field = "ID"
	FieldName        Field = "name"
	FieldAccessKeyID Field = "access key ID"
)

// Lookup describes the one record in which one of the fields has the value. Values are compared in full.
type Lookup struct {
	value  string
	fields []Field
}

// By returns a lookup by the value of one of the fields.
func By(value string, fields ...Field) Lookup { return Lookup{value, fields} }

// Value returns the value, without characters that a terminal interprets.
func (l Lookup) Value() string { return Printable(l.value) }

// String describes the lookup as part of a sentence.
func (l Lookup) String() string {
	var text, separator string
	for i, field := range l.fields {
		text += separator + string(field)
		separator = ", "
		switch {
		case i != len(l.fields)-2:
		case i == 0:
			separator = " or "
		default:
			separator = ", or "
		}
	}
	return fmt.Sprintf("%s %q", text, l.value)
}

func (l Lookup) matches(fields map[Field]string) bool {
	return l.value != "" && slices.ContainsFunc(l.fields, func(field Field) bool { return fields[field] == l.value })
}

// id returns the ID to request first, because a GET takes one request in a region of any size; empty if the lookup requires a list.
func (l Lookup) id() string {
	isID := len(l.fields) == 1 && idForm.MatchString(l.value) || IsUUID(l.value)
	if isID && slices.Contains(l.fields, FieldID) {
		return l.value
	}
	return ""
}

// Find returns the record that matches a lookup. The error is of KindNotFound or KindAmbiguous if not exactly one does. The record is read
// as it is now, because another client can have deleted it, or replaced its secret, since it was listed.
func (c *Collection[T]) Find(ctx context.Context, by Lookup) (T, error) {
	if id := by.id(); id != "" {
		if found, err := c.GetCurrent(ctx, id); !Is(err, KindNotFound) {
			return found, err
		}
	}
	found, err := c.findListed(ctx, by)
	if err != nil {
		return found, err
	}
	current, err := c.GetCurrent(ctx, found.Ref().ID)
	if err == nil && by.matches(current.fields()) || err != nil && !Is(err, KindNotFound) {
		return current, err
	}
	c.client.invalidate() // the record was deleted or changed since it was listed
	return c.findListed(ctx, by)
}

// findListed is like Find, but returns a record that may have been read up to Timing.Fresh ago.
func (c *Collection[T]) findListed(ctx context.Context, by Lookup) (found T, err error) {
	if id := by.id(); id != "" {
		found, err = c.Get(ctx, id)
		if !Is(err, KindNotFound) {
			return found, err
		}
	}
	isIn := func(list *snapshot[T]) bool {
		matching := slices.DeleteFunc(slices.Clone(list.items), func(candidate T) bool { return !by.matches(candidate.fields()) })
		switch len(matching) {
		case 1:
			found, err = matching[0], nil
		case 0:
			reason := fmt.Sprintf("no %s in %s has the %s", c.recordType.noun, c.region, by)
			err = &Error{Kind: KindNotFound, Existing: refsOf(list.items), Reason: reason, token: c.client.config.Token}
		default:
			reason := fmt.Sprintf("%d %ss in %s have the %s", len(matching), c.recordType.noun, c.region, by)
			err = &Error{Kind: KindAmbiguous, Candidates: refsOf(matching), Reason: reason}
		}
		return err == nil
	}
	list, listErr := c.shareList(ctx, maxPages)
	if listErr == nil && !isIn(list) { // it may have been created, deleted or moved to another page in the meantime
		_, listErr = c.settled(ctx, isIn)
	}
	return found, cmp.Or(listErr, err)
}

const searchTimeout = 20 * time.Second // for each of several regions, so that a slow one does not use up all the time

// FindInAnyRegion returns the record that matches a lookup, read up to Timing.Fresh ago. It searches the region of the collection, if any,
// and then the others. The error is of KindNotFound only if all could be searched, and of KindOtherRegion if not.
func (c *Collection[T]) FindInAnyRegion(ctx context.Context, by Lookup) (found T, err error) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout) // for all of them, however many there are
	defer cancel()
	var unsearched string
	var notFound, failed error
	search := func(code string) (ended bool) {
		bounded, cancel := context.WithTimeout(ctx, searchTimeout)
		defer cancel()
		found, err = Records[T](c.client, code).findListed(bounded, by)
		switch {
		case err == nil, ctx.Err() != nil, Is(err, KindAmbiguous), Is(err, KindUnauthorized):
			return true // the error applies to the other regions too; a 403 can be about this one
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
		if c.recordType.isIn(region) && !SameRegion(region.Code, c.region) && search(region.Code) {
			return found, err
		}
	}
	switch {
	case failed != nil:
		return found, notSearched(notFound, "Region "+unsearched+" could not be searched", failed)
	case notFound == nil:
		notFound = &Error{Kind: KindNotFound, Reason: fmt.Sprintf("no %s in any region with object storage has the %s", c.recordType.noun, by), token: c.client.config.Token}
	}
	return found, notFound
}

// notSearched returns the error of a search that found nothing but did not cover every region.
func notSearched(notFound error, what string, cause error) error {
	reason := what
	if notFound != nil {
		reason = notFound.Error() + ". " + what
	}
	return &Error{Kind: KindOtherRegion, Reason: reason, Err: cause, token: detailsOf(cause).token}
}
