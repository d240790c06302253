//go:build unix

package civo

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A credentials file that is not a regular file is an error. Reading it could take forever.
func TestSettings_FileIsNotRegular(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	pipe, link := filepath.Join(directory, "pipe"), filepath.Join(directory, "link")
	around := environment(t, nil, nil)
	for _, path := range []string{pipe, filepath.Join(around.Home, ".civo.json")} {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/dev/zero", os.DevNull, pipe, link, directory} {
		for _, variable := range []string{EnvCLIConfig, EnvCredentialsFile} {
			wantRefused(t, set(""), environment(t, vars{variable: path}, nil), []string{"credentials_file"}, variable, "not a regular file")
		}
		wantRefused(t, set("", "credentials_file", path), around, []string{"credentials_file"}, "argument credentials_file", "not a regular file")
	}
	wantRefused(t, set(""), around, []string{"token"}, "not a regular file")
}

// A warning says which file other users can read. Its path can contain characters that a terminal interprets.
func TestSettings_ReadableFile(t *testing.T) {
	t.Parallel()
	const name = "a\x1b[2J\u202e.json"
	content := `{"apikeys":{"c":"token-c"},"meta":{"current_apikey":"c","default_region":"x/y","url":"http://example.com"}}`
	for mode, warned := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o610: true, 0o601: true} {
		around := environment(t, nil, home{name: content})
		path := filepath.Join(around.Home, name)
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, unread, _ := Resolve(set("token-x", "credentials_file", "~/"+name), around)
		_, warnings, problems := Resolve(set("", "credentials_file", "~/"+name), around)
		failIf(t, len(unread) != 0 || len(problems) != 2 || (len(warnings) == 1) != warned,
			"%s: %v, warnings %v, %v", mode, problems, warnings, unread)
		for _, warning := range warnings {
			failIf(t, warning.Setting != "credentials_file" || !strings.Contains(warning.Detail, "chmod 600 "+ShellQuote(Printable(path))),
				"%s: %v", mode, warning)
		}
		for _, one := range append(warnings, problems...) {
			failIf(t, strings.ContainsAny(one.Detail, "\x1b\u202e"), "%q", one.Detail)
		}
	}
}
