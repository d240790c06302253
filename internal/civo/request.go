// One API call: URL, body, retries and decoding of the response.

package civo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

// call describes a request to the API, without the host.
type call struct {
	method  string
	path    string // with the version, escaped
	region  string
	query   url.Values
	body    any      // marshalled to JSON; nil: none
	secrets []Secret // that must not appear in an error
	isList  bool     // a list always exists, so a 404 does not mean that something is missing
}

func (c call) isWrite() bool { return c.method != http.MethodGet }

// send sends a call, retries it where that is safe, and decodes the JSON of a successful response into T.
func send[T any](ctx context.Context, client *Client, c call) (T, error) {
	var answer T
	c.secrets = append(slices.Clip(c.secrets), client.config.Token)
	resp, err := client.do(ctx, c)
	if err != nil {
		return answer, err
	}
	if resp.status < 200 || resp.status > 299 {
		return answer, client.withRegions(ctx, responseError(c, resp.status, resp.body))
	}
	if err := json.Unmarshal(resp.body, &answer); err != nil {
		var none T
		return none, decodeError(c, resp.status, decodeProblem(err))
	}
	return answer, nil
}

// do sends a call, retries it where that is safe, and returns the last response, whatever its status.
func (c *Client) do(ctx context.Context, call call) (*response, error) {
	if err := c.checkCall(call); err != nil {
		return nil, err
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timing.Request)
		defer cancel()
	}
	req, err := c.newRequest(ctx, call)
	if err != nil {
		return nil, err
	}
	for retries := 0; ; retries++ {
		resp, failed := c.exchange(ctx, req)
		switch {
		case retries < c.timing.Retries && call.shouldRetry(resp, failed):
			wait := exponential(c.timing.RetryMin, c.timing.RetryMax, retries)
			if err := sleep(ctx, max(wait, resp.retryAfter)); err != nil {
				return nil, call.interrupted(resp, failed, err)
			}
		case failed != nil:
			return nil, transportError(call, failed)
		default:
			return &resp, nil
		}
	}
}

// pathForm matches the path of a request. It rejects an ID that would change the path, such as ".." or an empty ID.
var pathForm = regexp.MustCompile(`^(/[A-Za-z0-9_-]{1,128})+$`)

// checkCall returns an error if a call cannot be sent. Without a region, Civo would choose one itself.
func (c *Client) checkCall(call call) error {
	switch {
	case !pathForm.MatchString(call.path):
		return &Error{Kind: KindUnexpected, Reason: fmt.Sprintf("the path %q contains an invalid ID", call.path)}
	case call.region != "" && NewSecret(call.region) == c.config.Token:
		return errTokenAsRegion
	case call.region == "" && call.path == regionsPath, IsRegion(call.region):
		return nil
	case call.region != "":
		return &Error{Kind: KindUnknownRegion, Reason: fmt.Sprintf("%q is not a region code", call.region)}
	default:
		return &Error{Kind: KindNoRegion, Reason: "neither the state nor the provider configuration contains a region"}
	}
}

// interrupted returns the error for a call whose context ended between two attempts. It describes the outcome of the last attempt.
func (c call) interrupted(resp response, failed *attemptError, ended error) error {
	if failed == nil {
		e := responseError(c, resp.status, nil)
		e.Err = ended
		return e
	}
	e := transportError(c, failed)
	e.Err = fmt.Errorf("%w, and then %w", failed, ended)
	return e
}

func (c *Client) newRequest(ctx context.Context, call call) (*http.Request, error) {
	query := url.Values{}
	if call.region != "" {
		query.Set("region", call.region)
	}
	maps.Copy(query, call.query)
	target := *c.endpoint
	target.RawQuery = query.Encode()
	var body []byte
	if call.body != nil {
		var err error
		if body, err = json.Marshal(call.body); err != nil {
			return nil, fmt.Errorf("encoding the request: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, call.method, target.JoinPath(call.path).String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	req.Header.Set("Authorization", "bearer "+c.config.Token.Reveal())
	req.Header.Set("User-Agent", c.config.UserAgent)
	req.Header.Set("Accept", "application/json")
	if call.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// decodeProblem describes what is wrong with the JSON of a response. Unlike the decoder's own errors, it quotes none of it.
func decodeProblem(err error) string {
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.Is(err, errTooManyItems), errors.Is(err, errNotArray):
		return err.Error()
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return fmt.Sprintf("the field %q of the response has an unexpected type", wrongType.Field)
	case wrongType != nil:
		return errNotArray.Error()
	default:
		return errNotCivo.Error()
	}
}
