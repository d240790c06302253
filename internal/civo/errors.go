// The error type of the client and its kinds.

package civo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
)

// Kind is the category of an error. Callers check it with Is.
type Kind int

// The kinds.
const (
	KindRefused         Kind = iota // Civo rejected the request
	KindUnauthorized                // Civo rejected the token: with a 401, a 403, or a 404 whose code means that the account was not found
	KindNotFound                    // the record certainly does not exist; a 404 alone does not prove this
	KindOtherRegion                 // the record is not in this region, but is or may be in another one
	KindUnknownRegion               // the account has no such region
	KindNoObjectStorage             // the region does not offer object storage
	KindAmbiguous                   // several records match where one was expected
	KindNameTaken                   // another record of the same type in the region has the name
	KindAccessKeyTaken              // another credential of the region has the access key ID
	KindNoOwner                     // no credential of the region has the access key ID that should own the store
	KindInUse                       // the credential owns object stores
	KindFailed                      // the status of the record is "failed"
	KindRateLimited                 // Civo responded with 429 until the client stopped retrying
	KindUnavailable                 // no response, or 5xx until the client stopped retrying
	KindUnexpected                  // a response that the API does not define
	KindNoRegion                    // no region is configured
	KindOtherName                   // Civo created the record with another name than the one that was sent
)

// Error is the error type of the client. Its texts contain neither the token nor the secret of the request.
type Error struct {
	Kind   Kind
	Method string // of the request; empty if the error is about several
	Path   string // of the request, without the query
	Status int    // HTTP status; 0 if there was no response
	Code   string // Civo's code, such as "database_account_not_found"; may be empty
	Reason string // Civo's description, or the client's; may be empty
	Err    error  // the cause: of the transport, the decoder or the context; may be nil

	Existing   []Ref    // the records that exist (KindNotFound)
	Candidates []Ref    // the records that match (KindAmbiguous)
	Owned      []Ref    // the object stores that the credential owns (KindInUse)
	Regions    []Region // of the account, if they could be listed (KindUnknownRegion, KindNoObjectStorage)
	Conflict   *Ref     // the record that has the name or access key ID (Kind…Taken); nil if another Civo customer has the name
	About      *Ref     // the record that failed (KindFailed), is in another region (KindOtherRegion) or was waited for (KindUnavailable)

	token     Secret // of the request
	uncertain bool   // the request may have been carried out although it failed
}

// Error returns a description in one line.
func (e *Error) Error() string { return e.Redact(e.text()) }

// Redact returns a text about the error without parts of the token, which the user may have set in the wrong place.
func (e *Error) Redact(text string) string { return hide(text, e.token) }

func (e *Error) text() string {
	text := e.Reason
	switch {
	case e.Status != 0:
		text = fmt.Sprintf("Civo answered %s %s with %d %s", e.Method, e.Path, e.Status, http.StatusText(e.Status))
		if e.Code != "" {
			text += " (" + e.Code + ")"
		}
		if e.Reason != "" {
			text += ": " + e.Reason
		}
	case e.Err != nil && e.Method != "":
		text = fmt.Sprintf("no response from Civo to %s %s", e.Method, e.Path)
	}
	switch {
	case e.Err == nil:
		return text
	case text == "":
		return e.Err.Error()
	case e.Status != 0 && e.Reason != "":
		return text + " (" + e.Err.Error() + ")"
	}
	return text + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether err is an error of the client of the given kind.
func Is(err error, kind Kind) bool { return detailsOf(err).Kind == kind }

// IsUncertain reports whether a failed request may have been carried out.
func IsUncertain(err error) bool { return detailsOf(err).uncertain }

// IsInterrupted reports whether the caller's context was cancelled, as it is by Ctrl-C.
func IsInterrupted(err error) bool { return errors.Is(err, context.Canceled) }

// IsTimeout reports whether the operation timed out.
func IsTimeout(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

// detailsOf returns a copy of an error of the client. For nil or any other error, the result has no valid kind.
func detailsOf(err error) Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return *e
	}
	return Error{Kind: -1}
}

// withChange returns a changed copy of an error of the client, and any other error as it is.
func withChange(err error, change func(*Error)) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	changed := *e
	change(&changed)
	return &changed
}

// isInconclusive404 reports whether the response was a 404 that is not about the token or the region. This alone proves nothing.
func isInconclusive404(err error) bool {
	return Is(err, KindRefused) && detailsOf(err).Status == http.StatusNotFound
}

// isExplicit404 reports whether the response was a 404 with Civo's own code for a record that does not exist.
func isExplicit404(err error, code string) bool {
	return isInconclusive404(err) && detailsOf(err).Code == code
}

// isForbidden reports whether Civo rejected the request with a 403, which can be about the token or about the request.
func isForbidden(err error) bool { return detailsOf(err).Status == http.StatusForbidden }

var (
	codeForm   = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)       // of Civo's codes
	takenCode  = regexp.MustCompile(`_(exists|duplicate|duplicate_name)$`) // the name or key is taken; the code for credentials is unknown
	errNotCivo = errors.New("the response is not JSON from Civo. A proxy may have sent it, or api_endpoint may not be Civo's API")
)

// isCivos5xx reports whether the response was a 5xx with an error code of Civo, so that no proxy can have sent it.
func isCivos5xx(err error) bool {
	return detailsOf(err).Status >= 500 && codeForm.MatchString(detailsOf(err).Code)
}

// apiError is the JSON in which Civo describes an error. No field is always present.
type apiError struct {
	Code    string          `json:"code"`
	Reason  string          `json:"reason"`
	Details json.RawMessage `json:"details"` // not always a string
	Result  string          `json:"result"`
}

// newError returns an error about a request. The status is 0 if there is no response. The cause may be nil.
func (r apiCall) newError(kind Kind, status int, cause error) *Error {
	return &Error{Kind: kind, Method: r.method, Path: r.redact(r.path), Status: status, Err: cause, token: r.token}
}

// refusal returns an error of KindRefused for a response in which Civo describes an error.
func (r apiCall) refusal(status int, described apiError) *Error {
	var details string
	_ = json.Unmarshal(described.Details, &details)
	e := r.newError(KindRefused, status, nil)
	e.Code, e.Reason = r.redact(described.Code), r.redact(cmp.Or(described.Reason, details, described.Result))
	return e
}

// responseError returns the error for a response whose status is not a success.
func responseError(req apiCall, status int, body []byte) *Error {
	var described apiError
	readable := json.Unmarshal(body, &described) == nil
	e := req.refusal(status, described)
	e.Kind, e.uncertain = kindOf(req, status, described), req.isWrite() && (status >= 500 || status == http.StatusRequestTimeout)
	switch {
	case status < 400:
		e.Err = errors.New("the provider does not follow redirects, to avoid sending the token to another server")
	case !readable && status < 500 && status != http.StatusTooManyRequests:
		e.Err = errNotCivo
	}
	return e
}

func kindOf(req apiCall, status int, described apiError) Kind {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden,
		described.Code == "database_account_not_found", described.Result == "requires_authentication":
		return KindUnauthorized
	case described.Code == "database_region_not_found":
		return KindUnknownRegion
	case described.Code == "database_region_feature_not_supported":
		return KindNoObjectStorage
	case status == http.StatusTooManyRequests:
		return KindRateLimited
	case status >= 500, status == http.StatusRequestTimeout:
		return KindUnavailable
	case status < 400, status == http.StatusNotFound && req.isList:
		return KindUnexpected
	case req.method == http.MethodPost && takenCode.MatchString(described.Code):
		return KindNameTaken
	case req.method == http.MethodPost && req.path == objectStoresPath && described.Code == codeNoCredential:
		return KindNoOwner
	default:
		return KindRefused
	}
}

// isConflict reports whether Civo rejected a write because of an existing record.
func isConflict(err error) bool {
	e := detailsOf(err)
	return e.Kind == KindNameTaken || e.Kind == KindRefused && (e.Status == http.StatusConflict || takenCode.MatchString(e.Code))
}

// decodeError returns the error for a successful response that does not have the documented form.
func decodeError(req apiCall, status int, why string) *Error {
	e := req.newError(KindUnexpected, status, errors.New(why))
	e.uncertain = req.isWrite()
	return e
}

// transportError returns the error for a request that received no complete response.
func transportError(req apiCall, failed *attemptError) *Error {
	if failed.rateLimited {
		return req.newError(KindRateLimited, http.StatusTooManyRequests, failed.cause)
	}
	e := req.newError(KindUnavailable, 0, failed)
	e.uncertain = req.isWrite() && !failed.neverSent
	return e
}
