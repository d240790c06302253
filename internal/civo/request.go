package civo

import (
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

// call is one request to the API, before it has a URL.
type call struct {
	method  string
	path    string // with the version, escaped
	region  string
	query   url.Values
	body    any      // marshalled to JSON; nil: none
	secrets []Secret // what must not be repeated in an error
}

func (c call) isWrite() bool { return c.method != http.MethodGet }

// repeatable says whether the call may be sent again as it is when it may have been carried out. What a write did is read
// back before it is sent again.
func (c call) repeatable() bool { return !c.isWrite() }

// send makes a call, repeating it where that is safe, and decodes the JSON of a successful answer into T.
func send[T any](ctx context.Context, client *Client, c call) (T, error) {
	var answer T
	c.secrets = append(slices.Clip(c.secrets), client.token)
	status, body, err := client.exchange(ctx, c)
	if err != nil {
		return answer, err
	}
	if status < 200 || status > 299 {
		return answer, refusal(c, status, body)
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return answer, unreadable(c, status, decodeProblem(err, body))
	}
	return answer, nil
}

// exchange makes a call and gives the answer's status and body, whatever the status.
func (c *Client) exchange(ctx context.Context, call call) (status int, body []byte, err error) {
	if err := c.ready(call); err != nil {
		return 0, nil, err
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.pace.Request)
		defer cancel()
	}
	tries := &attempts{repeatable: call.repeatable()}
	req, err := c.newRequest(withAttempts(ctx, tries), call)
	if err != nil {
		return 0, nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, call.failure(ctx, tries, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil, unanswered(call, err)
	}
	return resp.StatusCode, body, nil
}

// ready says why a call cannot be made. Without a region, Civo would answer for one of its own choice.
func (c *Client) ready(call call) error {
	switch {
	case c.blocked != nil:
		return c.blocked
	case call.region != "" || call.path == regionsPath:
		return nil
	case c.regionPending:
		return &Error{Kind: KindNotConfigured, Reason: "the provider's argument region is not known before apply"}
	default:
		return &Error{Kind: KindNoRegion, Reason: "neither the state nor the provider names a region"}
	}
}

// failure makes the error of a call that got no answer in all its attempts.
func (c call) failure(ctx context.Context, tries *attempts, err error) error {
	if ctx.Err() == nil || tries.last == nil && tries.lastErr == nil {
		return unanswered(c, withoutURL(err))
	}
	// The time was up between two attempts: say what the last one met with.
	if tries.lastErr != nil {
		e := unanswered(c, endedAfter(ctx.Err(), withoutURL(tries.lastErr)))
		e.uncertain = c.isWrite() && !neverSent(tries.lastErr)
		return e
	}
	e := refusal(c, tries.last.StatusCode, nil)
	e.Err = ctx.Err()
	return e
}

// withoutURL takes the URL out of an error: the path is told once already.
func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// endedAfter says why a call ended and, if that is something else, what its last attempt met with.
func endedAfter(ended, last error) error {
	if errors.Is(last, ended) {
		return last
	}
	return fmt.Errorf("%w, after: %w", ended, last)
}

func (c *Client) newRequest(ctx context.Context, call call) (*retryablehttp.Request, error) {
	query := url.Values{"region": {CanonicalRegion(call.region)}}
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

// decodeProblem says what is wrong with an answer's JSON without repeating any of it: the decoder's own words quote values.
func decodeProblem(err error, body []byte) string {
	var wrongType *json.UnmarshalTypeError
	switch {
	case len(body) == 0:
		return "the answer is empty, so it may come from a proxy"
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return fmt.Sprintf("the field %q of the answer is not of the type it should be", wrongType.Field)
	case errors.As(err, &wrongType):
		return "the answer's JSON has another form than it should"
	default:
		return "the answer is not JSON, so it may come from a proxy, or api_endpoint may not be Civo's API"
	}
}
