// Regions and their features.

package civosim

import (
	"net/http"
	"slices"
	"strings"
)

// SetRegionDown changes whether a region of Options.Regions is unavailable. Requests in an unavailable region are answered
// like requests in an unknown one, but /v2/regions still lists it.
func (s *Server) SetRegionDown(code string, down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.regionsDown[s.spelling(code)] = down
}

// spelling returns Civo's spelling of a region's code, and a code that is not in Options.Regions unchanged.
func (s *Server) spelling(code string) string {
	i := slices.IndexFunc(s.options.Regions, func(known string) bool { return strings.EqualFold(known, code) })
	if i < 0 {
		return code
	}
	return s.options.Regions[i]
}

// availableRegion returns the code, in Civo's spelling, of the region that a client asked for.
func (s *Server) availableRegion(asked string) (string, error) {
	code := s.spelling(asked)
	rightCase := code == asked || !s.options.StrictRegionCase
	if !slices.Contains(s.options.Regions, code) || !rightCase || s.regionsDown[code] {
		return "", &apiError{
			Status: http.StatusNotFound, Code: "database_region_not_found",
			Reason: "Failed to find the region " + asked + " within the internal database",
		}
	}
	return code, nil
}

// objectStoreRegion is availableRegion for requests that need object storage. A request without a region uses the default
// one.
func (s *Server) objectStoreRegion(asked string) (string, error) {
	if asked == "" {
		asked = s.options.Regions[0]
	}
	code, err := s.availableRegion(asked)
	if err == nil && !s.hasObjectStore(code) {
		err = &apiError{
			Status: http.StatusBadRequest, Code: "database_region_feature_not_supported",
			Reason:  "The region does not support the feature",
			Details: "Feature object_store is not supported in region " + code,
		}
	}
	return code, err
}

func (s *Server) hasObjectStore(code string) bool {
	return !slices.ContainsFunc(s.options.NoObjectStore, func(without string) bool { return strings.EqualFold(without, code) })
}

// region is an item of /v2/regions.
type region struct {
	Code          string          `json:"code"`
	Name          string          `json:"name"`
	Type          string          `json:"type"`
	OutOfCapacity bool            `json:"out_of_capacity"`
	Country       string          `json:"country"`
	CountryName   string          `json:"country_name"`
	Features      map[string]bool `json:"features"`
	Default       bool            `json:"default"`
}

// places are the locations of Civo's public regions, by the letters that their codes begin with.
var places = map[string]struct{ name, country, countryName string }{
	"lon": {"London", "uk", "United Kingdom"},
	"fra": {"Frankfurt", "de", "Germany"},
	"nyc": {"New York", "us", "United States"},
	"mum": {"Mumbai", "in", "India"},
	"phx": {"Phoenix", "us", "United States"},
}

// listRegions lists all regions. A region in the query must be available, but does not filter the list.
func (s *Server) listRegions(c call) (any, error) {
	if c.region != "" {
		if _, err := s.availableRegion(c.region); err != nil {
			return nil, err
		}
	}
	list := make([]region, len(s.options.Regions))
	for i, code := range s.options.Regions {
		list[i] = region{
			Code: code, Name: code, Type: "civostack", Default: i == 0,
			Features: map[string]bool{"object_store": s.hasObjectStore(code)},
		}
		letters := strings.TrimRight(code, digits)
		if place, ok := places[strings.ToLower(letters)]; ok {
			list[i].Name = strings.TrimSpace(place.name + " " + code[len(letters):])
			list[i].Country, list[i].CountryName = place.country, place.countryName
		}
	}
	return list, nil
}
