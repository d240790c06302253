package civo

import (
	"context"
	"net/http"
)

const regionsPath = "/v2/regions"

// Regions gives the codes of the regions that there are.
func (c *Client) Regions(ctx context.Context) ([]string, error) {
	type region struct {
		Code string `json:"code"`
	}
	regions, err := send[[]region](ctx, c, call{method: http.MethodGet, path: regionsPath, region: c.region})
	if err != nil {
		return nil, listProblem(err)
	}
	var codes []string
	for _, r := range regions {
		if IsRegion(r.Code) {
			codes = append(codes, CanonicalRegion(r.Code))
		}
	}
	return codes, nil
}
