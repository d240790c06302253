// One API call: URL, body and decoding of the response.

package civo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/hashicorp/go-retryablehttp"
)

// call describes a request to the API, without the host.
type call struct {
	method  string
	path    string // with the version, escaped
	region  string
	query   url.Values
	body    any      // marshalled to JSON; nil: none
	secrets []Secret // that must not appear in an error
}

func (c call) isWrite() bool { return c.method != http.MethodGet }

// send sends a call, retries it where that is safe, and decodes the JSON of a successful response into T.
func send[T any](ctx context.Context, client *Client, c call) (T, error) {
	var answer T
	c.secrets = append(slices.Clip(c.secrets), client.token)
	status, body, err := client.do(ctx, c)
	if err != nil {
		return answer, err
	}
	if status < 200 || status > 299 {
		return answer, client.withRegions(ctx, responseError(c, status, body))
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		var none T
		return none, decodeError(c, status, decodeProblem(err, body))
	}
	return answer, nil
}

// do sends a call and returns the status and the body of the response, whatever the status.
func (c *Client) do(ctx context.Context, call call) (status int, body []byte, err error) {
	if err := c.checkCall(call); err != nil {
		return 0, nil, err
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timing.Request)
		defer cancel()
	}
	req, err := c.newRequest(ctx, call)
	if err != nil {
		return 0, nil, err
	}
	var last outcome
	retrying := &retryablehttp.Client{
		HTTPClient: c.http, Backoff: backoff, ErrorHandler: retryablehttp.PassthroughErrorHandler,
		RetryWaitMin: c.timing.RetryMin, RetryWaitMax: c.timing.RetryMax, RetryMax: c.timing.Retries,
		CheckRetry: func(ctx context.Context, resp *http.Response, err error) (bool, error) {
			last = outcome{err: err}
			if err == nil {
				last.status = resp.StatusCode
			}
			return ctx.Err() == nil && call.shouldRetry(last), nil
		},
	}
	resp, err := retrying.Do(req)
	if err != nil {
		return 0, nil, call.failure(ctx, last, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil, transportError(call, err)
	}
	return resp.StatusCode, body, nil
}

// checkCall returns an error if a call cannot be sent. Without a region, Civo would choose one itself.
func (c *Client) checkCall(call call) error {
	switch {
	case c.unconfigured != nil:
		return c.unconfigured
	case call.region != "" && NewSecret(call.region) == c.token:
		return errTokenAsRegion
	case call.region == "" && call.path == regionsPath, IsRegion(call.region):
		return nil
	case call.region != "":
		return &Error{Kind: KindUnknownRegion, Reason: fmt.Sprintf("%q is not a region code", call.region)}
	case c.config.RegionPending:
		return &Error{Kind: KindNotConfigured, Reason: "the provider's argument region is not known before apply"}
	default:
		return &Error{Kind: KindNoRegion, Reason: "neither the state nor the provider configuration contains a region"}
	}
}

// outcome is the outcome of an attempt: the status of a response or an error.
type outcome struct {
	status int
	err    error
}

// failure returns the error of a call that ended without a response. If the context ended between two attempts, the error contains
// the outcome of the last one.
func (c call) failure(ctx context.Context, last outcome, err error) error {
	switch {
	case wasRateLimited(last.err):
		return &Error{Kind: KindRateLimited, Method: c.method, Path: c.path, Status: http.StatusTooManyRequests, Err: ctx.Err()}
	case last.status != 0:
		e := responseError(c, last.status, nil)
		e.Err = ctx.Err()
		return e
	case ctx.Err() != nil && last.err != nil && !errors.Is(last.err, ctx.Err()):
		return transportError(c, fmt.Errorf("%w, and then %w", withoutURL(last.err), ctx.Err()))
	default:
		return transportError(c, withoutURL(cmp.Or(last.err, err)))
	}
}

// withoutURL removes the URL from an error, which already contains the path.
func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

func (c *Client) newRequest(ctx context.Context, call call) (*retryablehttp.Request, error) {
	query := url.Values{}
	if call.region != "" {
		query.Set("region", call.region)
	}
	maps.Copy(query, call.query)
	target := *c.endpoint
	target.RawQuery = query.Encode()
	address := target.JoinPath(call.path)
	var body any
	if call.body != nil {
		encoded, err := json.Marshal(call.body)
		if err != nil {
			return nil, fmt.Errorf("encoding the request: %w", err)
		}
		body = encoded
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, call.method, address.String(), body)
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// decodeProblem describes what is wrong with the JSON of a response. Unlike the decoder's own errors, it quotes none of it.
func decodeProblem(err error, body []byte) string {
	var wrongType *json.UnmarshalTypeError
	switch {
	case len(body) == 0:
		return "the response is empty. A proxy may have sent it"
	case errors.Is(err, errTooManyItems), errors.Is(err, errNotArray):
		return err.Error()
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return fmt.Sprintf("the field %q of the response has an unexpected type", wrongType.Field)
	case errors.As(err, &wrongType):
		return "the response has an unexpected JSON type"
	default:
		return "the response is not JSON from Civo. A proxy may have sent it, or api_endpoint may not be Civo's API"
	}
}
