package civo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"unicode"
)

// Kind is what sort of thing went wrong, as far as a caller has to tell cases apart.
type Kind int

// The kinds. Callers ask through the predicates (IsNotFound, …).
const (
	KindRefused       Kind = iota // Civo understood and said no
	KindUnauthorized              // the token is refused, or may not do this
	KindNotFound                  // surely not there: a successful list of the region lacks it
	KindElsewhere                 // not in this region, but in another, or that could not be found out
	KindAmbiguous                 // several match
	KindNameTaken                 // another credential of the region has the name
	KindInUse                     // a store owns the credential
	KindFailed                    // the credential's status is "failed"
	KindUnavailable               // no answer, or 5xx, or 429 until the time was up
	KindUnexpected                // an answer that is not what the API gives
	KindNotConfigured             // the provider's configuration is not known yet
	KindNoRegion                  // nobody names a region
)

// Error is the one error type of the client: what Civo answered to a request, or why there is no answer. It never
// holds a token, a secret access key, or the body of a page.
type Error struct {
	Kind   Kind
	Method string // of the request; empty where the error is about several
	Path   string // of the request, without the query
	Status int    // HTTP status; 0 where there was no answer
	Code   string // Civo's code, such as "database_account_not_found"; may be empty
	Reason string // Civo's words; may be empty
	Err    error  // the cause underneath: a connection's, a decoder's, a context's; may be nil

	// Credentials that the error is about: all that match (KindAmbiguous), the one in the way (KindNameTaken), the one
	// that failed (KindFailed), or those there are instead (KindNotFound). Without secrets.
	Credentials []Credential
	// Stores that own the credential (KindInUse).
	Stores []ObjectStore

	notFound  bool // the answer was a 404 that does not speak of the token; on its own no proof of anything
	uncertain bool // the request may have been carried out although it failed
}

// Error says what Civo answered in one line.
func (e *Error) Error() string {
	switch {
	case e.Status != 0:
		return e.answer()
	case e.Err != nil && e.Method != "":
		return fmt.Sprintf("no answer from Civo to %s %s: %v", e.Method, e.Path, e.Err)
	case e.Err != nil && e.Reason != "":
		return fmt.Sprintf("%s: %v", e.Reason, e.Err)
	case e.Err != nil:
		return e.Err.Error()
	default:
		return e.Reason
	}
}

// Unwrap gives the cause underneath.
func (e *Error) Unwrap() error { return e.Err }

func (e *Error) answer() string {
	var text strings.Builder
	fmt.Fprintf(&text, "Civo answered %s %s with %d %s", e.Method, e.Path, e.Status, http.StatusText(e.Status))
	if e.Code != "" {
		fmt.Fprintf(&text, " (%s)", e.Code)
	}
	if e.Reason != "" {
		fmt.Fprintf(&text, ": %s", e.Reason)
	}
	if e.Err != nil {
		fmt.Fprintf(&text, ": %v", e.Err)
	}
	return text.String()
}

// IsUnauthorized says whether Civo refused the token, which it does with a 401, a 403, or a 404 whose code says that the
// account was not found.
func IsUnauthorized(err error) bool { return hasKind(err, KindUnauthorized) }

// IsNotFound says whether what was asked for is surely not there. A bare 404 is no such proof.
func IsNotFound(err error) bool { return hasKind(err, KindNotFound) }

// IsElsewhere says whether what was asked for is not in the region, but in another one, or may be.
func IsElsewhere(err error) bool { return hasKind(err, KindElsewhere) }

// IsAmbiguous says whether several credentials match where one was wanted.
func IsAmbiguous(err error) bool { return hasKind(err, KindAmbiguous) }

// IsNameTaken says whether the region has another credential with the name.
func IsNameTaken(err error) bool { return hasKind(err, KindNameTaken) }

// IsInUse says whether a credential cannot go because a store owns it.
func IsInUse(err error) bool { return hasKind(err, KindInUse) }

// IsFailed says whether Civo gave a credential up: its status is "failed".
func IsFailed(err error) bool { return hasKind(err, KindFailed) }

// IsUnavailable says whether Civo could not be reached, or answered 5xx or 429 for as long as the client kept trying.
func IsUnavailable(err error) bool { return hasKind(err, KindUnavailable) }

// IsUnexpected says whether the answer was not one that Civo's API gives.
func IsUnexpected(err error) bool { return hasKind(err, KindUnexpected) }

// IsNotConfigured says whether a request could not be made because the configuration is not known yet.
func IsNotConfigured(err error) bool { return hasKind(err, KindNotConfigured) }

// IsNoRegion says whether a request could not be made because nobody names a region.
func IsNoRegion(err error) bool { return hasKind(err, KindNoRegion) }

// IsUncertain says whether a request that failed may have been carried out all the same.
func IsUncertain(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.uncertain
}

// IsInterrupted says whether the caller's context was cancelled, as it is by Ctrl-C.
func IsInterrupted(err error) bool { return errors.Is(err, context.Canceled) }

// IsTimeout says whether the operation's time was up.
func IsTimeout(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

func hasKind(err error, kind Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}

// altered gives a changed copy of an error of the client. Any other error stays as it is.
func altered(err error, change func(*Error)) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	changed := *e
	change(&changed)
	return &changed
}

// isBare404 says whether the answer was a 404 that may mean that the thing is gone, and may mean other things.
func isBare404(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.notFound
}

// isExplicit404 says whether the answer was a 404 that gives Civo's own code for it, rather than a page of text.
func isExplicit404(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.notFound && e.Code != ""
}

// isForbidden says whether Civo refused the request with a 403, which may be about the token and may be about the request.
func isForbidden(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusForbidden
}

// isRefusal says whether Civo said no to the request itself, not to the token.
func isRefusal(err error) bool { return hasKind(err, KindRefused) && !isBare404(err) }

// problem is the JSON that Civo describes an error with. Not every answer has every field.
type problem struct {
	Code    string `json:"code"`
	Reason  string `json:"reason"`
	Details any    `json:"details"`
	Result  string `json:"result"`
}

// refusal makes an Error of an answer whose status is not a success.
func refusal(c call, status int, body []byte) *Error {
	var p problem
	readable := json.Unmarshal(body, &p) == nil
	e := &Error{Method: c.method, Path: c.path, Status: status}
	if readable {
		e.Code = c.clean(p.Code)
		e.Reason = c.clean(p.words())
	}
	e.Kind = kindOf(status, p)
	e.notFound = status == http.StatusNotFound && e.Kind == KindRefused
	e.uncertain = c.isWrite() && (status >= 500 || status == http.StatusRequestTimeout)
	switch {
	case status < 400:
		e.Err = errors.New("redirects are not followed, so that the token goes nowhere else")
	case !readable && status < 500 && status != http.StatusTooManyRequests:
		e.Err = errors.New("the answer is not Civo's JSON, so it may come from a proxy, or api_endpoint may not be Civo's API")
	}
	return e
}

func (p problem) words() string {
	if p.Reason != "" {
		return p.Reason
	}
	if details, ok := p.Details.(string); ok {
		return details
	}
	return p.Result
}

func kindOf(status int, p problem) Kind {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden,
		p.Code == "database_account_not_found", p.Result == "requires_authentication":
		return KindUnauthorized
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return KindUnavailable
	case status < 400:
		return KindUnexpected
	case strings.HasSuffix(p.Code, "_exists"):
		return KindNameTaken
	default:
		return KindRefused
	}
}

// unreadable makes an Error of a successful answer that is not what the call gives.
func unreadable(c call, status int, why string) *Error {
	return &Error{
		Kind: KindUnexpected, Method: c.method, Path: c.path, Status: status,
		Err: errors.New(why), uncertain: c.isWrite(),
	}
}

// unanswered makes an Error of a request that got no whole answer.
func unanswered(c call, err error) *Error {
	return &Error{
		Kind: KindUnavailable, Method: c.method, Path: c.path, Err: err,
		uncertain: c.isWrite() && !neverSent(err),
	}
}

// neverSent says whether an error shows that the connection was never made, so that nothing can have been carried out.
func neverSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return true
	}
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.Is(err, errHeld)
}

// maxReason bounds what is repeated of Civo's words, in characters.
const maxReason = 300

// clean makes Civo's words fit to be shown: on one line, of bounded length, without anything that the request kept secret.
func (c call) clean(text string) string {
	for _, secret := range c.secrets {
		if !secret.IsZero() {
			text = strings.ReplaceAll(text, secret.Reveal(), redacted)
		}
	}
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(text); len(runes) > maxReason {
		text = string(runes[:maxReason]) + "…"
	}
	return text
}
