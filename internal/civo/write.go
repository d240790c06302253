// Creating, updating and deleting a record, and recovering from lost responses.

package civo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// send sends a record in a POST or a PUT. It returns the record in the response, with values from sent where the response omits them.
func (c *Collection[T]) send(ctx context.Context, method string, sent T) (none T, err error) {
	id := sent.Ref().ID
	write := c.client.newCall(ctx, method, c.recordType.path, c.region)
	write.body = sent.body()
	if method == http.MethodPut {
		write.path = c.recordType.pathOf(id)
	}
	c.client.invalidate()
	defer c.client.invalidate()
	response, err := send[T](ctx, c.client, write)
	switch received := response.Ref().ID; {
	case err != nil:
		return none, err
	case !idForm.MatchString(received), id != "" && id != received:
		return none, decodeError(write, http.StatusOK, "the response does not contain the ID of the "+c.recordType.noun)
	}
	return response.withRegion(c.region).completedBy(sent), nil
}

// create creates a record, at most once. If the response is lost, it sends the request again only if the record does not exist.
func (c *Collection[T]) create(ctx context.Context, sent T) (none T, err error) {
	graceCtx, cancel := withGrace(ctx, c.client.timing.Grace)
	defer cancel()
	maybeCreated := false // Civo may have carried out an earlier attempt
	for attempt := 0; ; attempt++ {
		created, err := c.send(ctx, http.MethodPost, sent)
		rejected := isConflict(err)
		switch {
		case err == nil:
			if err := OtherName(created.Ref(), sent.Ref().Name); err != nil {
				return created.withStatus(""), err // it has not been read yet
			}
			return created, nil
		case rejected && !maybeCreated:
			return none, c.explainConflict(ctx, err, sent)
		case !rejected && !IsUncertain(err):
			// Civo rejected this attempt, but may have carried out an earlier one.
			return none, withChange(err, func(e *Error) { e.uncertain = maybeCreated })
		}
		maybeCreated = true
		found, findErr := c.findCreated(ctx, graceCtx, sent)
		switch {
		case findErr == nil:
			return found, nil
		case Is(findErr, KindOtherName): // only the caller knows whether another record can have the keys
			reason := fmt.Sprintf("the %s %s has these keys", c.recordType.noun, Quote(found.Ref().Name))
			return found.withStatus(""), &Error{Kind: KindAccessKeyTaken, Conflict: new(found.Ref()), Reason: reason}
		case rejected && Is(findErr, KindNotFound):
			return none, c.explainConflict(ctx, err, sent)
		case rejected:
			return none, withChange(findErr, func(e *Error) { e.uncertain = true })
		case !Is(findErr, KindNotFound), !c.client.mayRepeat(ctx, attempt):
			return none, err
		}
	}
}

// createByName is like create, for a type of record without keys that identify it after a lost response. It first checks that no record has
// the name. After a lost response, it therefore adopts one that has the name, and that compare accepts.
func (c *Collection[T]) createByName(ctx context.Context, sent T) (none T, err error) {
	// No other call may create a record with the name at the same time, so that two calls cannot adopt the same record.
	key := strings.ToLower(fmt.Sprintf("%s %s/%s", c.recordType.path, c.region, sent.Ref().Name))
	lock, _ := c.client.names.LoadOrStore(key, make(chan struct{}, 1))
	name := lock.(chan struct{}) //nolint:forcetypeassert // the map contains nothing else
	select {
	case name <- struct{}{}:
		defer func() { <-name }()
	case <-ctx.Done():
		return none, &Error{Kind: KindUnavailable, Err: ctx.Err(), Reason: "another " + c.recordType.noun + " with the same name is still being created"}
	}
	for range 2 { // a record that moves to another page can be missing from one reading
		list, err := c.readList(ctx, maxPages)
		if err != nil {
			return none, err
		}
		if _, taken := findConflict(list.items, sent); taken != nil {
			reason := fmt.Sprintf("%s in %s has the name %q", c.recordType.withArticle(), c.region, sent.Ref().Name)
			return none, &Error{Kind: KindNameTaken, Conflict: taken, Reason: reason}
		}
		if list.isOneResponse() {
			break
		}
	}
	return c.create(ctx, sent)
}

// FindCreated searches for the record that an earlier run may have created although the response was lost. The error is of KindNotFound
// only if the record was missing for Timing.Absence.
func (c *Collection[T]) FindCreated(ctx context.Context, sent T) (none T, err error) {
	found, err := c.findCreated(ctx, ctx, sent)
	if Is(err, KindOtherName) { // another one may have the same keys
		return none, &Error{Kind: KindNotFound}
	}
	return found, err
}

// findCreated searches for the record that a POST may have created although its response was lost: even when ctx has just ended. A new
// record can be missing from the list at first. The error is of KindOtherName if a record has the keys that were sent, but another name.
func (c *Collection[T]) findCreated(ctx, graceCtx context.Context, sent T) (none T, err error) {
	var found T
	var result match
	graceCtx, cancel := c.client.withDeadline(graceCtx, ctx)
	defer cancel()
	began := time.Now()
	for look := c.client.newPoller(); ; {
		isLast := time.Since(began) >= c.client.timing.Absence
		_, err := c.settled(graceCtx, func(list *snapshot[T]) bool {
			result = different
			for _, candidate := range list.items {
				if m := candidate.compare(sent); m > result { // the same or, if there is none, the most similar one
					found, result = candidate, m
				}
			}
			return result == same
		})
		switch {
		case err != nil:
			return none, err
		case result == same:
			return found.completedBy(sent), nil
		case result == renamed:
			return found, OtherName(found.Ref(), sent.Ref().Name)
		case result == different && isLast:
			return none, &Error{Kind: KindNotFound, Reason: "no " + c.recordType.noun + " matches the request"}
		case result == unclear && isLast && found.Ref().Status.IsFinal():
			unidentified := &Error{Kind: KindUnexpected, Reason: "the " + c.recordType.noun + " with this name has no access key ID"}
			return none, cmp.Or(c.failure(found), error(unidentified))
		}
		// A new record can be missing from the list, and Civo returns the keys that identify it only when it is ready.
		if err := look.wait(graceCtx); err != nil {
			return none, &Error{Kind: KindUnavailable, Err: err, Reason: "the " + c.recordType.noun + " cannot be identified yet"}
		}
	}
}

// explainConflict adds to the error of a rejected write the other record that has the sent name or access key ID, if it is the customer's.
func (c *Collection[T]) explainConflict(ctx context.Context, rejected error, sent T) error {
	var kind Kind
	var conflict *Ref
	_, err := c.settled(ctx, func(list *snapshot[T]) bool {
		kind, conflict = findConflict(list.items, sent)
		return conflict != nil
	})
	if err != nil && !c.recordType.sharesNames {
		return rejected
	}
	return withChange(rejected, func(e *Error) {
		switch {
		case conflict != nil:
			e.Kind, e.Conflict, e.uncertain = kind, conflict, false
		case err == nil && sent.Ref().Name != "" && isTakenCode(e.Code): // a PUT contains no name
			e.Kind = KindNameTaken
		default:
			e.Kind = KindRefused
		}
	})
}

// findConflict returns the other record that has the sent name or, if there is none, the sent access key ID; nil if there is neither.
func findConflict[T Record[T]](all []T, sent T) (kind Kind, conflict *Ref) {
	kinds := map[Field]Kind{FieldName: KindNameTaken, FieldAccessKeyID: KindAccessKeyTaken}
	for _, field := range []Field{FieldName, FieldAccessKeyID} {
		for _, record := range all {
			value, other := sent.fields()[field], record.Ref()
			isSame := value == record.fields()[field] || field == FieldName && sameName(value, other.Name)
			if value != "" && isSame && other.ID != sent.Ref().ID {
				return kinds[field], &other
			}
		}
	}
	return 0, nil
}

// update sends a PUT. If the response is lost, it reads the record, and sends the request again only if it was not carried out.
func (c *Collection[T]) update(ctx context.Context, sent T, isDone func(T) bool) (none T, err error) {
	id := sent.Ref().ID
	graceCtx, cancel := withGrace(ctx, c.client.timing.Grace)
	defer cancel()
	maybeChanged := false // Civo may have carried out an earlier attempt
	for attempt := 0; ; attempt++ {
		changed, err := c.send(ctx, http.MethodPut, sent)
		switch {
		case err == nil:
			return changed, nil
		case isMissing(err) && !isConflict(err):
			_, missing := c.GetCurrent(ctx, id)
			return none, withChange(cmp.Or(missing, err), func(e *Error) { e.uncertain = maybeChanged && e.Kind != KindNotFound })
		case !IsUncertain(err):
			return none, withChange(err, func(e *Error) { e.uncertain = maybeChanged })
		}
		maybeChanged = true
		found, readErr := c.GetCurrent(graceCtx, id)
		switch {
		case readErr == nil && isDone(found):
			return found, nil
		case readErr != nil, !c.client.mayRepeat(ctx, attempt):
			return none, err
		}
	}
}

// mayRepeat waits before the next attempt of an operation. It reports false if there is none.
func (c *Client) mayRepeat(ctx context.Context, attempt int) bool {
	return attempt < c.timing.Retries && sleep(ctx, exponential(c.timing.RetryMin, c.timing.RetryMax, attempt)) == nil
}

// delete requests the deletion of a record and waits until the record no longer exists. It returns a final refusal at once.
func (c *Collection[T]) delete(ctx context.Context, doomed T, isRefusal func(error) bool) error {
	graceCtx, cancel := withGrace(ctx, c.client.timing.Grace)
	defer cancel()
	for attempt := 0; ; attempt++ {
		err := c.requestDeletion(ctx, doomed)
		missing := isMissing(err)
		switch {
		case err == nil:
			return c.waitGone(ctx, graceCtx, doomed)
		case isRefusal(err), !missing && !IsUncertain(err):
			return err
		}
		// The response was lost, or it is a 404, which does not prove that the record does not exist.
		_, readErr := c.GetCurrent(graceCtx, doomed.Ref().ID)
		switch {
		case Is(readErr, KindNotFound):
			return nil
		case readErr != nil && missing && !errors.Is(readErr, errUnsettled): // a list that keeps changing may still contain the record
			return readErr
		case missing && attempt >= c.client.timing.Retries: // it is being deleted already
			return c.waitGone(ctx, graceCtx, doomed)
		case readErr != nil && !errors.Is(readErr, errUnsettled), !c.client.mayRepeat(ctx, attempt):
			return err
		}
	}
}

// isRefusedDeletion reports whether Civo rejected the deletion, with an undocumented status: 4xx, 5xx with Civo's own error code, or 200.
func isRefusedDeletion(err error) bool {
	return Is(err, KindRefused) && !isMissing(err) || Is(err, KindForbidden) || Is(err, KindServerError)
}

func (c *Collection[T]) requestDeletion(ctx context.Context, doomed T) error {
	deletion := c.client.newCall(ctx, http.MethodDelete, c.recordType.pathOf(doomed.Ref().ID), c.region)
	c.client.invalidate()
	defer c.client.invalidate()
	response, err := send[apiError](ctx, c.client, deletion)
	if err != nil || response.Result == "success" {
		return err
	}
	refused := deletion.newError(KindRefused, http.StatusOK, errNotSuccess)
	refused.Code, refused.Reason = deletion.redact(string(response.Code)), deletion.redact(response.text())
	return refused
}

// waitGone waits until a record whose deletion Civo accepted no longer exists. Here, a 404 with Civo's own code is enough.
func (c *Collection[T]) waitGone(ctx, graceCtx context.Context, doomed T) error {
	id := doomed.Ref().ID
	for look := c.client.newPoller(); ; {
		_, err := c.get(graceCtx, id)
		if isMissing(err) && !isExplicitlyMissing(err, c.recordType.codeNotFound) {
			_, err = c.confirmMissing(graceCtx, id, err)
		}
		switch {
		case isExplicitlyMissing(err, c.recordType.codeNotFound), Is(err, KindNotFound):
			return nil
		case err != nil && !errors.Is(err, errUnsettled) && ctx.Err() == nil:
			return err
		}
		if err := look.wait(ctx); err != nil {
			return &Error{Kind: KindUnavailable, Err: err, About: new(doomed.Ref()), Reason: "the " + c.recordType.noun + " still exists"}
		}
	}
}
