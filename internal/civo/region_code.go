package civo

import (
	"regexp"
	"strings"
)

var regionForm = regexp.MustCompile(`^[A-Za-z]{3}\d+$`)

// IsRegion says whether s has the form of a region code: three letters and a number, such as "LON1", in any letter case.
func IsRegion(s string) bool { return regionForm.MatchString(s) }

// CanonicalRegion is the form in which a region is sent and compared: upper case.
func CanonicalRegion(region string) string { return strings.ToUpper(region) }

// SameRegion says whether two codes mean one region: letter case does not count.
func SameRegion(a, b string) bool { return CanonicalRegion(a) == CanonicalRegion(b) }

// S3Endpoint is the URL at which a region serves its object stores through the S3 API, path-style.
func S3Endpoint(region string) string {
	return "https://objectstore." + strings.ToLower(region) + ".civo.com"
}
