package civo

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	fileOfA = `{"apikeys":{"a":"token-a","b":"token-b"},"meta":{"current_apikey":"a","default_region":"fra1","url":"https://a.example.com"}}`
	fileOfC = `{"apikeys":{"c":"token-c"},"meta":{"current_apikey":"c","default_region":"NYC1","url":"https://c.example.com"}}`
)

// vars are environment variables, in which HOME/ represents the home directory.
type vars map[string]string

// home is a home directory with files, by name.
type home map[string]string

// environment creates a home directory and returns the environment of a user.
func environment(tb testing.TB, variables vars, files home) Environment {
	tb.Helper()
	directory := tb.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return Environment{Home: directory, Getenv: func(name string) string {
		return strings.ReplaceAll(variables[name], "HOME/", directory+"/")
	}}
}

// set returns arguments with a token, and others by their names.
func set(token string, others ...string) Arguments {
	args := Arguments{Token: NewSecret(token)}
	for pair := range slices.Chunk(others, 2) {
		*map[string]*string{
			"region": &args.Region, "api_endpoint": &args.Endpoint, "objectstore_endpoint": &args.ObjectStoreEndpoint,
			"credentials_file": &args.CredentialsFile,
		}[pair[0]] = pair[1]
	}
	return args
}

// Arguments win over variables, and variables over files. The region and the endpoint of a file count only with its token. White space
// around a setting does not count.
func TestSettings_Precedence(t *testing.T) {
	t.Parallel()
	type found struct{ token, region, endpoint string }
	files := home{"a.json": fileOfA, ".civo.json": fileOfC}
	everything := vars{
		EnvToken: "token-v", EnvRegion: "PHX1", EnvEndpoint: "https://v.example.com", EnvCredentialsFile: "HOME/a.json", EnvCLIConfig: "HOME/.civo.json",
	}
	ofA, ofC := found{"token-a", "fra1", "https://a.example.com"}, found{"token-c", "NYC1", "https://c.example.com"}
	for name, test := range map[string]struct {
		args      Arguments
		variables vars
		files     home
		want      found
	}{
		"arguments":                      {set("token-x", "region", "lOn1", "api_endpoint", "https://x.example.com", "credentials_file", "~/a.json"), everything, files, found{"token-x", "lOn1", "https://x.example.com"}},
		"variables":                      {set("", "credentials_file", "~/a.json"), everything, files, found{"token-v", "PHX1", "https://v.example.com"}},
		"token of a file, variables":     {set("", "credentials_file", "~/a.json"), vars{EnvRegion: "PHX1", EnvEndpoint: "https://v.example.com"}, files, found{"token-a", "PHX1", "https://v.example.com"}},
		"file":                           {set("", "credentials_file", "~/a.json"), nil, files, ofA},
		"token as an argument, file":     {set("token-x", "credentials_file", "~/a.json"), nil, files, found{"token-x", "", DefaultEndpoint}},
		"token in a variable, file":      {set(""), vars{EnvToken: "token-v", EnvCredentialsFile: "HOME/a.json"}, files, found{"token-v", "", DefaultEndpoint}},
		"file as an argument":            {set("", "credentials_file", "~/.civo.json"), vars{EnvCredentialsFile: "HOME/a.json"}, files, ofC},
		"CIVO_CREDENTIAL_FILE":           {set(""), vars{EnvCredentialsFile: "HOME/a.json", EnvCLIConfig: "HOME/.civo.json"}, files, ofA},
		"CIVO_CONFIG":                    {set(""), vars{EnvCLIConfig: "HOME/a.json"}, files, ofA},
		"file of the CLI":                {set(""), nil, files, ofC},
		"file with only a token":         {set(""), nil, home{".civo.json": `{"apikeys":{"c":" token-c\n"},"meta":{"current_apikey":"c"}}`}, found{"token-c", "", DefaultEndpoint}},
		"white space":                    {set(" \ttoken-x\n", "api_endpoint", " https://x.example.com\n"), vars{EnvRegion: "NYC1\n"}, nil, found{"token-x", "NYC1", "https://x.example.com"}},
		"only white space":               {set(" \n"), vars{EnvToken: "\t"}, files, ofC},
		"white space around a file name": {set(""), vars{EnvCLIConfig: "HOME/.civo.json\n"}, files, ofC},
	} {
		settings, warnings, problems := Resolve(test.args, environment(t, test.variables, test.files))
		got := (found{settings.Token.Reveal(), settings.Region, settings.Endpoint})
		failIf(t, got != test.want || len(problems)+len(warnings) != 0, "%s: %+v, want %+v: %v, %v", name, got, test.want, problems, warnings)
	}
}

// Errors of the connection and of the token name the sources.
func TestSettings_Sources(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args      Arguments
		variables vars
		files     home
		want      string // token, region and endpoint
	}{
		{set("t", "api_endpoint", "https://a.example.com"), nil, nil, "the argument token;; https://a.example.com, from the argument api_endpoint"},
		{set("t", "region", "LON1"), nil, nil, "the argument token; the argument region; https://api.civo.com, the default"},
		{set(""), vars{EnvToken: "t", EnvEndpoint: "http://127.0.0.1:1"}, nil, "CIVO_TOKEN;; http://127.0.0.1:1, from CIVO_API_URL"},
		{set(""), nil, home{".civo.json": fileOfA}, "the file HOME/.civo.json; the file HOME/.civo.json; https://a.example.com, from the file HOME/.civo.json"},
	} {
		around := environment(t, test.variables, test.files)
		settings, _, problems := Resolve(test.args, around)
		sources := settings.Sources
		got := strings.Join([]string{sources.Token, sources.Region, sources.Endpoint}, "; ")
		got = strings.ReplaceAll(strings.ReplaceAll(got, around.Home, "HOME"), "; ;", ";;")
		failIf(t, len(problems) != 0 || got != test.want, "%s, want %s: %v", got, test.want, problems)
	}
}

func TestSettings_Endpoints(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ argument, variable, want string }{
		{"", "", "https://objectstore.{region}.civo.com"},
		{"", "https://v.example.com\n", "https://v.example.com"},
		{"https://{region}.x.example.com", "https://v.example.com", "https://{region}.x.example.com"},
		{"https://s3.{region}.example.com/", "", "https://s3.{region}.example.com"},
		{"HTTPS://s3.example.com:8443", "", "https://s3.example.com:8443"},
		{"https://{region}.{region}.example.com", "", "https://{region}.{region}.example.com"},
		{"http://127.8.9.10", "", "http://127.8.9.10"},
		{"http://[::1]:8080/", "", "http://[::1]:8080"},
		{"http://localhost:8080", "", "http://localhost:8080"},
		{"https://[fe80::1%25eth0]:8443", "", "https://[fe80::1%25eth0]:8443"},
		{"https://s3.%C3%A9xample.com", "", "https://s3.%C3%A9xample.com"},
		{"https://region-code.region.{region}.com", "", "https://region-code.region.{region}.com"}, // words in place of a region
		{"https://region", "", "https://region"},
		{"https://s3.example.com?#", "", "https://s3.example.com"}, // empty
	} {
		settings, _, problems := Resolve(set("token-x", "objectstore_endpoint", test.argument), environment(t, vars{EnvObjectStoreEndpoint: test.variable}, nil))
		failIf(t, len(problems) != 0 || settings.ObjectStoreEndpoint != test.want,
			"%+v: %q, problems %v", test, settings.ObjectStoreEndpoint, problems)
	}
	for endpoint, want := range map[string]string{
		DefaultObjectStoreEndpoint: "https://objectstore.lon1.civo.com", "https://s3.{region}.example.com:8443": "https://s3.lon1.example.com:8443",
		"http://127.0.0.1:8080": "http://127.0.0.1:8080",
	} {
		got := S3Endpoint(endpoint, "LON1")
		failIf(t, got != want, "%s: %s, want %s", endpoint, got, want)
	}
}

// wantRefused fails the test unless the errors of settings are about these settings, contain all the words and no secret.
func wantRefused(tb testing.TB, args Arguments, around Environment, on []string, says ...string) {
	tb.Helper()
	_, _, problems := Resolve(args, around)
	var got []string
	for _, problem := range problems {
		got = append(got, problem.Setting)
		failIf(tb, problem.Summary == "" || problem.Detail == "", "an error lacks words: %+v", problem)
	}
	text := fmt.Sprint(problems)
	failIf(tb, !slices.Equal(got, on), "errors about %q, want %q: %s", got, on, text)
	for _, word := range says {
		failIf(tb, !strings.Contains(text, word), "%q is not in the error: %s", word, text)
	}
	for _, hidden := range []string{"token-", "token a", "ken-", "secret-b"} {
		failIf(tb, strings.Contains(text, hidden), "the error repeats a secret: %s", text)
	}
}

func TestSettings_RefusedEndpoints(t *testing.T) {
	t.Parallel()
	const withoutPath, notURL, placeholder = "it contains a user, path, query or fragment", "it is not a URL", "other than {region}"
	around := environment(t, nil, nil)
	for says, urls := range map[string][]string{
		"in plain text. Use https://example.com.": {"http://example.com"},
		"in plain text": {"http://localhost.example.com", "http://192.168.0.1:80"},
		"its scheme is not https. Use https://example.com": {"ftp://example.com"},
		withoutPath: {
			"https://example.com/v2", "https://user:secret-b@example.com", "https://@example.com", "https://example.com?a=secret-b", "https://example.com#secret-b",
		},
		notURL: {
			"example.com", "https://", "https://:443", "https://user:secret-b@", "https://\u202eexample.com", "https://s3.%C2%9Bexample.com",
			"https://user:secret-b@exa mple.com:x", "https://user:secret-b@exa mple.com",
		},
	} {
		for argument, example := range map[string]string{"api_endpoint": DefaultEndpoint, "objectstore_endpoint": DefaultObjectStoreEndpoint} {
			if says != withoutPath && says != notURL {
				example = ""
			}
			for _, url := range urls {
				_, err := NewClient(Config{Endpoint: url})
				failIf(t, err == nil, "a client accepts %s", url)
				wantRefused(t, set("token-x", argument, url), around, []string{argument}, "argument "+argument, says, example)
			}
		}
	}
	for url, says := range map[string][]string{
		"https://{region}":          {"argument objectstore_endpoint", "complete host name", DefaultObjectStoreEndpoint},
		"https://{foo}.example.com": {placeholder, DefaultObjectStoreEndpoint}, "https://{REGION}.example.com": {placeholder},
		"https://{region.example.com": {placeholder}, "https://{token-a}.example.com": {placeholder},
		"https://example.com/{region}": {withoutPath}, "https://{region}@example.com": {withoutPath}, "https://example.com:{region}": {notURL},
		"http://{region}.example.com": {"in plain text", "Use https://{region}.example.com."}, "http://127.0.0.{region}": {"in plain text"},
		"s3://{region}.example.com": {"Use https://{region}.example.com"},
	} {
		wantRefused(t, set("token-x", "objectstore_endpoint", url), around, []string{"objectstore_endpoint"}, says...)
	}
	for variable, setting := range map[string]string{EnvEndpoint: "api_endpoint", EnvObjectStoreEndpoint: "objectstore_endpoint"} {
		wantRefused(t, set("token-x"), environment(t, vars{variable: "http://example.com"}, nil), []string{setting}, variable)
	}
}

func TestSettings_Refused(t *testing.T) {
	t.Parallel()
	fileSays := func(meta string) home {
		return home{"f.json": `{"apikeys":{"a":"token-a"},"meta":{"current_apikey":"a",` + meta + `}}`}
	}
	named := set("", "credentials_file", "~/f.json")
	for name, test := range map[string]struct {
		args      Arguments
		variables vars
		files     home
		on        string // comma-separated
		says      []string
	}{
		"region with a dot":    {set("token-x", "region", "lon.1"), nil, nil, "region", []string{`"lon.1"`, "argument region", "LON1"}},
		"region in a variable": {set("token-x"), vars{EnvRegion: "lon/1"}, nil, "region", []string{EnvRegion}},
		"region in the file":   {named, nil, fileSays(`"default_region":"lon_1"`), "region", []string{"f.json"}},
		"endpoint in the file": {named, nil, fileSays(`"url":"http://example.com"`), "api_endpoint", []string{"f.json"}},

		"token with a space":             {set("token a"), nil, nil, "token", []string{"argument token", "whitespace"}},
		"token with a line break":        {set("token-a\ntoken-b"), nil, nil, "token", nil},
		"token with a control character": {set("token-a\x00"), nil, nil, "token", nil},
		"token with an odd letter":       {set("tökén-a"), nil, nil, "token", nil},
		"token in a variable":            {set(""), vars{EnvToken: "token a"}, nil, "token", []string{EnvToken}},
		"token in the file":              {named, nil, home{"f.json": `{"apikeys":{"a":"token a"},"meta":{"current_apikey":"a"}}`}, "token", []string{"f.json"}},

		"no file":                 {named, nil, nil, "credentials_file", []string{"argument credentials_file", "~/f.json", "does not exist", "current_apikey"}},
		"no file, variable":       {set(""), vars{EnvCredentialsFile: "HOME/f.json"}, nil, "credentials_file", []string{EnvCredentialsFile, "does not exist"}}, //nolint:gosec // no token
		"no file, CLI's variable": {set(""), vars{EnvCLIConfig: "HOME/f.json"}, nil, "credentials_file", []string{EnvCLIConfig, "does not exist"}},
		"directory":               {set("", "credentials_file", "~/"), nil, nil, "credentials_file", []string{"not a regular file"}},
		"not JSON":                {named, nil, home{"f.json": `token: token-a`}, "credentials_file", []string{"not JSON"}},
		"empty file":              {named, nil, home{"f.json": ``}, "credentials_file", []string{"not JSON"}},
		"another form":            {named, nil, home{"f.json": `{"apikeys":["token-a"]}`}, "credentials_file", nil},
		"number as token":         {named, nil, home{"f.json": `{"apikeys":{"a":7},"meta":{"current_apikey":"a"}}`}, "credentials_file", nil},
		"no current key":          {named, nil, home{"f.json": `{"apikeys":{"a":"token-a"},"meta":{}}`}, "credentials_file", []string{"current_apikey"}},
		"current key is missing":  {named, nil, home{"f.json": `{"apikeys":{"a":"token-a"},"meta":{"current_apikey":"b"}}`}, "credentials_file", []string{"apikeys"}},
		"empty token":             {named, nil, home{"f.json": `{"apikeys":{"a":" "},"meta":{"current_apikey":"a"}}`}, "credentials_file", nil},
		"too long":                {named, nil, home{"f.json": fileOfA + strings.Repeat(" ", maxCredentialsFile+1-len(fileOfA))}, "credentials_file", []string{"longer than"}},
		"as long as allowed":      {named, nil, home{"f.json": fileOfA + strings.Repeat(" ", maxCredentialsFile-len(fileOfA))}, "", nil},
		"no file of the CLI":      {set(""), nil, nil, "token", []string{EnvToken, EnvCLIConfig, "~/.civo.json (it does not exist"}},
		"file of the CLI, broken": {set(""), nil, home{".civo.json": `{`}, "token", []string{"~/.civo.json (it is not JSON"}},
		"file, region and endpoint": {
			set("", "region", "lon/1", "api_endpoint", "http://example.com", "credentials_file", "~/f.json"), nil, nil, "credentials_file,region,api_endpoint", nil,
		},
		"token and region": {set("token a", "region", "lon/1"), nil, nil, "token,region", nil},
	} {
		on := slices.DeleteFunc(strings.Split(test.on, ","), func(setting string) bool { return setting == "" })
		wantRefused(t, test.args, environment(t, test.variables, test.files), on, test.says...)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestSettings_RegionCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"LON1": true, "lon1": true, "Fra12": true, "TEST1": true, "FAKE": true, "acme-dc": true, "1": true, strings.Repeat("a", 64): true,
		"": false, "LON1\n": false, "LON 1": false, "acme_dc": false, "acme.dc": false, "LON/1": false, "LON1&x": false, "ЛON1": false,
		strings.Repeat("a", 65): false,
	} {
		failIf(t, IsRegion(code) != want, "%q: %t", code, !want)
	}
	failIf(t, !SameRegion("lon1", "LON1") || SameRegion("LON1", "FRA1"), "regions are not compared without regard to letter case")
}

// A token in the wrong place is not quoted.
func TestSettings_TokenInTheWrongPlace(t *testing.T) {
	t.Parallel()
	const token = leakToken
	around := environment(t, nil, home{token: `{"apikeys":{"a":"` + token + `"},"meta":{"current_apikey":"a","url":"http://` + token + `"}}`})
	refuse := func(args Arguments, variables vars) {
		around.Getenv = func(name string) string { return variables[name] }
		_, warnings, problems := Resolve(args, around)
		failIf(t, len(problems) == 0 || len(warnings) != 0, "%+v: problems %v, warnings %v", args, problems, warnings)
		for _, problem := range problems {
			mustNotLeak(t, fmt.Sprint(args), strings.ReplaceAll(problem.Error(), "\n", " "))
		}
	}
	refuse(set("", "credentials_file", "~/"+token), nil)
	for _, url := range []string{
		token, "http://" + token, "http://" + token + ":80", "http://" + strings.ToLower(token), "ftp://" + token,
		"https://" + token + "@api.civo.com",
	} {
		refuse(set(token, "api_endpoint", url), nil)
	}
	for _, region := range []string{token, token + " ", "LON1-" + token[3:11]} {
		refuse(set(token, "region", region), nil)
	}
	refuse(set("a\n"+token, "region", "a\n"+token), nil)
	refuse(set(token), vars{EnvEndpoint: "http://" + token})
	refuse(set(token), vars{EnvRegion: token})
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

func FuzzParseEndpoint(f *testing.F) {
	for _, text := range []string{
		DefaultEndpoint, "http://127.0.0.1:8080", "http://[::1]", "http://localhost", "http://example.com", "ftp://a", "https://u:p@a",
		"https://a/b", "https://a?b", "https://a#b", "https://a/", "https://:1", "//a", "https:a", "", "http://[::1%25lo]:1", "https://%31",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := parseURL(text)
		if err != nil {
			return
		}
		failIf(t, u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost" && !net.ParseIP(u.Hostname()).IsLoopback()), "%q would send the token in clear", text)
		failIf(t, u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "",
			"%q has other parts than scheme, host and port: %#v", text, u)
		if again, err := parseURL(u.String()); err != nil || again.String() != u.String() {
			t.Errorf("%q became %q, which is not taken: %v", text, u, err)
		}
	})
}
