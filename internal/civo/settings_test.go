package civo

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	fileOfA = `{"apikeys":{"a":"token-a","b":"token-b"},"meta":{"current_apikey":"a","default_region":"fra1","url":"https://a.example.com"}}`
	fileOfC = `{"apikeys":{"c":"token-c"},"meta":{"current_apikey":"c","default_region":"NYC1","url":"https://c.example.com"}}`
)

// In a variable, HOME stands for the home directory.
const (
	homeA = "HOME/a.json"
	homeF = "HOME/f.json"
)

// In an argument, ~ does.
const (
	homeCLI = "~/.civo.json"
)

// place is a home directory with files in it, by their paths, and variables. In the variables, HOME/ stands for it.
type place struct {
	files     map[string]string
	variables map[string]string
}

func (p place) surroundings(tb testing.TB) Surroundings {
	tb.Helper()
	home := tb.TempDir()
	for name, content := range p.files {
		if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return Surroundings{Home: home, Getenv: func(name string) string {
		return strings.ReplaceAll(p.variables[name], "HOME/", home+"/")
	}}
}

// found are settings in a form that can be compared.
type found struct{ Token, Region, Endpoint string }

// takenSettings is a case of settings that are taken, and what they come to.
type takenSettings struct {
	args  Arguments
	place place
	want  found
}

func (test takenSettings) check(t *testing.T) {
	t.Helper()
	settings, err := Resolve(test.args, test.place.surroundings(t))
	if err != nil {
		t.Fatal(err)
	}
	got := found{settings.Token.Reveal(), settings.Region, settings.Endpoint}
	if diff := cmp.Diff(test.want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(settings.Warnings) != 0 {
		t.Errorf("warnings: %v", settings.Warnings)
	}
}

func TestWhereSettingsAreTakenFrom(t *testing.T) {
	t.Parallel()
	files := map[string]string{"a.json": fileOfA, ".civo.json": fileOfC}
	everything := map[string]string{
		EnvToken: "token-v", EnvRegion: "PHX1", EnvEndpoint: "https://v.example.com", EnvCredentialsFile: homeA,
		EnvCLIConfig: "HOME/.civo.json",
	}
	for name, test := range map[string]takenSettings{
		"an argument wins over a variable and a file": {
			Arguments{Token: NewSecret("token-x"), Region: "lOn1", Endpoint: "https://x.example.com", CredentialsFile: "~/a.json"},
			place{files, everything},
			found{"token-x", "lOn1", "https://x.example.com"},
		},
		"a variable wins over a file": {
			Arguments{CredentialsFile: "~/a.json"},
			place{files, everything},
			found{"token-v", "PHX1", "https://v.example.com"},
		},
		"variables win for region and endpoint of a token from a file": {
			Arguments{CredentialsFile: "~/a.json"},
			place{files, map[string]string{EnvRegion: "PHX1", EnvEndpoint: "https://v.example.com"}},
			found{"token-a", "PHX1", "https://v.example.com"},
		},
		"region and endpoint come from the file that the token came from": {
			Arguments{CredentialsFile: "~/a.json"},
			place{files, nil},
			found{"token-a", "fra1", "https://a.example.com"},
		},
		"region and endpoint of a file count for nothing where the token is an argument": {
			Arguments{Token: NewSecret("token-x"), CredentialsFile: "~/a.json"},
			place{files, nil},
			found{"token-x", "", DefaultEndpoint},
		},
		"region and endpoint of a file count for nothing where the token is a variable": {
			Arguments{},
			place{files, map[string]string{EnvToken: "token-v", EnvCredentialsFile: homeA}},
			found{"token-v", "", DefaultEndpoint},
		},
		"the argument credentials_file wins over its variable": {
			Arguments{CredentialsFile: homeCLI},
			place{files, map[string]string{EnvCredentialsFile: homeA}},
			found{"token-c", "NYC1", "https://c.example.com"},
		},
		"CIVO_CREDENTIAL_FILE wins over CIVO_CONFIG": {
			Arguments{},
			place{files, map[string]string{EnvCredentialsFile: homeA, EnvCLIConfig: "HOME/.civo.json"}},
			found{"token-a", "fra1", "https://a.example.com"},
		},
		"CIVO_CONFIG wins over the home directory": {
			Arguments{},
			place{files, map[string]string{EnvCLIConfig: homeA}},
			found{"token-a", "fra1", "https://a.example.com"},
		},
		"the CLI's own file is the last place": {
			Arguments{},
			place{files, nil},
			found{"token-c", "NYC1", "https://c.example.com"},
		},
		"a file needs neither region nor endpoint": {
			Arguments{},
			place{map[string]string{".civo.json": `{"apikeys":{"c":"token-c"},"meta":{"current_apikey":"c"}}`}, nil},
			found{"token-c", "", DefaultEndpoint},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.check(t)
		})
	}
}

func TestSettingsInOddForms(t *testing.T) {
	t.Parallel()
	files := map[string]string{".civo.json": fileOfC}
	for name, test := range map[string]takenSettings{
		"white space around a token does not count": {
			Arguments{Token: NewSecret(" \ttoken-x\n")},
			place{},
			found{"token-x", "", DefaultEndpoint},
		},
		"a token of nothing but white space is none": {
			Arguments{Token: NewSecret(" \n")},
			place{variables: map[string]string{EnvToken: "\t"}, files: files},
			found{"token-c", "NYC1", "https://c.example.com"},
		},
		"white space around a token in a variable or a file does not count": {
			Arguments{},
			place{map[string]string{".civo.json": `{"apikeys":{"c":" token-c\n"},"meta":{"current_apikey":"c"}}`}, nil},
			found{"token-c", "", DefaultEndpoint},
		},
		"http is fine on this machine": {
			Arguments{Token: NewSecret("token-x"), Endpoint: "http://[::1]:8080"},
			place{},
			found{"token-x", "", "http://[::1]:8080"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.check(t)
		})
	}
}

// settingErrors takes a joined error apart.
func settingErrors(tb testing.TB, err error) []SettingError {
	tb.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		tb.Fatalf("%T is no joined error", err)
	}
	var parts []SettingError
	for _, part := range joined.Unwrap() {
		setting, ok := errors.AsType[SettingError](part)
		if !ok {
			tb.Fatalf("%T is no SettingError: %v", part, part)
		}
		parts = append(parts, setting)
	}
	return parts
}

// settingsOf are the settings that an error is about, in words.
func settingsOf(tb testing.TB, err error) []Setting {
	tb.Helper()
	parts := settingErrors(tb, err)
	on := make([]Setting, 0, len(parts))
	for _, part := range parts {
		on = append(on, part.Setting)
		if part.Summary == "" || part.Detail == "" {
			tb.Errorf("an error lacks words: %+v", part)
		}
	}
	return on
}

func TestNoTokenListsEveryPlaceInOrder(t *testing.T) {
	t.Parallel()
	for name, around := range map[string]Surroundings{
		"an empty home directory": place{}.surroundings(t),
		"no home directory":       {Getenv: func(string) string { return "" }},
	} {
		_, err := Resolve(Arguments{}, around)
		parts := settingErrors(t, err)
		if len(parts) != 1 || parts[0].Setting != SettingToken {
			t.Fatalf("%s: %v", name, parts)
		}
		rest := parts[0].Detail
		for _, looked := range []string{"argument token", EnvToken, "argument credentials_file", EnvCredentialsFile, EnvCLIConfig, "~/.civo.json"} {
			_, after, ok := strings.Cut(rest, looked)
			if !ok {
				t.Errorf("%s: %q is not named, or not in its place: %s", name, looked, parts[0].Detail)
			}
			rest = after
		}
	}
}

// refusedSettings is a case of settings that are refused: on what, and what the errors say.
type refusedSettings struct {
	args  Arguments
	place place
	on    []Setting
	says  []string
}

func (test refusedSettings) check(t *testing.T) {
	t.Helper()
	_, err := Resolve(test.args, test.place.surroundings(t))
	on := settingsOf(t, err)
	if diff := cmp.Diff(test.on, on); diff != "" {
		t.Fatalf("settings that are refused (-want +got):\n%s\n%v", diff, err)
	}
	for _, word := range test.says {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q is not in the error: %v", word, err)
		}
	}
	for _, hidden := range []string{"token-", "token a", "ken-", "secret-b"} {
		if strings.Contains(err.Error(), hidden) {
			t.Errorf("the error repeats a secret: %v", err)
		}
	}
}

// file is a place where a file of that content is both the CLI's and the one that named names.
func file(content string) place {
	return place{files: map[string]string{".civo.json": content, "f.json": content}}
}

var named = Arguments{CredentialsFile: "~/f.json"}

func TestRegionsAndEndpointsThatAreRefused(t *testing.T) {
	t.Parallel()
	good := Arguments{Token: NewSecret("token-x")}
	endpoint := func(url string) Arguments { return Arguments{Token: good.Token, Endpoint: url} }
	region := func(code string) Arguments { return Arguments{Token: good.Token, Region: code} }
	for name, test := range map[string]refusedSettings{
		"region with a dot":            {region("lon.1"), place{}, []Setting{SettingRegion}, []string{`"lon.1"`, "argument region", "LON1"}},
		"region with white space":      {region("LON1 "), place{}, []Setting{SettingRegion}, nil},
		"region in another alphabet":   {region("ЛON1"), place{}, []Setting{SettingRegion}, nil},
		"region that would be a query": {region("LON1&x=1"), place{}, []Setting{SettingRegion}, nil},
		"region in a variable":         {good, place{variables: map[string]string{EnvRegion: "lon/1"}}, []Setting{SettingRegion}, []string{EnvRegion}},
		"region in the file": {
			named, file(`{"apikeys":{"a":"token-a"},"meta":{"current_apikey":"a","default_region":"lon_1"}}`),
			[]Setting{SettingRegion},
			[]string{"f.json"},
		},
		"endpoint over http":                        {endpoint("http://example.com"), place{}, []Setting{SettingEndpoint}, []string{"argument api_endpoint", "in plain text", "https://example.com"}},
		"endpoint over http, called like localhost": {endpoint("http://localhost.example.com"), place{}, []Setting{SettingEndpoint}, nil},
		"endpoint over http in the local network":   {endpoint("http://192.168.0.1:80"), place{}, []Setting{SettingEndpoint}, nil},
		"endpoint over ftp":                         {endpoint("ftp://example.com"), place{}, []Setting{SettingEndpoint}, []string{"https"}},
		"endpoint without a scheme":                 {endpoint("example.com"), place{}, []Setting{SettingEndpoint}, []string{DefaultEndpoint}},
		"endpoint without a host":                   {endpoint("https://"), place{}, []Setting{SettingEndpoint}, nil},
		"endpoint of a port only":                   {endpoint("https://:443"), place{}, []Setting{SettingEndpoint}, nil},
		"endpoint with the version":                 {endpoint("https://example.com/v2"), place{}, []Setting{SettingEndpoint}, []string{"more than a host"}},
		"endpoint with a user":                      {endpoint("https://user:secret-b@example.com"), place{}, []Setting{SettingEndpoint}, nil},
		"endpoint with a query":                     {endpoint("https://example.com?a=secret-b"), place{}, []Setting{SettingEndpoint}, nil},
		"endpoint with a fragment":                  {endpoint("https://example.com#secret-b"), place{}, []Setting{SettingEndpoint}, nil},
		"endpoint that is no URL":                   {endpoint("https://user:secret-b@exa mple.com:x"), place{}, []Setting{SettingEndpoint}, nil},
		"endpoint in a variable":                    {good, place{variables: map[string]string{EnvEndpoint: "http://example.com"}}, []Setting{SettingEndpoint}, []string{EnvEndpoint}},
		"endpoint in the file": {
			named, file(`{"apikeys":{"a":"token-a"},"meta":{"current_apikey":"a","url":"http://example.com"}}`),
			[]Setting{SettingEndpoint},
			[]string{"f.json"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.check(t)
		})
	}
}

func TestTokensAndFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]refusedSettings{
		"token with a space inside":      {Arguments{Token: NewSecret("token a")}, place{}, []Setting{SettingToken}, []string{"argument token", "white space"}},
		"token with a line break inside": {Arguments{}.with("token-a\ntoken-b"), place{}, []Setting{SettingToken}, nil},
		"token with a control character": {Arguments{}.with("token-a\x00"), place{}, []Setting{SettingToken}, nil},
		"token with an odd letter":       {Arguments{}.with("tökén-a"), place{}, []Setting{SettingToken}, nil},
		"token in a variable, in two":    {Arguments{}, place{variables: map[string]string{EnvToken: "token a"}}, []Setting{SettingToken}, []string{EnvToken}},
		"token in the file, in two":      {named, file(`{"apikeys":{"a":"token a"},"meta":{"current_apikey":"a"}}`), []Setting{SettingToken}, []string{"f.json"}},

		"credentials file that is missing": {
			named,
			place{},
			[]Setting{SettingCredentialsFile},
			[]string{"argument credentials_file", "~/f.json", "does not exist", "current_apikey"},
		},
		"credentials file that is missing, in a variable": {
			Arguments{},
			place{variables: map[string]string{EnvCredentialsFile: homeF}},
			[]Setting{SettingCredentialsFile},
			[]string{EnvCredentialsFile, "does not exist"},
		},
		"credentials file that is missing, in the CLI's variable": {
			Arguments{},
			place{variables: map[string]string{EnvCLIConfig: homeF}},
			[]Setting{SettingCredentialsFile},
			[]string{EnvCLIConfig, "does not exist"},
		},
		"credentials file that is a directory":    {Arguments{CredentialsFile: "~/"}, place{}, []Setting{SettingCredentialsFile}, []string{"not a regular file"}},
		"credentials file that is not JSON":       {named, file(`token: token-a`), []Setting{SettingCredentialsFile}, []string{"not JSON"}},
		"credentials file that is empty":          {named, file(``), []Setting{SettingCredentialsFile}, []string{"not JSON"}},
		"credentials file of another form":        {named, file(`{"apikeys":["token-a"]}`), []Setting{SettingCredentialsFile}, nil},
		"credentials file with a number as token": {named, file(`{"apikeys":{"a":7},"meta":{"current_apikey":"a"}}`), []Setting{SettingCredentialsFile}, nil},
		"credentials file without a current key":  {named, file(`{"apikeys":{"a":"token-a"},"meta":{}}`), []Setting{SettingCredentialsFile}, []string{"current_apikey"}},
		"credentials file without the current key's token": {
			named, file(`{"apikeys":{"a":"token-a"},"meta":{"current_apikey":"b"}}`),
			[]Setting{SettingCredentialsFile},
			[]string{"apikeys"},
		},
		"credentials file with an empty token": {named, file(`{"apikeys":{"a":" "},"meta":{"current_apikey":"a"}}`), []Setting{SettingCredentialsFile}, nil},
		"credentials file that is too long":    {named, file(fileOfA + strings.Repeat(" ", maxCredentialsFile)), []Setting{SettingCredentialsFile}, []string{"longer than"}},
		"the CLI's own file, broken":           {Arguments{}, file(`{`), []Setting{SettingToken}, []string{"~/.civo.json (it is not JSON"}},

		"all at once": {
			Arguments{Region: "lon/1", Endpoint: "http://example.com", CredentialsFile: "~/f.json"},
			place{},
			[]Setting{SettingCredentialsFile, SettingRegion, SettingEndpoint},
			nil,
		},
		"token and region": {
			Arguments{Token: NewSecret("token a"), Region: "lon/1"}, place{}, []Setting{SettingToken, SettingRegion}, nil,
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

func TestFileThatOthersCanReadIsAWarning(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	for mode, warned := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o644: true} {
		around := place{files: map[string]string{".civo.json": fileOfC}}.surroundings(t)
		path := filepath.Join(around.Home, ".civo.json")
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		settings, err := Resolve(Arguments{}, around)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(settings.Warnings) == 1; got != warned {
			t.Errorf("%s: warnings %v", mode, settings.Warnings)
		}
		for _, warning := range settings.Warnings {
			if warning.Setting != SettingCredentialsFile || !strings.Contains(warning.Detail, "chmod 600 "+path) ||
				strings.Contains(warning.Error(), "token-c") {
				t.Errorf("%s: %v", mode, warning)
			}
		}
		unused, err := Resolve(Arguments{Token: NewSecret("token-x")}, around)
		if err != nil || len(unused.Warnings) != 0 {
			t.Errorf("%s: a file that is not read: %v, %v", mode, unused.Warnings, err)
		}
	}
}

func TestEndpointIsHTTPSOrOnThisMachine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://api.civo.com":      "https://api.civo.com",
		"https://api.civo.com/":     "https://api.civo.com",
		"https://api.civo.com:8443": "https://api.civo.com:8443",
		"HTTPS://api.civo.com":      "https://api.civo.com",
		"http://127.0.0.1:8080":     "http://127.0.0.1:8080",
		"http://127.8.9.10":         "http://127.8.9.10",
		"http://[::1]:8080/":        "http://[::1]:8080",
		"http://localhost:8080":     "http://localhost:8080",
	} {
		u, err := ParseEndpoint(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if u.String() != want {
			t.Errorf("%s became %s", text, u)
		}
	}
}

func TestRegionCodes(t *testing.T) {
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
	if got := S3Endpoint("LON1"); got != "https://objectstore.lon1.civo.com" {
		t.Errorf("S3 endpoint %s", got)
	}
}

func FuzzCredentialsFile(f *testing.F) {
	for _, content := range []string{
		fileOfA, fileOfC, ``, `{`, `null`, `[]`, `{"apikeys":null,"meta":null}`, `{"apikeys":{"a":null},"meta":{"current_apikey":"a"}}`,
		`{"apikeys":{"":"token-a"},"meta":{"current_apikey":""}}`, `{"apikeys":{"a":" "},"meta":{"current_apikey":"a"}}`,
		`{"meta":{"current_apikey":"a"},"apikeys":{"a":"token-a"}}{}`,
	} {
		f.Add([]byte(content))
	}
	known := []string{
		"it is not JSON of the right form", "it has no meta.current_apikey; `civo apikey current NAME` sets it",
		"its apikeys lack the one that meta.current_apikey names; `civo apikey ls` lists them",
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := parseCredentialsFile(content)
		switch {
		case err != nil && !slices.Contains(known, err.Error()):
			t.Errorf("the error may repeat what is in the file: %v", err)
		case err == nil && (file.token().IsZero() || file.Meta.Current == ""):
			t.Error("a file without a token was taken")
		case err == nil && file.token() != trimmed(file.token()):
			t.Errorf("the token has white space around it: %q", file.token().Reveal())
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
		u, err := ParseEndpoint(text)
		if err != nil {
			return
		}
		if u.Scheme != "https" && (u.Scheme != "http" || !onThisMachine(u.Hostname())) {
			t.Errorf("%q would send the token in clear", text)
		}
		if u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" {
			t.Errorf("%q has other parts than scheme, host and port: %#v", text, u)
		}
		if again, err := ParseEndpoint(u.String()); err != nil || again.String() != u.String() {
			t.Errorf("%q became %q, which is not taken: %v", text, u, err)
		}
	})
}
