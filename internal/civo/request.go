// One API call: URL, body, retries and decoding of the response.

package civo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// apiCall describes a request to the API, without the host.
type apiCall struct {
	method string
	path   string // with the version, escaped
	region string
	query  url.Values // with the region
	body   any        // marshalled to JSON; nil: none
	token  Secret
	secret Secret // of the record that is being written; both are redacted in errors and the log
	isList bool   // a list always exists, so a 404 does not mean that something is missing

	sources    Sources // of the token and the endpoint
	isLoopback bool    // the endpoint is on this machine
}

// secretKey is the context's key for the secret that is being written: the response to any request of the write can repeat it.
type secretKey struct{}

// newCall returns a call without a body.
func (c *Client) newCall(ctx context.Context, method, path, region string) apiCall {
	req := apiCall{
		method: method, path: path, region: region, query: url.Values{}, token: c.config.Token,
		sources: c.config.Sources, isLoopback: isLoopback(c.endpoint),
	}
	req.secret, _ = ctx.Value(secretKey{}).(Secret)
	if region != "" {
		req.query.Set("region", region)
	}
	return req
}

func (r apiCall) isWrite() bool { return r.method != http.MethodGet }

// redact returns a text from outside in a form that is safe to show.
func (r apiCall) redact(text string) string { return redact(text, r.token, r.secret) }

// send sends a call, retries it where that is safe, and decodes the JSON of a successful response into T.
func send[T any](ctx context.Context, c *Client, req apiCall) (none T, err error) {
	if err := checkCall(req); err != nil {
		return none, err
	}
	bounded, cancel := c.withDeadline(ctx, ctx)
	defer cancel()
	resp, failed := c.exchange(bounded, req)
	for attempt := 0; ; attempt++ {
		if attempt >= c.retriesOf(req, resp, failed) {
			break
		}
		wait := exponential(c.timing.RetryMin, c.timing.RetryMax, attempt)
		if err := sleep(bounded, max(wait, resp.limit.retryAfter)); err != nil {
			return none, req.interrupted(resp, failed, err)
		}
		resp, failed = c.exchange(bounded, req)
	}
	switch {
	case failed != nil:
		c.unreachable.Store(failed.cause == nil && !c.reached.Load())
		return none, transportError(req, failed)
	case resp.err != nil:
		return none, c.withQuota(ctx, c.withRegions(ctx, resp.err))
	}
	return decodeUsable[T](req, resp)
}

// withDeadline returns a context that ends after Timing.Request, unless the caller's context has a deadline.
func (c *Client) withDeadline(ctx, callers context.Context) (context.Context, context.CancelFunc) {
	if _, ok := callers.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, c.timing.Request)
}

// pathForm rejects an ID that would change the path of a request, such as ".." or an empty ID.
var pathForm = regexp.MustCompile(`^(/[A-Za-z0-9_-]{1,128})+$`)

// checkCall returns an error if a call cannot be sent. Without a region, Civo would choose one itself.
func checkCall(req apiCall) error {
	switch {
	case !pathForm.MatchString(req.path), strings.Contains(req.path+"/", "/"+req.token.Reveal()+"/"):
		return &Error{Kind: KindUnexpected, token: req.token, Reason: fmt.Sprintf("the path %q contains an invalid ID", req.path)}
	case req.region == "" && req.path != regionsPath && req.path != quotaPath:
		return &Error{Kind: KindNoRegion, Reason: "neither the state nor the provider configuration contains a region"}
	case req.region != "" && !isRegionWithout(req.region, req.token):
		return &Error{Kind: KindUnknownRegion, token: req.token, Reason: fmt.Sprintf("%q is not a region code", req.region)}
	}
	return nil
}

// interrupted returns the error for a call whose context ended between two attempts. It describes the outcome of the last attempt.
func (r apiCall) interrupted(resp response, failed *attemptError, ended error) error {
	if failed == nil {
		e := *resp.err
		e.Err = ended
		return &e
	}
	e := transportError(r, failed)
	e.Err = fmt.Errorf("%w, and then %w", failed, ended)
	return e
}

func (c *Client) newRequest(ctx context.Context, req apiCall) (*http.Request, error) {
	target := c.endpoint.JoinPath(req.path)
	target.RawQuery = req.query.Encode()
	var body []byte
	if req.body != nil {
		body, _ = json.Marshal(req.body) //nolint:errchkjson // never fails: it consists of strings and numbers
	}
	httpRequest, err := http.NewRequestWithContext(ctx, req.method, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	httpRequest.Header.Set("Authorization", "bearer "+c.config.Token.Reveal())
	httpRequest.Header.Set("User-Agent", c.config.UserAgent)
	httpRequest.Header.Set("Accept", "application/json")
	if req.body != nil {
		httpRequest.Header.Set("Content-Type", "application/json")
	}
	return httpRequest, nil
}

// decodeProblem describes what is wrong with the JSON of a response, without quoting it.
func decodeProblem(err error) string {
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.Is(err, errTooManyItems), errors.Is(err, errNotArray), errors.Is(err, errNotUsage):
		return err.Error()
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return fmt.Sprintf("the field %q of the response has an unexpected type", wrongType.Field)
	case wrongType != nil:
		return errNotArray.Error()
	default:
		return errNotCivo.Error()
	}
}
