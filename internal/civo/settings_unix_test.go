//go:build unix

package civo

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A credentials file that is not a regular file is an error. Reading it could take forever.
func TestSettings_FileIsNotRegular(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for what, path := range map[string]string{"device": "/dev/zero", "pipe": pipe, "directory": t.TempDir()} {
		for from, source := range map[string]refusedSettings{
			EnvCLIConfig:                {place: place{variables: map[string]string{EnvCLIConfig: path}}},
			EnvCredentialsFile:          {place: place{variables: map[string]string{EnvCredentialsFile: path}}},
			"argument credentials_file": {args: Arguments{CredentialsFile: path}},
		} {
			t.Run(what+" in "+from, func(t *testing.T) {
				t.Parallel()
				source.on, source.says = []string{"credentials_file"}, []string{from, "not a regular file"}
				source.check(t)
			})
		}
	}
	around := place{}.surroundings(t)
	if err := syscall.Mkfifo(filepath.Join(around.Home, ".civo.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, problems := Resolve(Arguments{}, around); len(problems) != 1 || !strings.Contains(problems[0].Detail, "not a regular file") {
		t.Errorf("the default file: %v", problems)
	}
}

// A path can contain characters that a terminal interprets.
func TestSettings_FileNameIsPrintable(t *testing.T) {
	t.Parallel()
	const name = "a\x1b[2J\u202e.json"
	content := `{"apikeys":{"c":"token-c"},"meta":{"current_apikey":"c","default_region":"x/y","url":"http://example.com"}}`
	around := place{files: map[string]string{name: content}}.surroundings(t)
	if err := syscall.Chmod(filepath.Join(around.Home, name), 0o644); err != nil {
		t.Fatal(err)
	}
	_, warnings, problems := Resolve(Arguments{CredentialsFile: "~/" + name}, around)
	if len(warnings) != 1 || len(problems) != 2 {
		t.Fatal(warnings, problems)
	}
	for _, one := range append(warnings, problems...) {
		if strings.ContainsAny(one.Detail, "\x1b\u202e") {
			t.Errorf("%q", one.Detail)
		}
	}
}
