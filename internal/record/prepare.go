// What a run checks before it asks anything.

package record

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Prepare checks the token, the region, and the quota. It creates nothing. The notes are for the user to read before the run.
func (s *Session) Prepare(ctx context.Context) (notes []string, err error) {
	r := s.send(ctx, "", call{method: http.MethodGet, path: "/v2/regions"})
	s.regions = r.items()
	code := strings.ToLower(s.redact.text(r.text("code"))) // it can contain anything
	switch {
	case r.err != nil:
		return nil, fmt.Errorf("no response from %s: %s. Nothing was created", s.config.Endpoint, failureOf(r.err))
	case r.status == http.StatusUnauthorized, code == "database_account_not_found", r.text("result") == "requires_authentication":
		return nil, fmt.Errorf("the API at %s rejected the token (%d %s). Set CIVO_TOKEN to a valid API key. Nothing was created",
			s.config.Endpoint, r.status, code)
	case !r.ok() || len(s.regions) == 0:
		return nil, fmt.Errorf("GET /v2/regions of %s returned no regions (%d %s). Nothing was created", s.config.Endpoint, r.status, code)
	}
	if err := s.checkRegion(); err != nil {
		return nil, err
	}
	var left []*record
	for _, path := range []string{storesPath, credentialsPath} {
		found, complete := s.find(ctx, path, namePrefix)
		if !complete {
			return nil, fmt.Errorf("could not list %s in region %s. Nothing was created", path, s.config.Region)
		}
		left = append(left, found...)
	}
	if len(left) > 0 {
		notes = append(notes, "The account contains objects of another run. If no other run is in progress, delete them with these commands, in this order:\n"+s.commands(left))
	}
	return append(notes, s.quotaNotes(ctx)...), nil
}

func (s *Session) checkRegion() error {
	var codes []string
	for _, region := range s.regions {
		code, _ := region["code"].(string)
		features, _ := region["features"].(map[string]any)
		if has, known := features["object_store"].(bool); strings.EqualFold(code, s.config.Region) && (has || !known) {
			return nil
		} else if has {
			codes = append(codes, shown(code))
		}
	}
	return fmt.Errorf("the region %s does not exist or has no object storage. Set CIVO_REGION to one of: %s. Nothing was created",
		s.config.Region, strings.Join(codes, ", "))
}

// neededGB is the size that the run needs at the same time.
const neededGB = 1000

func (s *Session) quotaNotes(ctx context.Context) []string {
	r := s.send(ctx, "", call{method: http.MethodGet, path: "/v2/quota", query: s.query()})
	_, hasLimit := r.object()["objectstore_gb_limit"].(json.Number)
	free := r.number("objectstore_gb_limit") - r.number("objectstore_gb_usage")
	if r.ok() && hasLimit && free < neededGB {
		return []string{fmt.Sprintf("The quota of the account has %d GB of object storage left. "+
			"The run needs %d GB to answer all questions, and 500 GB to answer most of them.", free, neededGB)}
	}
	return nil
}

func randomText(length int) string { return (rand.Text() + rand.Text())[:length] }
