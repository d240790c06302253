// Creating, updating and deleting an object, and recovering from lost responses.

package civo

import (
	"context"
	"errors"
	"net/http"
)

// send sends a write and returns the object in the response, with values from sent where the response omits them. In a POST, sent has no
// ID.
func (c *collection[T]) send(ctx context.Context, write call, sent T) (T, error) {
	var none T
	c.client.invalidate()
	defer c.client.invalidate()
	write.region, write.path = c.region, c.kind.path
	if sent.objectID() != "" {
		write.path = c.kind.pathOf(sent.objectID())
	}
	answer, err := send[T](ctx, c.client, write)
	switch {
	case err != nil:
		return none, err
	case sent.objectID() == "" && !idForm.MatchString(answer.objectID()):
		return none, decodeError(write, http.StatusOK, "the response does not contain a valid "+c.kind.noun+" ID")
	case sent.objectID() != "" && sent.objectID() != answer.objectID():
		return none, decodeError(write, http.StatusOK, "the response is not the "+c.kind.noun+" that was updated")
	}
	return answer.in(c.region).withDefaults(sent), nil
}

// creation describes how to create one object, at most once.
type creation[T object[T]] struct {
	post func(context.Context) (T, error)
	// compare reports whether an object is the one that an earlier POST created.
	compare func(T) match
	// explain adds the conflicting object to the error of a rejected POST.
	explain func(ctx context.Context, conflict error) error
	sent    T
}

// match is the result of a comparison.
type match int

const (
	different match = iota
	unclear         // the response does not contain the keys that identify the object yet
	same
)

// create creates an object. If the response is lost, it searches for the object, and sends the request again only if the object does not
// exist. If the outcome remains unknown, the error satisfies IsUncertain.
func (c *collection[T]) create(ctx context.Context, n creation[T]) (T, error) {
	var none T
	maybeCreated := false // Civo may have carried out an earlier attempt
	for attempt := 0; ; attempt++ {
		created, err := n.post(ctx)
		rejected := isConflict(err)
		switch {
		case err == nil:
			return created, nil
		case rejected && !maybeCreated:
			return none, n.explain(ctx, err)
		case !rejected && !IsUncertain(err):
			// Civo rejected this attempt, but may have carried out an earlier one.
			return none, withChange(err, func(e *Error) { e.uncertain = maybeCreated })
		}
		maybeCreated = true
		found, findErr := c.findCreated(ctx, n)
		switch {
		case findErr == nil:
			return found, nil
		case rejected && Is(findErr, KindNotFound):
			return none, n.explain(ctx, err)
		case rejected:
			return none, withChange(findErr, func(e *Error) { e.uncertain = true })
		case !Is(findErr, KindNotFound), attempt >= c.client.timing.Retries, c.client.pause(ctx, attempt) != nil:
			return none, err
		}
	}
}

// findCreated searches for the object that a POST may have created although its response was lost. It continues for a short time after
// the caller cancels, so that no unknown object is left behind.
func (c *collection[T]) findCreated(ctx context.Context, n creation[T]) (T, error) {
	var none T
	_, bounded := ctx.Deadline()
	ctx, cancel := c.client.withGrace(ctx)
	defer cancel()
	if !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.client.timing.Request)
		defer cancel()
	}
	for look := c.client.newPoller(nil); ; {
		list, err := c.settled(ctx, func(list *snapshot[T]) bool {
			_, result := closest(list.items, n.compare)
			return result == same
		})
		if err != nil {
			return none, err
		}
		found, result := closest(list.items, n.compare)
		switch {
		case result == same:
			return found.withDefaults(n.sent), nil
		case result == different:
			return none, &Error{Kind: KindNotFound}
		case found.status().isFinal():
			return none, &Error{Kind: KindUnavailable, Reason: "the " + c.kind.noun + " with the name does not show its keys"}
		}
		// The object has the name, but Civo returns the keys that identify it only when it is ready.
		if err := look.wait(ctx); err != nil {
			return none, &Error{Kind: KindUnavailable, Err: err, Reason: "the " + c.kind.noun + " does not show its keys yet"}
		}
	}
}

// closest returns the object that is the same or, if there is none, an object that is unclear.
func closest[T any](all []T, compare func(T) match) (found T, result match) {
	for _, candidate := range all {
		if m := compare(candidate); m > result {
			found, result = candidate, m
		}
	}
	return found, result
}

// update sends a PUT. If the response is lost, it reads the object before it sends the request again. If it cannot read the object, the
// error satisfies IsUncertain. The error is of KindNotFound only if the object certainly does not exist.
func (c *collection[T]) update(ctx context.Context, id string, put func(context.Context) (T, error), isDone func(T) bool) (T, error) {
	var none T
	if err := c.kind.checkID(id); err != nil {
		return none, err
	}
	maybeChanged := false // Civo may have carried out an earlier attempt
	for attempt := 0; ; attempt++ {
		changed, err := put(ctx)
		switch {
		case err == nil:
			return changed, nil
		case isInconclusive404(err) && !isConflict(err):
			return none, withChange(c.explainMissing(ctx, id, err), func(e *Error) { e.uncertain = maybeChanged && e.Kind != KindNotFound })
		case !IsUncertain(err):
			return none, withChange(err, func(e *Error) { e.uncertain = maybeChanged })
		}
		maybeChanged = true
		found, readErr := c.readBack(ctx, id)
		switch {
		case readErr == nil && isDone(found):
			return found, nil
		case readErr != nil, attempt >= c.client.timing.Retries, c.client.pause(ctx, attempt) != nil:
			return none, err
		}
	}
}

// explainMissing explains a 404. It returns an error of KindNotFound if the object certainly does not exist.
func (c *collection[T]) explainMissing(ctx context.Context, id string, notFound error) error {
	if _, err := c.readNow(ctx, id); err != nil {
		return err
	}
	return notFound
}

func (c *collection[T]) readBack(ctx context.Context, id string) (T, error) {
	ctx, cancel := c.client.withGrace(ctx)
	defer cancel()
	return c.readNow(ctx, id)
}

// pause waits before the next attempt of an operation.
func (c *Client) pause(ctx context.Context, attempt int) error {
	return sleep(ctx, exponential(c.timing.RetryMin, c.timing.RetryMax, attempt))
}

// waitReady waits until an object is ready. It always returns the latest known object.
func (c *collection[T]) waitReady(ctx context.Context, latest T) (T, error) {
	if latest.status().isFinal() {
		return latest, c.failure(latest)
	}
	defer c.client.invalidate() // a cached list contains the previous status
	look := c.client.newPoller(c.readyTimes)
	for {
		if err := look.wait(ctx); err != nil {
			return latest, errorAbout(Error{Kind: KindUnavailable, Err: err, Reason: "the " + c.kind.noun + " is not ready yet"}, latest)
		}
		seen, err := c.readNow(ctx, latest.objectID())
		switch {
		case err != nil && ctx.Err() == nil:
			return latest, err
		case err != nil:
			continue // the wait above returns why the context ended
		}
		latest = seen.withDefaults(latest)
		if latest.status().isFinal() {
			look.done()
			return latest, c.failure(latest)
		}
	}
}

// failure returns the error for an object whose status is "failed".
func (c *collection[T]) failure(about T) error {
	if about.status() != StatusFailed {
		return nil
	}
	return errorAbout(Error{Kind: KindFailed, Reason: `Civo reports the status "failed" for the ` + c.kind.noun}, about)
}

// delete requests the deletion of an object and waits until the object no longer exists. If isRefusal returns true for an error, delete
// returns the error and sends no further request.
func (c *collection[T]) delete(ctx context.Context, doomed T, isRefusal func(error) bool, secrets ...Secret) error {
	id := doomed.objectID()
	for attempt := 0; ; attempt++ {
		err := c.requestDeletion(ctx, id, secrets)
		switch {
		case err == nil:
			return c.waitGone(ctx, doomed)
		case isRefusal(err), !isInconclusive404(err) && !IsUncertain(err):
			return err
		}
		// The response was lost, or it is a 404, which does not prove that the object does not exist.
		_, readErr := c.readBack(ctx, id)
		if errors.Is(readErr, errUnsettled) { // the list changes, so the object may still exist
			readErr = nil
		}
		switch {
		case Is(readErr, KindNotFound):
			return nil
		case readErr != nil && isInconclusive404(err):
			return readErr
		case isInconclusive404(err) && attempt >= c.client.timing.Retries: // it is being deleted already
			return c.waitGone(ctx, doomed)
		case readErr != nil, attempt >= c.client.timing.Retries, c.client.pause(ctx, attempt) != nil:
			return err
		}
	}
}

// errDeletionFailed marks a deletion that Civo rejected with a successful status.
var errDeletionFailed = errors.New(`the response does not contain the result "success"`)

// isRefusedDeletion reports whether Civo rejected the deletion. Civo does not document the status of a rejection. It can be 4xx, 5xx with
// Civo's own error code, or 200.
func isRefusedDeletion(err error) bool {
	if isInconclusive404(err) {
		return false
	}
	return Is(err, KindRefused) || isForbidden(err) || isCivos5xx(err) || errors.Is(err, errDeletionFailed)
}

func (c *collection[T]) requestDeletion(ctx context.Context, id string, secrets []Secret) error {
	deletion := call{method: http.MethodDelete, path: c.kind.pathOf(id), region: c.region, secrets: append(secrets, c.client.token)}
	c.client.invalidate()
	defer c.client.invalidate()
	answer, err := send[problem](ctx, c.client, deletion)
	switch {
	case err != nil:
		return err
	case answer.Result != "success":
		return &Error{
			Kind: KindRefused, Method: deletion.method, Path: deletion.path, Status: http.StatusOK, Err: errDeletionFailed,
			Code: deletion.shownCode(answer.Code), Reason: deletion.shownReason(answer.words()),
		}
	}
	return nil
}

// waitGone waits until an object whose deletion Civo accepted no longer exists. Here, a 404 with Civo's own code is enough.
func (c *collection[T]) waitGone(ctx context.Context, doomed T) error {
	for look := c.client.newPoller(nil); ; {
		err := c.readDeleted(ctx, doomed.objectID())
		switch {
		case isExplicit404(err, c.kind.codeNotFound), Is(err, KindNotFound):
			return nil
		case err != nil && !errors.Is(err, errUnsettled) && ctx.Err() == nil:
			return err
		}
		if err := look.wait(ctx); err != nil {
			return errorAbout(Error{Kind: KindUnavailable, Err: err, Reason: "the " + c.kind.noun + " still exists"}, doomed)
		}
	}
}

// readDeleted reads an object whose deletion Civo accepted.
func (c *collection[T]) readDeleted(ctx context.Context, id string) error {
	ctx, cancel := c.client.withGrace(ctx)
	defer cancel()
	_, err := c.get(ctx, id)
	if isInconclusive404(err) && !isExplicit404(err, c.kind.codeNotFound) {
		_, err = c.confirmMissing(ctx, id, err)
	}
	return err
}
