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

const fileForm = `The file has the form that the Civo CLI writes; what is needed of it is {"apikeys":{"NAME":"TOKEN"},"meta":{"current_apikey":"NAME"}}.`

func othersCanRead(path string) SettingError {
	return SettingError{
		SettingCredentialsFile, "Others can read the credentials file",
		fmt.Sprintf("%s holds your token, and its permissions let other users of this machine read it. Run: chmod 600 %s", path, path),
	}
}

// credentialsFile is a file in the form of the official CLI's. Only apikeys and meta.current_apikey are required.
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

// maxCredentialsFile bounds a credentials file, in bytes.
const maxCredentialsFile = 1 << 20

// readCredentialsFile reads a file that the user names. It is opened without blocking, so that a pipe or a device cannot keep
// Terraform waiting.
func readCredentialsFile(path string) (*credentialsFile, error) {
	opened, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // the user names the file
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

// parseCredentialsFile reads a file's content. Its errors repeat none of it: a token may stand anywhere.
func parseCredentialsFile(data []byte) (*credentialsFile, error) {
	var file credentialsFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, errors.New("it is not JSON of the right form")
	}
	if file.Meta.Current == "" {
		return nil, errors.New("it has no meta.current_apikey; `civo apikey current NAME` sets it")
	}
	if file.token().IsZero() {
		return nil, errors.New("its apikeys lack the one that meta.current_apikey names; `civo apikey ls` lists them")
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
