// URLs of the API and of the object stores.

package civo

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// The URLs of Civo's public API and of the object stores in its regions.
const (
	DefaultEndpoint            = "https://api.civo.com"
	DefaultObjectStoreEndpoint = "https://objectstore." + regionPlaceholder + ".civo.com"

	regionPlaceholder = "{region}" // represents the region code in lower case
)

// parseObjectStoreEndpoint checks a URL whose host may contain regionPlaceholder, and returns it without a trailing slash.
func parseObjectStoreEndpoint(endpoint string) (string, error) {
	const regionCode = "region-code" // stands in for the placeholder, since a host cannot contain braces
	filled := strings.ReplaceAll(endpoint, regionPlaceholder, regionCode)
	if strings.ContainsAny(filled, "{}") {
		return "", fmt.Errorf("it contains a placeholder other than %s. Use only %[1]s, as in %s", regionPlaceholder, DefaultObjectStoreEndpoint)
	}
	u, err := parseURL(filled, DefaultObjectStoreEndpoint)
	if err != nil {
		return "", errors.New(strings.ReplaceAll(err.Error(), regionCode, regionPlaceholder))
	}
	if u.Hostname() == regionCode {
		return "", fmt.Errorf("its host is only %s. Use a complete host name, as in %s", regionPlaceholder, DefaultObjectStoreEndpoint)
	}
	return strings.ReplaceAll(u.Scheme+"://"+u.Host, regionCode, regionPlaceholder), nil
}

// parseURL parses a URL of only a scheme and a host: https, or http on a loopback address. Its errors do not quote a password in the URL.
func parseURL(text, example string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("it is not a URL. Use a URL such as %s", example)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("it contains a user, path, query or fragment. Use only the scheme and the host, as in %s", example)
	}
	host, isLoopback := Printable(u.Host), u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
	switch {
	case u.Scheme == "https", u.Scheme == "http" && isLoopback:
		u.Path = ""
		return u, nil
	case u.Scheme == "http":
		return nil, fmt.Errorf("http would send requests in plain text. Use https://%s. "+
			"Plain http is allowed only with a loopback address, such as http://127.0.0.1:8080", host)
	}
	return nil, fmt.Errorf("its scheme is not https. Use https://%s", host)
}

// S3Endpoint returns the path-style URL of a region's object stores, without a trailing slash, from the endpoint in the settings.
func S3Endpoint(endpoint, region string) string {
	return strings.ReplaceAll(endpoint, regionPlaceholder, strings.ToLower(region))
}

// OtherEndpoint returns the setting for the endpoint that Civo returned for a store if its host differs from that of the planned endpoint.
// The setting contains regionPlaceholder where the host contains the region. It is empty if the hosts are the same, or if Civo returned
// no valid endpoint.
func OtherEndpoint(planned string, store ObjectStore) string {
	actual := store.Endpoint
	if !strings.Contains(actual, "://") { // in practice, Civo returns only the host
		actual = "https://" + actual
	}
	u, err := url.Parse(actual)
	wanted, wantedErr := url.Parse(planned)
	if err != nil || wantedErr != nil || u.User != nil || store.Endpoint == "" {
		return ""
	}
	if u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback() {
		u.Scheme = "http"
	}
	host := strings.TrimPrefix(hostOf(u), strings.ToLower(store.Name)+".") // in the virtual-hosted style, the host contains the bucket
	if host == hostOf(wanted) {
		return ""
	}
	labels := strings.Split(host, ".")
	for i, label := range labels {
		if strings.EqualFold(label, store.Region) {
			labels[i] = regionPlaceholder
		}
	}
	setting, err := parseObjectStoreEndpoint(u.Scheme + "://" + strings.Join(labels, "."))
	if err != nil {
		return ""
	}
	return setting
}

// hostOf returns the host of a URL in lower case, without the default port.
func hostOf(u *url.URL) string {
	return strings.TrimSuffix(strings.ToLower(u.Host), map[string]string{"https": ":443", "http": ":80"}[u.Scheme])
}
