// Responses, and the errors of the API.

package civosim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// answer is a complete response. It exists before any of it is sent, so that a fault can replace or truncate it.
type answer struct {
	status      int
	contentType string
	location    string // of a redirect
	retryAfter  string // in seconds, "" for none
	body        []byte
}

func (a *answer) writeHeader(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", a.contentType)
	header.Set("Content-Length", strconv.Itoa(len(a.body)))
	if a.location != "" {
		header.Set("Location", a.location)
	}
	if a.retryAfter != "" {
		header.Set("Retry-After", a.retryAfter)
	}
	w.WriteHeader(a.status)
}

// apiError is an error in the JSON form that Civo uses for most of them.
type apiError struct {
	Status  int    `json:"-"`
	Result  string `json:"result"` // "" is answered as "failed"
	Code    string `json:"code,omitempty"`
	Reason  string `json:"reason"`
	Details string `json:"details,omitempty"`
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Reason) }

// errNoSuchPage is the error for a path that the API does not know. Civo answers it in plain text.
var errNoSuchPage = errors.New("404 page not found")

var (
	errNoToken = &apiError{
		Status: http.StatusUnauthorized, Result: "requires_authentication",
		Reason: "The request has no API token",
	}
	// Civo answers an invalid token with 404, not 401.
	errBadToken = &apiError{
		Status: http.StatusNotFound, Code: "database_account_not_found",
		Reason: "Failed to find the account within the internal database",
	}
	errBadBody = &apiError{
		Status: http.StatusBadRequest, Code: "invalid_request_body",
		Reason: "The body of the request is not a valid JSON object",
	}
	errTooMany = &apiError{
		Status: http.StatusTooManyRequests, Code: "too_many_requests",
		Reason: "Too many requests, try again later",
	}
)

// result is Civo's answer to a deletion.
type result struct {
	Result string `json:"result"`
}

// newAnswer converts the result of carryOut.
func newAnswer(value any, err error) *answer {
	if err == nil {
		return jsonAnswer(http.StatusOK, value)
	}
	if refusal, ok := errors.AsType[*apiError](err); ok {
		form := *refusal
		form.Result = cmp.Or(form.Result, "failed")
		return jsonAnswer(refusal.Status, form)
	}
	return textAnswer(http.StatusNotFound, "text/plain; charset=utf-8", err.Error()+"\n")
}

func jsonAnswer(status int, value any) *answer {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // impossible: all values are of this package's own types
	}
	return &answer{status: status, contentType: "application/json", body: body}
}

func textAnswer(status int, contentType, text string) *answer {
	return &answer{status: status, contentType: contentType, body: []byte(text)}
}

// tooMany returns the answer to a request that exceeds the rate limit. wait is the time until a request is served again.
func (s *Server) tooMany(wait time.Duration) *answer {
	a := newAnswer(nil, errTooMany)
	if s.options.RetryAfter {
		seconds := (wait + time.Second - 1) / time.Second
		a.retryAfter = strconv.Itoa(max(1, int(seconds)))
	}
	return a
}
