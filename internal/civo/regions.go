// The regions of the account.

package civo

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

const regionsPath = "/v2/regions"

var regionForm = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// IsRegion reports whether s has the form of a region code. Codes of private regions are free-form, so only the API knows the regions.
func IsRegion(s string) bool { return regionForm.MatchString(s) }

// isRegionWithout reports whether s has the form of a region code and contains no part of the token.
func isRegionWithout(s string, token Secret) bool { return IsRegion(s) && hide(s, token) == s }

// SameRegion reports whether two codes name the same region. Codes are case-insensitive.
func SameRegion(a, b string) bool { return strings.EqualFold(a, b) }

// Region is a region of the account.
type Region struct {
	Code      string          `json:"code"` // as Civo spells it
	Features  map[string]bool `json:"features"`
	IsDefault bool            `json:"default"` // of the account
}

// HasObjectStorage reports whether the region offers object storage. A region that lists no features at all may.
func (r Region) HasObjectStorage() bool { return r.Features == nil || r.Features["object_store"] }

// regionsResponse is the outcome of GET /v2/regions. A list and a rejected token are used for the lifetime of the client,
// another error until it expires.
type regionsResponse struct {
	regions []Region
	err     error
	expires time.Time
}

func (r *regionsResponse) isUsable() bool {
	return r != nil && (r.err == nil || Is(r.err, KindUnauthorized) || time.Now().Before(r.expires))
}

// Regions returns the regions of the account. It sends one request in the lifetime of the client, unless that fails.
func (c *Client) Regions(ctx context.Context) ([]Region, error) {
	if latest := c.regions.Load(); latest.isUsable() {
		return latest.regions, latest.err
	}
	return share(ctx, &c.regionRequests, "", c.timing.Request, func(ctx context.Context) ([]Region, error) {
		if latest := c.regions.Load(); latest.isUsable() { // since the caller looked
			return latest.regions, latest.err
		}
		regions, err := c.listRegions(ctx)
		c.regions.Store(&regionsResponse{regions, err, time.Now().Add(c.timing.Fresh)})
		return regions, err
	})
}

func (c *Client) listRegions(ctx context.Context) ([]Region, error) {
	get := c.newCall(ctx, http.MethodGet, regionsPath, "")
	get.isList = true
	response, err := send[boundedList[Region]](ctx, c, get)
	if err != nil {
		return nil, err
	}
	regions := slices.DeleteFunc(response.items, func(r Region) bool { return !IsRegion(r.Code) })
	if len(regions) == 0 {
		return nil, decodeError(get, http.StatusOK, "the response contains no regions")
	}
	return regions, nil
}

// CheckRegion returns an error if the region cannot have such records; nil if the regions cannot be listed within Timing.RegionCheck. If
// Civo rejects the token, only the first call returns the error, so that a plan with many records does not repeat it.
func (c *Collection[T]) CheckRegion(ctx context.Context) error {
	client := c.client
	before := client.regions.Load()
	bounded, cancel := context.WithTimeout(ctx, client.timing.RegionCheck)
	defer cancel()
	regions, err := client.Regions(bounded)
	if Is(err, KindUnauthorized) && client.rejected.CompareAndSwap(false, true) {
		return err
	}
	if err != nil {
		if IsTimeout(err) && ctx.Err() == nil { // the next check need not wait as long, unless the response arrives
			client.regions.CompareAndSwap(before, &regionsResponse{err: err, expires: time.Now().Add(client.timing.Fresh)})
		}
		return nil // the request that needs the region reports what is wrong
	}
	at := slices.IndexFunc(regions, func(r Region) bool { return SameRegion(r.Code, c.region) })
	switch {
	case at < 0:
		return &Error{Kind: KindUnknownRegion, Regions: regions, Reason: fmt.Sprintf("the account has no region %q", c.region), token: client.config.Token}
	case !c.recordType.isIn(regions[at]):
		return &Error{Kind: KindNoObjectStorage, Regions: regions, Reason: fmt.Sprintf("the region %q has no object storage", c.region)}
	}
	return nil
}

// withRegions adds the regions of the account to an error about a region, so that the user can choose another one.
func (c *Client) withRegions(ctx context.Context, err error) error {
	if !Is(err, KindUnknownRegion) && !Is(err, KindNoObjectStorage) || detailsOf(err).Path == regionsPath {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timing.RegionCheck)
	defer cancel()
	regions, _ := c.Regions(ctx) // nil if they cannot be listed
	return withChange(err, func(e *Error) { e.Regions = regions })
}
