// Token, region and endpoint from arguments, environment variables and files.

package civo

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// Environment variables that settings come from. CIVO_CONFIG is the official CLI's, the others the official Terraform
// provider's.
const (
	EnvToken           = "CIVO_TOKEN"
	EnvRegion          = "CIVO_REGION"
	EnvEndpoint        = "CIVO_API_URL"
	EnvCredentialsFile = "CIVO_CREDENTIAL_FILE" //nolint:gosec // the name of a variable
	EnvCLIConfig       = "CIVO_CONFIG"
)

// Arguments are what a configuration sets by hand; empty ones are not set.
type Arguments struct {
	Token           Secret
	Region          string
	Endpoint        string
	CredentialsFile string // path of a file in the form of the CLI's; "~/" is the home directory
}

// Environment is where settings are looked for besides the arguments.
type Environment struct {
	Getenv func(string) string
	Home   string // home directory; empty: unknown, so no CLI file is looked for there
}

// SystemEnvironment gives the process's own.
func SystemEnvironment() Environment {
	home, _ := os.UserHomeDir() // without one there is just no CLI file in it
	return Environment{Getenv: os.Getenv, Home: home}
}

// Settings are what a client is configured with, and where each came from.
type Settings struct {
	Token    Secret
	Region   string // as the user wrote it; empty if none is set anywhere
	Endpoint string
	// Warnings are about what works but should not stay.
	Warnings []SettingError
}

// Setting is what a SettingError is about, by the name of the argument.
type Setting string

// The settings.
const (
	SettingToken           Setting = "token"
	SettingRegion          Setting = "region"
	SettingEndpoint        Setting = "api_endpoint"
	SettingCredentialsFile Setting = "credentials_file"
)

// SettingError says what is wrong with a setting and what to set instead.
type SettingError struct {
	Setting Setting
	Summary string
	Detail  string
}

// Error gives both parts.
func (e SettingError) Error() string { return e.Summary + ": " + e.Detail }

// Resolve returns the settings. Arguments take precedence over environment variables, and variables over files. Region and endpoint
// are read from a file only if the token is, since they belong together. The error joins one SettingError for each problem.
func Resolve(args Arguments, around Environment) (Settings, error) {
	var settings Settings
	token, file, tokenErr := around.findToken(args)
	settings.Token = token
	if file != nil && file.readableByOthers {
		settings.Warnings = append(settings.Warnings, othersCanRead(file.path))
	}
	region, regionErr := resolveRegion(args, around, file, token)
	settings.Region = region
	endpoint, endpointErr := resolveEndpoint(args, around, file)
	settings.Endpoint = endpoint
	return settings, errors.Join(tokenErr, regionErr, endpointErr)
}

func resolveRegion(args Arguments, around Environment, file *credentialsFile, token Secret) (string, error) {
	region, from := firstOf(
		candidate{args.Region, "the argument region"},
		candidate{around.Getenv(EnvRegion), EnvRegion},
		candidate{file.region(), file.name()},
	)
	switch {
	case region != "" && trimmed(NewSecret(region)) == token, looksLikeToken(strings.TrimSpace(region)) && !IsRegion(region):
		return "", SettingError{
			SettingRegion, "Invalid region code",
			fmt.Sprintf("The region from %s looks like a token and is not shown. Set a region code, such as LON1.", from),
		}
	case region != "" && !IsRegion(region):
		return "", SettingError{
			SettingRegion, "Invalid region code",
			fmt.Sprintf("%q from %s is not a region code. A region code contains only letters, digits and hyphens, such as LON1. "+
				"`civo region ls` lists the regions of your account.", Printable(region), from),
		}
	}
	return region, nil
}

func resolveEndpoint(args Arguments, around Environment, file *credentialsFile) (string, error) {
	endpoint, from := firstOf(
		candidate{args.Endpoint, "the argument api_endpoint"},
		candidate{around.Getenv(EnvEndpoint), EnvEndpoint},
		candidate{file.endpoint(), file.name()},
		candidate{DefaultEndpoint, "the default"},
	)
	if _, err := ParseEndpoint(endpoint); err != nil {
		return "", SettingError{
			SettingEndpoint, "Invalid API endpoint",
			fmt.Sprintf("The API endpoint from %s is invalid: %v.", from, err),
		}
	}
	return endpoint, nil
}

// candidate is a value a setting may have, and where it is from.
type candidate struct{ value, from string }

func firstOf(candidates ...candidate) (value, from string) {
	for _, c := range candidates {
		if c.value != "" {
			return c.value, c.from
		}
	}
	return "", ""
}

// ParseEndpoint reads the URL of the API: https, or http on this machine, where nobody listens in. It has no path, query
// or user. The error does not repeat the URL, in which a password may stand.
func ParseEndpoint(endpoint string) (*url.URL, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("it is not a URL. Use a URL such as %s", DefaultEndpoint)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("it contains a user, path, query or fragment. Use only the scheme and the host, as in %s", DefaultEndpoint)
	}
	switch {
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		u.Path = ""
		return u, nil
	case u.Scheme == "http":
		return nil, fmt.Errorf("http would send the token in plain text. Use https://%s. Plain http is allowed only with a loopback address, such as http://127.0.0.1:8080", shownHost(u))
	default:
		return nil, fmt.Errorf("its scheme is not https. Use https://%s", shownHost(u))
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// findToken looks in all the places for a token. The file is the one that the token came from, nil if from none.
func (s Environment) findToken(args Arguments) (Secret, *credentialsFile, error) {
	if token := trimmed(args.Token); !token.IsZero() {
		return checkToken(token, "the argument token")
	}
	if token := trimmed(NewSecret(s.Getenv(EnvToken))); !token.IsZero() {
		return checkToken(token, EnvToken)
	}
	path, from := firstOf(
		candidate{args.CredentialsFile, "the argument credentials_file"},
		candidate{s.Getenv(EnvCredentialsFile), EnvCredentialsFile},
		candidate{s.Getenv(EnvCLIConfig), EnvCLIConfig},
	)
	if path != "" {
		return s.tokenFromFile(path, from)
	}
	return s.tokenFromCLI()
}

func trimmed(token Secret) Secret { return NewSecret(strings.TrimSpace(token.Reveal())) }

// checkToken refuses a token that no HTTP header can carry: the error of the HTTP library would not say whose it is.
func checkToken(token Secret, from string) (Secret, *credentialsFile, error) {
	odd := strings.ContainsFunc(token.Reveal(), func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsGraphic(r) || unicode.IsSpace(r) })
	if odd {
		return Secret{}, nil, SettingError{
			SettingToken, "Invalid token",
			fmt.Sprintf("The token from %s contains whitespace or other characters that a token cannot contain. Copy it again from "+
				"https://dashboard.civo.com/security.", from),
		}
	}
	return token, nil, nil
}

func (s Environment) tokenFromFile(path, from string) (Secret, *credentialsFile, error) {
	file, err := readCredentialsFile(s.expand(path))
	if err != nil {
		return Secret{}, nil, SettingError{
			SettingCredentialsFile, "No token in the credentials file",
			fmt.Sprintf("Could not read a token from %s, which is set in %s: %v.\n\n%s", shownPath(path), from, err, fileForm),
		}
	}
	token, _, err := checkToken(file.token(), file.name())
	return token, file, err
}

// shownPath returns a path for an error. One that may be a token, set in the wrong place, is not repeated.
func shownPath(path string) string {
	if looksLikeToken(path) {
		return "the file (its name looks like a token and is not shown)"
	}
	return "the file " + Printable(path)
}

// looksLikeToken reports whether a text has the form of an API key: one long word, without the separators of a path or a URL.
func looksLikeToken(text string) bool {
	return len(text) >= minTokenLength && !strings.ContainsAny(text, `/\.: `)
}

// shownHost returns the host of a URL for an error, unless it may be a token.
func shownHost(u *url.URL) string {
	if looksLikeToken(u.Hostname()) {
		return "HOST"
	}
	return Printable(u.Host)
}

// minTokenLength is the length in characters from which on a word may be a token. Civo's have 50.
const minTokenLength = 30

// tokenFromCLI is the last place to look: the file that the CLI writes without being told where.
func (s Environment) tokenFromCLI() (Secret, *credentialsFile, error) {
	cli := "~/.civo.json"
	err := errors.New("the home directory is unknown")
	if s.Home != "" {
		var file *credentialsFile
		if file, err = readCredentialsFile(s.expand(cli)); err == nil {
			token, _, tokenErr := checkToken(file.token(), file.name())
			return token, file, tokenErr
		}
	}
	return Secret{}, nil, SettingError{
		SettingToken, "Missing token",
		fmt.Sprintf("The provider requires a Civo API key as its token. It searched these places in order and found no token:\n"+
			"  - the argument token\n"+
			"  - the environment variable %s\n"+
			"  - the file that is set in the argument credentials_file\n"+
			"  - the file that is set in the environment variable %s\n"+
			"  - the file of the Civo CLI, which is set in the environment variable %s or defaults to %s (%v)\n\n"+
			"Create an API key at https://dashboard.civo.com/security. Set it in one of these places, for example with export %s=…",
			EnvToken, EnvCredentialsFile, EnvCLIConfig, cli, err, EnvToken),
	}
}

func (s Environment) expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && s.Home != "" {
		return filepath.Join(s.Home, rest)
	}
	return path
}
