package civo

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	fileOfA = `{"apikeys":{"a":"token-a","b":"token-b"},"meta":{"current_apikey":"a","default_region":"fra1","url":"https://a.example.com"}}`
	fileOfC = `{"apikeys":{"c":"token-c"},"meta":{"current_apikey":"c","default_region":"NYC1","url":"https://c.example.com"}}`
)

// In an environment variable, HOME represents the home directory.
const (
	homeA = "HOME/a.json"
	homeF = "HOME/f.json"
)

// In an argument, ~ does so.
const (
	homeCLI = "~/.civo.json"
)

// place is a home directory with files, by path, and environment variables, in which HOME/ represents the directory.
type place struct {
	files     map[string]string
	variables map[string]string
}

func (p place) surroundings(tb testing.TB) Environment {
	tb.Helper()
	home := tb.TempDir()
	for name, content := range p.files {
		if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return Environment{Home: home, Getenv: func(name string) string {
		return strings.ReplaceAll(p.variables[name], "HOME/", home+"/")
	}}
}

// found contains settings in a comparable form.
type found struct{ Token, Region, Endpoint string }

// takenSettings is a case of accepted settings and the expected result.
type takenSettings struct {
	args  Arguments
	place place
	want  found
}

func (test takenSettings) check(t *testing.T) {
	t.Helper()
	settings, warnings, problems := Resolve(test.args, test.place.surroundings(t))
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	got := found{settings.Token.Reveal(), settings.Region, settings.Endpoint}
	if diff := cmp.Diff(test.want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(warnings) != 0 {
		t.Errorf("warnings: %v", warnings)
	}
}

func TestSettings_Precedence(t *testing.T) {
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

// Errors of the connection and of the token name the sources.
func TestSettings_Sources(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args  Arguments
		place place
		want  Sources
	}{
		"arguments": {
			Arguments{Token: NewSecret("t"), Endpoint: "https://a.example.com"},
			place{},
			Sources{Token: "the argument token", Endpoint: "https://a.example.com, from the argument api_endpoint"},
		},
		"variables": {
			Arguments{},
			place{variables: map[string]string{EnvToken: "t", EnvEndpoint: "http://127.0.0.1:1"}},
			Sources{Token: "CIVO_TOKEN", Endpoint: "http://127.0.0.1:1, from CIVO_API_URL"},
		},
		"file": {
			Arguments{},
			place{files: map[string]string{".civo.json": fileOfA}},
			//nolint:gosec // no token
			Sources{Token: "the file HOME/.civo.json", Region: "the file HOME/.civo.json", Endpoint: "https://a.example.com, from the file HOME/.civo.json"},
		},
		"default": {Arguments{Token: NewSecret("t")}, place{}, Sources{Token: "the argument token", Endpoint: "https://api.civo.com, the default"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			environment := test.place.surroundings(t)
			settings, _, problems := Resolve(test.args, environment)
			withHome := func(text string) string { return strings.ReplaceAll(text, "HOME", environment.Home) }
			want := Sources{Token: withHome(test.want.Token), Region: withHome(test.want.Region), Endpoint: withHome(test.want.Endpoint)}
			if len(problems) != 0 || settings.Sources != want {
				t.Errorf("%+v, want %+v: %v", settings.Sources, want, problems)
			}
		})
	}
}

func TestSettings_ObjectStoreEndpoint(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ argument, variable, want string }{
		"default":                       {"", "", "https://objectstore.{region}.civo.com"},
		"variable":                      {"", "https://v.example.com", "https://v.example.com"},
		"variable with a newline":       {"", "https://v.example.com\n", "https://v.example.com"},
		"argument before variable":      {"https://{region}.x.example.com", "https://v.example.com", "https://{region}.x.example.com"},
		"trailing slash":                {"https://s3.{region}.example.com/", "", "https://s3.{region}.example.com"},
		"port, and scheme in capitals":  {"HTTPS://s3.example.com:8443", "", "https://s3.example.com:8443"},
		"placeholder twice":             {"https://{region}.{region}.example.com", "", "https://{region}.{region}.example.com"},
		"http with a loopback address":  {"http://127.0.0.1:8080", "", "http://127.0.0.1:8080"},
		"zone of an IPv6 address":       {"https://[fe80::1%25eth0]:8443", "", "https://[fe80::1%25eth0]:8443"},
		"escaped letter in the host":    {"https://s3.%C3%A9xample.com", "", "https://s3.%C3%A9xample.com"},
		"words in place of a region":    {"https://region-code.region.{region}.com", "", "https://region-code.region.{region}.com"},
		"host of one word":              {"https://region", "", "https://region"},
		"empty query, fragment ignored": {"https://s3.example.com?#", "", "https://s3.example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			around := place{variables: map[string]string{EnvObjectStoreEndpoint: test.variable}}.surroundings(t)
			settings, _, problems := Resolve(Arguments{Token: NewSecret("token-x"), ObjectStoreEndpoint: test.argument}, around)
			if len(problems) != 0 || settings.ObjectStoreEndpoint != test.want {
				t.Errorf("%q, want %q, problems %v", settings.ObjectStoreEndpoint, test.want, problems)
			}
		})
	}
}

func TestSettings_UnusualForms(t *testing.T) {
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
		"white space around any other setting does not count": {
			Arguments{Endpoint: " https://x.example.com\n"},
			place{map[string]string{".civo.json": fileOfA}, map[string]string{EnvRegion: "NYC1\n", EnvCLIConfig: "HOME/.civo.json\n"}},
			found{"token-a", "NYC1", "https://x.example.com"},
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

// settingsOf returns the names of the settings that errors are about.
func settingsOf(tb testing.TB, problems []SettingError) []string {
	tb.Helper()
	on := make([]string, 0, len(problems))
	for _, problem := range problems {
		on = append(on, problem.Setting)
		if problem.Summary == "" || problem.Detail == "" {
			tb.Errorf("an error lacks words: %+v", problem)
		}
	}
	return on
}

func TestSettings_MissingToken(t *testing.T) {
	t.Parallel()
	for name, around := range map[string]Environment{
		"an empty home directory": place{}.surroundings(t),
		"no home directory":       {Getenv: func(string) string { return "" }},
	} {
		_, _, parts := Resolve(Arguments{}, around)
		if len(parts) != 1 || parts[0].Setting != "token" {
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

func TestSettings_ReadableFile(t *testing.T) {
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
		_, warnings, problems := Resolve(Arguments{}, around)
		if len(problems) != 0 {
			t.Fatal(problems)
		}
		if got := len(warnings) == 1; got != warned {
			t.Errorf("%s: warnings %v", mode, warnings)
		}
		for _, warning := range warnings {
			if warning.Setting != "credentials_file" || !strings.Contains(warning.Detail, "chmod 600 "+ShellQuote(path)) ||
				strings.Contains(warning.Error(), "token-c") {
				t.Errorf("%s: %v", mode, warning)
			}
		}
		_, unused, problems := Resolve(Arguments{Token: NewSecret("token-x")}, around)
		if len(problems) != 0 || len(unused) != 0 {
			t.Errorf("%s: a file that is not read: %v, %v", mode, unused, problems)
		}
	}
}

func TestSettings_EndpointScheme(t *testing.T) {
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
		u, err := parseURL(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if u.String() != want {
			t.Errorf("%s became %s", text, u)
		}
	}
}
