// Files in the format of the Civo CLI, which contain tokens.

package civo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
)

// fileForm describes the format of a credentials file in errors.
const fileForm = `The file must have the format of the Civo CLI, with at least {"apikeys":{"NAME":"TOKEN"},"meta":{"current_apikey":"NAME"}}.`

// credentialsFile is a file in the format of the Civo CLI. Only apikeys and meta.current_apikey are required.
type credentialsFile struct {
	path             string
	readableByOthers bool

	APIKeys map[string]Secret `json:"apikeys"`
	Meta    struct {
		Current string `json:"current_apikey"`
		Region  string `json:"default_region"`
		URL     string `json:"url"`
	} `json:"meta"`
}

// maxCredentialsFile is the maximum size of a credentials file, in bytes.
const maxCredentialsFile = 1 << 20

// readCredentialsFile reads the file at a path set by the user. It reads only regular files, so that a pipe or a device cannot make
// Terraform hang.
func readCredentialsFile(path string) (credentialsFile, error) {
	info, err := os.Stat(path)
	var data []byte
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		return credentialsFile{}, errors.New("it is not a regular file")
	case info.Size() > maxCredentialsFile:
		return credentialsFile{}, fmt.Errorf("it is longer than %d bytes", maxCredentialsFile)
	default:
		data, err = os.ReadFile(path) //nolint:gosec // the user sets the path
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return credentialsFile{}, errors.New("it does not exist")
	case err != nil:
		return credentialsFile{}, fmt.Errorf("it cannot be read: %w", errors.Unwrap(err)) // without the path
	}
	file, err := parseCredentialsFile(data)
	file.path = path
	file.readableByOthers = runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
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

func (f credentialsFile) token() Secret { return trimmed(f.APIKeys[f.Meta.Current]) }

func (f credentialsFile) name() string { return "the file " + f.path }
