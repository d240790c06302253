package civo

import (
	"net"
	"slices"
	"strings"
	"testing"
)

func FuzzCredentialsFile(f *testing.F) {
	for _, content := range []string{
		fileOfA, fileOfC, ``, `{`, `null`, `[]`, `{"apikeys":null,"meta":null}`, `{"apikeys":{"a":null},"meta":{"current_apikey":"a"}}`,
		`{"apikeys":{"":"token-a"},"meta":{"current_apikey":""}}`, `{"apikeys":{"a":" "},"meta":{"current_apikey":"a"}}`,
		`{"meta":{"current_apikey":"a"},"apikeys":{"a":"token-a"}}{}`,
	} {
		f.Add([]byte(content))
	}
	known := []string{
		"it is not JSON in the format of the Civo CLI", "it does not contain meta.current_apikey, which `civo apikey current NAME` sets",
		"its apikeys do not contain the key that is set in meta.current_apikey. `civo apikey ls` lists the keys",
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := parseCredentialsFile(content)
		switch {
		case err != nil && !slices.Contains(known, err.Error()):
			t.Errorf("the error may repeat what is in the file: %v", err)
		case err == nil && (file.token().IsZero() || file.Meta.Current == ""):
			t.Error("a file without a token was taken")
		case err == nil && file.token().Reveal() != strings.TrimSpace(file.token().Reveal()):
			t.Errorf("the token has whitespace around it: %q", file.token().Reveal())
		}
	})
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func FuzzParseEndpoint(f *testing.F) {
	for _, text := range []string{
		DefaultEndpoint, "http://127.0.0.1:8080", "http://[::1]", "http://localhost", "http://example.com", "ftp://a", "https://u:p@a",
		"https://a/b", "https://a?b", "https://a#b", "https://:1", "//a", "https:a", "", "http://[::1%25lo]:1", "https://%31",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := parseURL(text)
		if err != nil {
			return
		}
		if u.Scheme != "https" && (u.Scheme != "http" || !onThisMachine(u.Hostname())) {
			t.Errorf("%q would send the token in clear", text)
		}
		if u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" {
			t.Errorf("%q has other parts than scheme, host and port: %#v", text, u)
		}
		if again, err := parseURL(u.String()); err != nil || again.String() != u.String() {
			t.Errorf("%q became %q, which is not taken: %v", text, u, err)
		}
	})
}
