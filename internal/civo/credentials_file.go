// Files in the format of the Civo CLI, which contain tokens.

package civo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"syscall"
)

// fileForm describes the format of a credentials file in errors.
const fileForm = `The file must have the format of the Civo CLI, with at least {"apikeys":{"NAME":"TOKEN"},"meta":{"current_apikey":"NAME"}}.`

func othersCanRead(path string) SettingError {
	return SettingError{
		SettingCredentialsFile, "Credentials file is readable by other users",
		fmt.Sprintf("%s contains your token, and its permissions allow other users of this machine to read it. To restrict access, run: chmod 600 %s", path, path),
	}
}

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

// readCredentialsFile reads the file at a path set by the user. It opens the file without blocking, so that a pipe or a device
// cannot make Terraform hang.
func readCredentialsFile(path string) (*credentialsFile, error) {
	opened, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // the user sets the path
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("it does not exist")
	}
	if err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", errors.Unwrap(err))
	}
	defer func() { _ = opened.Close() }()
	info, err := opened.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("it cannot be read: %w", errors.Unwrap(err))
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	}
	data, err := io.ReadAll(io.LimitReader(opened, maxCredentialsFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("it cannot be read: %w", errors.Unwrap(err))
	case len(data) > maxCredentialsFile:
		return nil, fmt.Errorf("it is longer than %d bytes", maxCredentialsFile)
	}
	file, err := parseCredentialsFile(data)
	if err != nil {
		return nil, err
	}
	file.path = path
	file.readableByOthers = runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
	return file, nil
}

// parseCredentialsFile parses a credentials file. Its errors do not quote the content, because any part of it may be a token.
func parseCredentialsFile(data []byte) (*credentialsFile, error) {
	var file credentialsFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, errors.New("it is not JSON in the format of the Civo CLI")
	}
	if file.Meta.Current == "" {
		return nil, errors.New("it does not contain meta.current_apikey, which `civo apikey current NAME` sets")
	}
	if file.token().IsZero() {
		return nil, errors.New("its apikeys do not contain the key that is set in meta.current_apikey. `civo apikey ls` lists the keys")
	}
	return &file, nil
}

func (f *credentialsFile) token() Secret { return trimmed(f.APIKeys[f.Meta.Current]) }

func (f *credentialsFile) region() string {
	if f == nil {
		return ""
	}
	return f.Meta.Region
}

func (f *credentialsFile) endpoint() string {
	if f == nil {
		return ""
	}
	return f.Meta.URL
}

func (f *credentialsFile) name() string {
	if f == nil {
		return ""
	}
	return "the file " + f.path
}
