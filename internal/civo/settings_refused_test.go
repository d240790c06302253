package civo

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// refusedSettings is a case of rejected settings: the settings that the errors are about, and what the errors contain.
type refusedSettings struct {
	args  Arguments
	place place
	on    []string
	says  []string
}

func (test refusedSettings) check(t *testing.T) {
	t.Helper()
	_, _, problems := Resolve(test.args, test.place.surroundings(t))
	on, text := settingsOf(t, problems), fmt.Sprint(problems)
	if diff := cmp.Diff(test.on, on); diff != "" {
		t.Fatalf("settings that are refused (-want +got):\n%s\n%s", diff, text)
	}
	for _, word := range test.says {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not in the error: %s", word, text)
		}
	}
	for _, hidden := range []string{"token-", "token a", "ken-", "secret-b"} {
		if strings.Contains(text, hidden) {
			t.Errorf("the error repeats a secret: %s", text)
		}
	}
}

// file returns a place in which both the CLI's file and the one in named have the given content.
func file(content string) place {
	return place{files: map[string]string{".civo.json": content, "f.json": content}}
}

var named = Arguments{CredentialsFile: "~/f.json"}

func TestSettings_RejectedRegionsAndEndpoints(t *testing.T) {
	t.Parallel()
	good := Arguments{Token: NewSecret("token-x")}
	endpoint := func(url string) Arguments { return Arguments{Token: good.Token, Endpoint: url} }
	region := func(code string) Arguments { return Arguments{Token: good.Token, Region: code} }
	for name, test := range map[string]refusedSettings{
		"region with a dot":            {region("lon.1"), place{}, []string{"region"}, []string{`"lon.1"`, "argument region", "LON1"}},
		"region with white space":      {region("LON 1"), place{}, []string{"region"}, nil},
		"region in another alphabet":   {region("ЛON1"), place{}, []string{"region"}, nil},
		"region that would be a query": {region("LON1&x=1"), place{}, []string{"region"}, nil},
		"region in a variable":         {good, place{variables: map[string]string{EnvRegion: "lon/1"}}, []string{"region"}, []string{EnvRegion}},
		"region in the file": {
			named, file(`{"apikeys":{"a":"token-a"},"meta":{"current_apikey":"a","default_region":"lon_1"}}`),
			[]string{"region"},
			[]string{"f.json"},
		},
		"endpoint over http":                        {endpoint("http://example.com"), place{}, []string{"api_endpoint"}, []string{"argument api_endpoint", "in plain text", "https://example.com"}},
		"endpoint over http, called like localhost": {endpoint("http://localhost.example.com"), place{}, []string{"api_endpoint"}, nil},
		"endpoint over http in the local network":   {endpoint("http://192.168.0.1:80"), place{}, []string{"api_endpoint"}, nil},
		"endpoint over ftp":                         {endpoint("ftp://example.com"), place{}, []string{"api_endpoint"}, []string{"https"}},
		"endpoint without a scheme":                 {endpoint("example.com"), place{}, []string{"api_endpoint"}, []string{DefaultEndpoint}},
		"endpoint without a host":                   {endpoint("https://"), place{}, []string{"api_endpoint"}, nil},
		"endpoint of a port only":                   {endpoint("https://:443"), place{}, []string{"api_endpoint"}, nil},
		"endpoint with the version":                 {endpoint("https://example.com/v2"), place{}, []string{"api_endpoint"}, []string{"path, query or fragment"}},
		"endpoint with a user":                      {endpoint("https://user:secret-b@example.com"), place{}, []string{"api_endpoint"}, nil},
		"endpoint with an empty user":               {endpoint("https://@example.com"), place{}, []string{"api_endpoint"}, nil},
		"endpoint with a writing direction":         {endpoint("https://\u202eexample.com"), place{}, []string{"api_endpoint"}, nil},
		"endpoint with a query":                     {endpoint("https://example.com?a=secret-b"), place{}, []string{"api_endpoint"}, nil},
		"endpoint with a fragment":                  {endpoint("https://example.com#secret-b"), place{}, []string{"api_endpoint"}, nil},
		"endpoint that is no URL":                   {endpoint("https://user:secret-b@exa mple.com:x"), place{}, []string{"api_endpoint"}, nil},
		"endpoint in a variable":                    {good, place{variables: map[string]string{EnvEndpoint: "http://example.com"}}, []string{"api_endpoint"}, []string{EnvEndpoint}},
		"endpoint in the file": {
			named, file(`{"apikeys":{"a":"token-a"},"meta":{"current_apikey":"a","url":"http://example.com"}}`),
			[]string{"api_endpoint"},
			[]string{"f.json"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.check(t)
		})
	}
}

func TestSettings_RejectedObjectStoreEndpoints(t *testing.T) {
	t.Parallel()
	const byDefault = "https://objectstore.{region}.civo.com"
	for name, test := range map[string]struct {
		endpoint string
		says     []string
	}{
		"only the placeholder":     {"https://{region}", []string{"argument objectstore_endpoint", "complete host name", byDefault}},
		"another placeholder":      {"https://{foo}.example.com", []string{"other than {region}", byDefault}},
		"placeholder in capitals":  {"https://{REGION}.example.com", []string{"other than {region}", byDefault}},
		"half a placeholder":       {"https://{region.example.com", []string{"other than {region}"}},
		"placeholder in the path":  {"https://example.com/{region}", []string{"path", byDefault}},
		"placeholder as the port":  {"https://example.com:{region}", []string{"not a URL", byDefault}},
		"http":                     {"http://{region}.example.com", []string{"in plain text", "Use https://{region}.example.com."}},
		"http, like a loopback":    {"http://127.0.0.{region}", []string{"in plain text"}},
		"no scheme":                {"objectstore.example.com", []string{"not a URL", byDefault}},
		"another scheme":           {"s3://{region}.example.com", []string{"Use https://{region}.example.com"}},
		"user":                     {"https://user:secret-b@example.com", []string{"user", byDefault}},
		"user, empty":              {"https://@example.com", []string{"user"}},
		"user, a placeholder":      {"https://{region}@example.com", []string{"user"}},
		"user, without a host":     {"https://user:secret-b@", []string{"not a URL"}},
		"writing direction":        {"https://s3.\u202eexample.com", []string{"not a URL"}},
		"control, escaped":         {"https://s3.%C2%9Bexample.com", []string{"not a URL"}},
		"query":                    {"https://example.com?a=secret-b", []string{"query"}},
		"bucket":                   {"https://example.com/bucket", []string{"path"}},
		"no URL, with a password":  {"https://user:secret-b@exa mple.com", []string{"not a URL"}},
		"placeholder as the token": {"https://{token-a}.example.com", []string{"other than {region}"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refusedSettings{
				Arguments{Token: NewSecret("token-x"), ObjectStoreEndpoint: test.endpoint}, place{}, []string{"objectstore_endpoint"}, test.says,
			}.check(t)
		})
	}
	t.Run("variable", func(t *testing.T) {
		t.Parallel()
		refusedSettings{
			args: Arguments{Token: NewSecret("token-x")}, place: place{variables: map[string]string{EnvObjectStoreEndpoint: "http://example.com"}},
			on: []string{"objectstore_endpoint"}, says: []string{EnvObjectStoreEndpoint},
		}.check(t)
	})
}

func TestSettings_RejectedTokensAndFiles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]refusedSettings{
		"token with a space inside":      {Arguments{Token: NewSecret("token a")}, place{}, []string{"token"}, []string{"argument token", "whitespace"}},
		"token with a line break inside": {Arguments{}.with("token-a\ntoken-b"), place{}, []string{"token"}, nil},
		"token with a control character": {Arguments{}.with("token-a\x00"), place{}, []string{"token"}, nil},
		"token with an odd letter":       {Arguments{}.with("tökén-a"), place{}, []string{"token"}, nil},
		"token in a variable, in two":    {Arguments{}, place{variables: map[string]string{EnvToken: "token a"}}, []string{"token"}, []string{EnvToken}},
		"token in the file, in two":      {named, file(`{"apikeys":{"a":"token a"},"meta":{"current_apikey":"a"}}`), []string{"token"}, []string{"f.json"}},

		"credentials file that is missing": {
			named,
			place{},
			[]string{"credentials_file"},
			[]string{"argument credentials_file", "~/f.json", "does not exist", "current_apikey"},
		},
		"credentials file that is missing, in a variable": {
			Arguments{},
			place{variables: map[string]string{EnvCredentialsFile: homeF}},
			[]string{"credentials_file"},
			[]string{EnvCredentialsFile, "does not exist"},
		},
		"credentials file that is missing, in the CLI's variable": {
			Arguments{},
			place{variables: map[string]string{EnvCLIConfig: homeF}},
			[]string{"credentials_file"},
			[]string{EnvCLIConfig, "does not exist"},
		},
		"credentials file that is a directory":    {Arguments{CredentialsFile: "~/"}, place{}, []string{"credentials_file"}, []string{"not a regular file"}},
		"credentials file that is not JSON":       {named, file(`token: token-a`), []string{"credentials_file"}, []string{"not JSON"}},
		"credentials file that is empty":          {named, file(``), []string{"credentials_file"}, []string{"not JSON"}},
		"credentials file of another form":        {named, file(`{"apikeys":["token-a"]}`), []string{"credentials_file"}, nil},
		"credentials file with a number as token": {named, file(`{"apikeys":{"a":7},"meta":{"current_apikey":"a"}}`), []string{"credentials_file"}, nil},
		"credentials file without a current key":  {named, file(`{"apikeys":{"a":"token-a"},"meta":{}}`), []string{"credentials_file"}, []string{"current_apikey"}},
		"credentials file without the current key's token": {
			named, file(`{"apikeys":{"a":"token-a"},"meta":{"current_apikey":"b"}}`),
			[]string{"credentials_file"},
			[]string{"apikeys"},
		},
		"credentials file with an empty token": {named, file(`{"apikeys":{"a":" "},"meta":{"current_apikey":"a"}}`), []string{"credentials_file"}, nil},
		"credentials file that is too long":    {named, file(fileOfA + strings.Repeat(" ", maxCredentialsFile)), []string{"credentials_file"}, []string{"longer than"}},
		"the CLI's own file, broken":           {Arguments{}, file(`{`), []string{"token"}, []string{"~/.civo.json (it is not JSON"}},

		"all at once": {
			Arguments{Region: "lon/1", Endpoint: "http://example.com", CredentialsFile: "~/f.json"},
			place{},
			[]string{"credentials_file", "region", "api_endpoint"},
			nil,
		},
		"token and region": {
			Arguments{Token: NewSecret("token a"), Region: "lon/1"}, place{}, []string{"token", "region"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.check(t)
		})
	}
}

func (a Arguments) with(token string) Arguments {
	a.Token = NewSecret(token)
	return a
}

func TestSettings_RegionCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"LON1": true, "lon1": true, "Fra12": true, "TEST1": true, "FAKE": true, "acme-dc": true, "1": true, strings.Repeat("a", 64): true,
		"": false, "LON1\n": false, "LON 1": false, "acme_dc": false, "acme.dc": false, "LON/1": false, "LON1&x": false, "ЛON1": false,
		strings.Repeat("a", 65): false,
	} {
		if IsRegion(code) != want {
			t.Errorf("%q: %t", code, !want)
		}
	}
	if !SameRegion("lon1", "LON1") || SameRegion("LON1", "FRA1") {
		t.Error("regions are not compared without regard to letter case")
	}
}
