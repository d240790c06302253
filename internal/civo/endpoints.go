// URLs of the API and of the object stores.

package civo

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"unicode"
)

// The URLs of Civo's public API and of the object stores in its regions.
const (
	DefaultEndpoint            = "https://api.civo.com"
	DefaultObjectStoreEndpoint = "https://objectstore." + regionPlaceholder + ".civo.com"

	regionPlaceholder = "{region}" // represents the region code in lower case
)

// parseObjectStoreEndpoint checks a URL whose host may contain regionPlaceholder, and returns it without a trailing slash. The host keeps
// its spelling: only the check uses a URL with a region in place of the placeholder, since a host cannot contain braces.
func parseObjectStoreEndpoint(endpoint string) (string, error) {
	if strings.ContainsAny(strings.ReplaceAll(endpoint, regionPlaceholder, ""), "{}") {
		return "", fmt.Errorf("it contains a placeholder other than %s. Use only %[1]s, as in %s", regionPlaceholder, DefaultObjectStoreEndpoint)
	}
	_, host, _ := strings.Cut(endpoint, "://")
	if end := strings.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	u, err := url.Parse(strings.ReplaceAll(endpoint, regionPlaceholder, "region"))
	if err != nil {
		return "", notURL(DefaultObjectStoreEndpoint)
	}
	if err := checkURL(u, host, DefaultObjectStoreEndpoint); err != nil {
		return "", err
	}
	if name, _, _ := strings.Cut(host, ":"); name == regionPlaceholder {
		return "", fmt.Errorf("its host is only %s. Use a complete host name, as in %s", regionPlaceholder, DefaultObjectStoreEndpoint)
	}
	return u.Scheme + "://" + host, nil
}

// parseURL parses a URL of only a scheme and a host: https, or http on a loopback address. Its errors do not quote a password in the URL.
func parseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, notURL(DefaultEndpoint)
	}
	if err := checkURL(u, u.Host, DefaultEndpoint); err != nil {
		return nil, err
	}
	u.Path = ""
	return u, nil
}

func notURL(example string) error {
	return fmt.Errorf("it is not a URL. Use a URL such as %s", example)
}

// checkURL returns an error unless parseURL accepts the URL. Its errors show the host as the user wrote it.
func checkURL(u *url.URL, host, example string) error {
	isUnprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	if u.Hostname() == "" || strings.ContainsFunc(u.Host, isUnprintable) {
		return notURL(example)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return fmt.Errorf("it contains a user, path, query or fragment. Use only the scheme and the host, as in %s", example)
	}
	switch {
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u):
		return nil
	case u.Scheme == "http":
		return fmt.Errorf("http would send requests in plain text. Use https://%s. "+
			"Plain http is allowed only with a loopback address, such as http://127.0.0.1:8080", Printable(host))
	}
	return fmt.Errorf("its scheme is not https. Use https://%s", Printable(host))
}

func isLoopback(u *url.URL) bool {
	return u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
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
	host := hostOf(u)
	if host == hostOf(wanted) {
		return ""
	}
	host = strings.TrimPrefix(host, strings.ToLower(store.Name)+".") // in the virtual-hosted style, the host contains the bucket
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
