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
	"strings"
)

// Kind is the category of an error. Callers check it with Is.
type Kind int

// The kinds.
const (
	KindRefused         Kind = iota // Civo rejected the request
	KindUnauthorized                // Civo rejected the token: with a 401, or a 404 whose code means that the account was not found
	KindForbidden                   // the user or the account may not do this, or a feature is not enabled
	KindQuota                       // the request would exceed a quota of the account
	KindBusy                        // another operation was in progress until the context ended
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
	KindServerError                 // Civo responded with a 5xx and its own code
	KindUnavailable                 // no response, or another 5xx, until the client stopped retrying
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
	Quota      *Quota   // of the account, if it could be read (KindQuota)
	Conflict   *Ref     // the record that has the name or access key ID (Kind…Taken); nil if another Civo customer has the name
	About      *Ref     // the record that failed (KindFailed), is in another region (KindOtherRegion) or was waited for (KindUnavailable)

	Connection Connection // what prevented a response (KindUnavailable)
	Sources    Sources    // of the settings that the request used

	token     Secret // of the request
	uncertain bool   // the request may have been carried out although it failed
	missing   bool   // Civo found no such record, which alone proves nothing (see confirmMissing)
}

// Sources describes where settings come from.
type Sources struct {
	Token    string // such as "the argument token" or "CIVO_TOKEN"; may be empty
	Region   string // likewise
	Endpoint string // with the URL, such as "https://api.civo.com, the default"
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

// isMissing reports whether Civo found no such record. This alone proves nothing.
func isMissing(err error) bool { return detailsOf(err).missing }

// isExplicitlyMissing reports whether the response has Civo's own code for a record that does not exist.
func isExplicitlyMissing(err error, code string) bool {
	return isMissing(err) && strings.EqualFold(detailsOf(err).Code, code)
}

var (
	codeForm   = regexp.MustCompile(`(?i)^[a-z][a-z0-9]*(_[a-z0-9]+)*$`) // of Civo's codes
	errNotCivo = errors.New("the response is not JSON from Civo. A proxy may have sent it, or api_endpoint may not be Civo's API")
)

// apiError is the JSON in which Civo describes an error. No field is always present.
type apiError struct {
	Code    looseText `json:"code"`
	Reason  looseText `json:"reason"`  // can be general, such as "Invalid parameter"
	Details looseText `json:"details"` // then the only specific part
	Failure looseText `json:"error"`   // instead of both
	Message looseText `json:"message"` // likewise
	Result  looseText `json:"result"`
}

// looseText is a JSON string, or any other JSON value in its JSON form.
type looseText string

// UnmarshalJSON implements json.Unmarshaler.
func (t *looseText) UnmarshalJSON(data []byte) error {
	var text *string
	if json.Unmarshal(data, &text) != nil {
		*t = looseText(data)
	} else if text != nil {
		*t = looseText(*text)
	}
	return nil
}

// isExplained reports whether a code or a text says what the error is.
func (e apiError) isExplained() bool {
	return cmp.Or(e.Code, e.Reason, e.Details, e.Failure, e.Message) != ""
}

// text returns Civo's description of the error.
func (e apiError) text() string {
	reason, details := strings.TrimSpace(string(e.Reason)), strings.TrimSpace(string(e.Details))
	switch {
	case reason == "" && details == "":
		return cmp.Or(string(e.Failure), string(e.Message), string(e.Result))
	case reason == "" || strings.Contains(details, reason):
		return details
	case details == "" || strings.Contains(reason, details):
		return reason
	}
	return strings.TrimRight(reason, ".") + ". " + details
}

// newError returns an error about a request. The status is 0 if there is no response. The cause may be nil.
func (r apiCall) newError(kind Kind, status int, cause error) *Error {
	return &Error{Kind: kind, Method: r.method, Path: r.redact(r.path), Status: status, Err: cause, Sources: r.sources, token: r.token}
}

// responseError returns the error for a response, or nil if the response is a success: a 2xx without another result than
// "success". A write with such a result was not carried out for certain only if a code, a text or a known result says why.
func responseError(req apiCall, resp response) *Error {
	isSuccess := resp.status >= 200 && resp.status < 300
	if isSuccess {
		switch result := resultOf(resp.body); {
		case result == nil, string(result) == `"success"`:
			return nil
		case result[0] != '"':
			return decodeError(req, resp.status, "the result in the response is not a string")
		}
	}
	var described apiError
	readable := json.Unmarshal(resp.body, &described) == nil
	kind := kindOf(req, resp.status, described)
	e := req.newError(kind, resp.status, nil)
	switch {
	case kind == kindMissing:
		e.Kind, e.missing = KindRefused, true
	case kind == KindForbidden && !readable: // of a proxy
		e.Kind = KindUnexpected
	}
	e.Code, e.Reason = req.redact(string(described.Code)), req.redact(described.text())
	e.Err = causeOf(resp.status, readable)
	e.uncertain = req.isWrite() && (e.Kind == KindUnavailable || e.Kind == KindServerError)
	if isSuccess {
		e.uncertain = kind == KindRefused && !described.isExplained() && (req.method == http.MethodPost || req.method == http.MethodPut)
	}
	return e
}

// causeOf returns what is wrong with a response, apart from what it says; nil if nothing is.
func causeOf(status int, readable bool) error {
	switch {
	case status < 300:
		return errNotSuccess
	case status < 400:
		return errors.New("the provider does not follow redirects, to avoid sending the token to another server")
	case !readable && status < 500 && status != http.StatusTooManyRequests:
		return errNotCivo
	}
	return nil
}

// resultOf returns the JSON value of the result in a JSON object; nil if there is none.
func resultOf(body []byte) json.RawMessage {
	var outcome struct {
		Result json.RawMessage `json:"result"`
	}
	_ = json.Unmarshal(body, &outcome)
	return outcome.Result
}

// isConflict reports whether Civo rejected a write because of an existing record.
func isConflict(err error) bool {
	e := detailsOf(err)
	return e.Kind == KindNameTaken || e.Kind == KindRefused && (e.Status == http.StatusConflict || isTakenCode(e.Code))
}

// decodeError returns the error for a successful response that does not have the documented form.
func decodeError(req apiCall, status int, why string) *Error {
	e := req.newError(KindUnexpected, status, errors.New(why))
	e.uncertain = req.isWrite()
	return e
}

// transportError returns the error for a request that received no complete response.
func transportError(req apiCall, failed *attemptError) *Error {
	switch {
	case failed.busy != nil:
		e := *failed.busy
		e.Err = failed.cause
		return &e
	case failed.rateLimited:
		return req.newError(KindRateLimited, http.StatusTooManyRequests, failed.cause)
	}
	e := req.newError(KindUnavailable, 0, failed)
	e.Connection, e.uncertain = failed.connection, req.isWrite() && !failed.neverSent
	return e
}
