package civo

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// A check does not wait for a slow response, and neither do the next ones. The response still answers what comes after it.
func TestCheckRegion_SlowResponse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			requests++
			if err := sleep(req.Context(), 10*time.Second); err != nil {
				return nil, err
			}
			return respond(200, `[{"code":"lon1"}]`), nil
		})
		began := time.Now()
		for range 3 {
			if err := client.Credentials("LON9").CheckRegion(t.Context()); err != nil {
				t.Errorf("after %v: %v", time.Since(began), err)
			}
		}
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("three checks took %v", took)
		}
		time.Sleep(7 * time.Second)
		if err := client.Credentials("LON9").CheckRegion(t.Context()); !Is(err, KindUnknownRegion) {
			t.Errorf("the response is not used: %v", err)
		}
		if regions, err := client.Regions(t.Context()); err != nil || len(regions) != 1 || requests != 1 {
			t.Errorf("%d regions, %d requests: %v", len(regions), requests, err)
		}
	})
}
