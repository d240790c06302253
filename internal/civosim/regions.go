package civosim

import "strings"

// region is an item of /v2/regions, which the CLI asks for to check and to choose regions.
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

// places are where Civo's regions are: a region's code begins with one of these.
var places = map[string]struct{ name, country, countryName string }{
	"LON": {"London", "uk", "United Kingdom"},
	"FRA": {"Frankfurt", "de", "Germany"},
	"NYC": {"New York", "us", "United States"},
	"PHX": {"Phoenix", "us", "United States"},
}

func (s *Server) regionList() []region {
	list := make([]region, len(s.options.Regions))
	for i, code := range s.options.Regions {
		list[i] = region{
			Code: code, Name: code, Type: "civostack", Default: i == 0,
			Features: map[string]bool{"object_store": true},
		}
		if place, ok := places[strings.TrimRight(code, digits)]; ok {
			list[i].Name = place.name + " " + strings.TrimLeft(code, upper)
			list[i].Country, list[i].CountryName = place.country, place.countryName
		}
	}
	return list
}
