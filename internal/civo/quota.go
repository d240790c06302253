// The account's quota for object storage.

package civo

import (
	"context"
	"net/http"
)

const quotaPath = "/v2/quota"

// Quota is the account's quota for object storage, in GB of the maximum sizes of its object stores.
type Quota struct {
	LimitGB int64
	UsedGB  int64
}

// Quota returns the quota, read from Civo. Concurrent calls share a request.
func (c *Client) Quota(ctx context.Context) (Quota, error) {
	return share(ctx, &c.quotaRequests, "", c.timing.Request, func(ctx context.Context) (Quota, error) {
		get := c.newCall(ctx, http.MethodGet, quotaPath, "")
		get.isList = true // an account always has a quota
		response, err := send[struct {
			Limit *int64 `json:"objectstore_gb_limit"`
			Usage *int64 `json:"objectstore_gb_usage"`
		}](ctx, c, get)
		switch {
		case err != nil:
			return Quota{}, err
		case response.Limit == nil || response.Usage == nil || min(*response.Limit, *response.Usage) < 0:
			return Quota{}, decodeError(get, http.StatusOK, "the response does not contain a valid quota and usage for object storage")
		}
		return Quota{LimitGB: *response.Limit, UsedGB: *response.Usage}, nil
	})
}

// withQuota adds the quota of the account to an error about it.
func (c *Client) withQuota(ctx context.Context, err error) error {
	if !Is(err, KindQuota) || detailsOf(err).Path == quotaPath {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timing.RegionCheck)
	defer cancel()
	quota, quotaErr := c.Quota(ctx)
	if quotaErr != nil {
		return err
	}
	return withChange(err, func(e *Error) { e.Quota = &quota })
}
