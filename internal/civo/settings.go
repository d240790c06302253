// Token, region and endpoints from arguments, environment variables and files in the format of the Civo CLI.

package civo

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
)

// The environment variables. CIVO_CONFIG is the Civo CLI's, CIVO_OBJECTSTORE_ENDPOINT this provider's, the others the official provider's.
const (
	EnvToken               = "CIVO_TOKEN"
	EnvRegion              = "CIVO_REGION"
	EnvEndpoint            = "CIVO_API_URL"
	EnvObjectStoreEndpoint = "CIVO_OBJECTSTORE_ENDPOINT"
	EnvCredentialsFile     = "CIVO_CREDENTIAL_FILE" //nolint:gosec // the name of a variable
	EnvCLIConfig           = "CIVO_CONFIG"
)

// Arguments are the settings in the provider configuration. Empty ones are not set.
type Arguments struct {
	Token               Secret
	Region              string
	Endpoint            string
	ObjectStoreEndpoint string // may contain "{region}"
	CredentialsFile     string // path of a file in the CLI's format; "~/" is the home directory
}

// Environment contains the sources of settings other than the arguments.
type Environment struct {
	Getenv func(string) string
	Home   string // home directory; empty if unknown, in which case no CLI file is read from it
}

// SystemEnvironment returns the environment of the process.
func SystemEnvironment() Environment {
	home, _ := os.UserHomeDir() // without a home directory, there is no CLI file to read
	return Environment{Getenv: os.Getenv, Home: home}
}

// Settings are the resolved settings.
type Settings struct {
	Token               Secret
	Region              string // default region; may be empty
	Endpoint            string // URL of the API
	ObjectStoreEndpoint string // URL of the object stores, without a trailing slash; may contain "{region}"
	Sources             Sources
}

// SettingError describes what is wrong with a setting and what to set instead.
type SettingError struct {
	Setting string // the name of its argument
	Summary string
	Detail  string
}

// Error returns both parts.
func (e SettingError) Error() string { return e.Summary + ": " + e.Detail }

// Resolve returns valid settings unless there are problems. Arguments take precedence over environment variables, and variables over files.
// The region and the API endpoint can come only from the file that contains the token, because they belong together.
func Resolve(args Arguments, environment Environment) (settings Settings, warnings, problems []SettingError) {
	token, from, file, problems := environment.findToken(args)
	settings, more := environment.resolve(args, token, file)
	settings.Sources.Token = from
	problems = append(problems, more...)
	for i := range problems {
		problems[i].Detail = hide(problems[i].Detail, token) // which the user may have set in the wrong place
	}
	if file.readableByOthers {
		detail := fmt.Sprintf("%s contains your token, and its permissions allow other users of this machine to read it. "+
			"To restrict access, run: chmod 600 %s", Printable(file.path), ShellQuote(Printable(file.path)))
		warnings = []SettingError{{"credentials_file", "Credentials file is readable by other users", hide(detail, token)}}
	}
	return settings, warnings, problems
}

// ResolveWithoutToken is like Resolve, but does not look for a token or a file.
func ResolveWithoutToken(args Arguments, environment Environment) (settings Settings, problems []SettingError) {
	return environment.resolve(args, Secret{}, credentialsFile{})
}

func (s Environment) resolve(args Arguments, token Secret, file credentialsFile) (settings Settings, problems []SettingError) {
	settings.Token = token
	region, from := s.find("region", args.Region, EnvRegion, file, file.Meta.Region)
	settings.Region, settings.Sources.Region = region, from
	if region != "" && !isRegionWithout(region, token) {
		problems = append(problems, SettingError{"region", "Invalid region code", fmt.Sprintf("%q from %s is not a region code. A region code contains only letters, "+
			"digits, and hyphens, such as LON1. `civo region ls` lists the regions of your account.", redact(region, token), from)})
	}
	endpoint, from := s.find("api_endpoint", args.Endpoint, EnvEndpoint, file, file.Meta.URL)
	settings.Endpoint = cmp.Or(endpoint, DefaultEndpoint)
	settings.Sources.Endpoint = DefaultEndpoint + ", the default"
	if endpoint != "" {
		settings.Sources.Endpoint = Printable(endpoint) + ", from " + from
	}
	_, err := parseURL(settings.Endpoint)
	problems = append(problems, endpointProblems("api_endpoint", "API endpoint", from, err)...)
	endpoint, from = s.find("objectstore_endpoint", args.ObjectStoreEndpoint, EnvObjectStoreEndpoint, credentialsFile{}, "")
	settings.ObjectStoreEndpoint, err = parseObjectStoreEndpoint(cmp.Or(endpoint, DefaultObjectStoreEndpoint))
	problems = append(problems, endpointProblems("objectstore_endpoint", "object store endpoint", from, err)...)
	return settings, problems
}

func endpointProblems(setting, noun, from string, err error) []SettingError {
	if err == nil {
		return nil
	}
	return []SettingError{{setting, "Invalid " + noun, fmt.Sprintf("The %s from %s is invalid: %v.", noun, from, err)}}
}

// find returns the value of a setting without surrounding whitespace, and its source: the argument, the environment variable or the file.
func (s Environment) find(setting, argument, variable string, file credentialsFile, inFile string) (value, from string) {
	if argument = strings.TrimSpace(argument); argument != "" {
		return argument, "the argument " + setting
	}
	if inVariable := strings.TrimSpace(s.Getenv(variable)); inVariable != "" {
		return inVariable, variable
	}
	return strings.TrimSpace(inFile), file.name()
}

// findToken looks for a token in all sources, and returns it with its source. The file is empty unless it contains the token.
func (s Environment) findToken(args Arguments) (token Secret, from string, file credentialsFile, problems []SettingError) {
	value, from := s.find("token", args.Token.Reveal(), EnvToken, file, "")
	token = NewSecret(value)
	if token.IsZero() {
		if file, problems = s.findFile(args); problems != nil {
			return Secret{}, "", file, problems
		}
		token, from = file.token(), file.name()
	}
	// The HTTP library's error for a token that cannot be sent in a header would not name its source.
	if strings.ContainsFunc(token.Reveal(), func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsGraphic(r) || unicode.IsSpace(r) }) {
		problems = []SettingError{{"token", "Invalid token", fmt.Sprintf("The token from %s contains whitespace or other characters that "+
			"a token cannot contain. Copy it again from https://dashboard.civo.com/security.", from)}}
	}
	return token, from, file, problems
}

// findFile reads the configured credentials file or, if none is configured, the default file of the CLI, the last source of a token.
func (s Environment) findFile(args Arguments) (credentialsFile, []SettingError) {
	path, from := s.find("credentials_file", args.CredentialsFile, EnvCredentialsFile, credentialsFile{}, "")
	if path == "" {
		path, from = strings.TrimSpace(s.Getenv(EnvCLIConfig)), EnvCLIConfig
	}
	expanded := cmp.Or(path, "~/.civo.json")
	if rest, ok := strings.CutPrefix(expanded, "~/"); ok && s.Home != "" {
		expanded = filepath.Join(s.Home, rest)
	}
	file, err := credentialsFile{}, errors.New("the home directory is unknown")
	if path != "" || s.Home != "" {
		file, err = readCredentialsFile(expanded)
	}
	switch {
	case err == nil:
		return file, nil
	case path != "":
		return credentialsFile{}, []SettingError{{
			"credentials_file", "No token in the credentials file",
			fmt.Sprintf("Could not read a token from the file %s, which is set in %s: %v.\n\nThe file must have the format of the Civo CLI, "+
				`with at least {"apikeys":{"NAME":"TOKEN"},"meta":{"current_apikey":"NAME"}}.`, Printable(path), from, err),
		}}
	}
	return credentialsFile{}, []SettingError{{
		"token", "Missing token",
		fmt.Sprintf("The provider requires a Civo API key as its token. It searched these places in order and found no token:\n"+
			"  - the argument token\n  - the environment variable %s\n  - the file that is set in the argument credentials_file\n"+
			"  - the file that is set in the environment variable %s\n"+
			"  - the file of the Civo CLI, which is set in the environment variable %s or defaults to ~/.civo.json (%v)\n\n"+
			"Create an API key at https://dashboard.civo.com/security. Set it in one of these places, for example with export %s=…",
			EnvToken, EnvCredentialsFile, EnvCLIConfig, err, EnvToken),
	}}
}

// credentialsFile is a file in the format of the Civo CLI. Only apikeys and meta.current_apikey are required.
type credentialsFile struct {
	path             string
	readableByOthers bool
	APIKeys          map[string]Secret `json:"apikeys"`
	Meta             struct {
		Current string `json:"current_apikey"`
		Region  string `json:"default_region"`
		URL     string `json:"url"`
	} `json:"meta"`
}

const maxCredentialsFile = 1 << 20 // bytes

// readCredentialsFile reads the file at a path. It reads only regular files with a size, so that a pipe, a device or a file of the system
// that the kernel fills cannot make Terraform hang.
func readCredentialsFile(path string) (file credentialsFile, err error) {
	info, err := os.Stat(path)
	var data []byte
	if err == nil && info.Mode().IsRegular() && info.Size() > 0 && info.Size() <= maxCredentialsFile {
		data, err = os.ReadFile(path) //nolint:gosec // the user sets the path
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return file, errors.New("it does not exist")
	case err != nil:
		return file, fmt.Errorf("it cannot be read: %w", errors.Unwrap(err)) // without the path
	case !info.Mode().IsRegular():
		return file, errors.New("it is not a regular file")
	case info.Size() > maxCredentialsFile:
		return file, fmt.Errorf("it is longer than %d bytes", maxCredentialsFile)
	}
	file, err = parseCredentialsFile(data)
	file.path, file.readableByOthers = path, runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
	return file, err
}

// parseCredentialsFile parses a credentials file. Its errors do not quote the content, because any part of it may be a token.
func parseCredentialsFile(data []byte) (file credentialsFile, err error) {
	switch {
	case json.Unmarshal(data, &file) != nil:
		err = errors.New("it is not JSON in the format of the Civo CLI")
	case file.Meta.Current == "":
		err = errors.New("it does not contain meta.current_apikey, which `civo apikey current NAME` sets")
	case file.token().IsZero():
		err = errors.New("its apikeys do not contain the key that is set in meta.current_apikey. `civo apikey ls` lists the keys")
	}
	return file, err
}

func (f credentialsFile) token() Secret {
	return NewSecret(strings.TrimSpace(f.APIKeys[f.Meta.Current].Reveal()))
}

// name returns the file as a source; empty if there is none.
func (f credentialsFile) name() string {
	if f.path == "" {
		return ""
	}
	return "the file " + Printable(f.path)
}
