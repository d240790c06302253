// Package release checks that a release can be installed as a user of the registry installs it. CIVO_DIST names a dist/ directory
// created by `make snapshot` or `make snapshot-host`; without it, the tests build and package the provider for this machine.
package release

import (
	"archive/zip"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

func TestMain(m *testing.M) { os.Exit(acctest.Tests{M: m}.Run()) }

// root is the project's directory, relative to the tests.
var root = filepath.Join("..", "..")

// largest is the maximum size of a binary, in bytes.
const largest = 20 << 20

// archiveName matches the name by which the registry finds an archive.
var archiveName = regexp.MustCompile(`^terraform-provider-civo_(.+)_([a-z]+)_([a-z0-9]+)\.zip$`)

// archive is a provider archive as the registry serves it.
type archive struct{ path, version, platform string }

// binary returns the name of the program in the archive.
func (a archive) binary() string {
	name := "terraform-provider-civo_v" + a.version
	if strings.HasPrefix(a.platform, "windows_") {
		name += ".exe"
	}
	return name
}

const thisPlatform = runtime.GOOS + "_" + runtime.GOARCH

// archives returns the archives in CIVO_DIST, or only this machine's.
func archives(t *testing.T) []archive {
	t.Helper()
	dist := os.Getenv("CIVO_DIST")
	if dist == "" {
		dist = t.TempDir()
		pack(t, dist)
	}
	paths, err := filepath.Glob(filepath.Join(dist, "*.zip"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no archives in %s: %v", dist, err)
	}
	var all []archive
	for _, path := range paths {
		parts := archiveName.FindStringSubmatch(filepath.Base(path))
		if parts == nil {
			t.Fatalf("%s is not the name of a provider's archive", path)
		}
		all = append(all, archive{path, parts[1], parts[2] + "_" + parts[3]})
	}
	return all
}

// pack builds the provider for this machine as .goreleaser.yml specifies, and packages it under the name that the registry requires.
func pack(t *testing.T, dist string) {
	t.Helper()
	a := archive{version: "0.0.1-test", platform: thisPlatform}
	content := t.TempDir()
	license, licenseErr := os.ReadFile(filepath.Join(root, "LICENSE"))                                            //nolint:gosec // a file of the project
	file, fileErr := os.Create(filepath.Join(dist, "terraform-provider-civo_"+a.version+"_"+thisPlatform+".zip")) //nolint:gosec // the test's own
	zipped := zip.NewWriter(file)
	err := errors.Join(
		workspace.Build(t.Context(), filepath.Join(content, a.binary()), "-s -w -X main.version="+a.version),
		licenseErr, os.WriteFile(filepath.Join(content, "LICENSE"), license, 0o600), //nolint:gosec // the test's own
		fileErr, zipped.AddFS(os.DirFS(content)), zipped.Close(), file.Close(),
	)
	if err != nil {
		t.Fatal(err)
	}
}

// checkContents checks the files in an archive.
func checkContents(t *testing.T, a archive) {
	t.Helper()
	reader, err := zip.OpenReader(a.path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	files := map[string]*zip.File{}
	for _, file := range reader.File {
		files[file.Name] = file
	}
	program := files[a.binary()]
	if len(files) != 2 || files["LICENSE"] == nil || program == nil {
		t.Fatalf("%s holds %q", a.path, slices.Collect(maps.Keys(files)))
	}
	if program.Mode().Perm() != 0o755 || program.UncompressedSize64 > largest {
		t.Errorf("%s: the mode of the program is %o, and it has %d bytes", a.path, program.Mode().Perm(), program.UncompressedSize64)
	}
}

func TestChecksums_CoverTheRelease(t *testing.T) {
	t.Parallel()
	dist := os.Getenv("CIVO_DIST")
	if dist == "" {
		t.Skip("CIVO_DIST names no dist/")
	}
	all := archives(t)
	prefix := "terraform-provider-civo_" + all[0].version
	text, err := os.ReadFile(filepath.Join(dist, prefix+"_SHA256SUMS")) //nolint:gosec // what the test is told to check
	if err != nil {
		t.Fatal(err)
	}
	missing := []string{prefix + "_manifest.json"}
	for _, a := range all {
		missing = append(missing, filepath.Base(a.path))
	}
	for line := range strings.Lines(string(text)) {
		want, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		content, err := os.ReadFile(filepath.Join(dist, name)) //nolint:gosec // what the test is told to check
		at := slices.Index(missing, name)
		if got := fmt.Sprintf("%x", sha256.Sum256(content)); err != nil || got != want || at < 0 {
			t.Fatalf("the checksum %q is not %s, or the registry refuses it: %v", line, got, err)
		}
		missing = slices.Delete(missing, at, at+1)
	}
	if len(missing) > 0 {
		t.Errorf("there is no checksum of %q", missing)
	}
}

// configuration returns a configuration with one credential, which requires a version of the provider.
func configuration(version string) string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    civo = {
      source  = "seed-0e51fd2b/civo"
      version = %q
    }
  }
}

resource "civo_objectstore_credential" "this" {
  name = "installed"
}
`, version)
}

// The archives contain the provider. A plain `terraform init` installs it from a mirror in the layout of the registry, and it works.
func TestInstall_PlainInit(t *testing.T) {
	t.Parallel()
	all := archives(t)
	for _, a := range all {
		checkContents(t, a)
	}
	at := slices.IndexFunc(all, func(a archive) bool { return a.platform == thisPlatform })
	if at < 0 {
		t.Fatalf("there is no archive for %s", thisPlatform)
	}
	a := all[at]
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, configuration(a.version))
	mirror := t.TempDir()
	packages := filepath.Join(mirror, filepath.FromSlash(provider.Address))
	content, readErr := os.ReadFile(a.path)
	err := errors.Join(
		readErr, ws.Mirror(mirror), os.MkdirAll(packages, 0o700),
		os.WriteFile(filepath.Join(packages, filepath.Base(a.path)), content, 0o600), //nolint:gosec // the test's own mirror
	)
	if err != nil {
		t.Fatal(err)
	}
	ws.MustRun("init")
	if lock := ws.Read(".terraform.lock.hcl"); !strings.Contains(lock, "h1:") || !strings.Contains(lock, provider.Address) {
		t.Errorf("the lock file does not hold the provider:\n%s", lock)
	}
	ws.MustRun("apply", "-auto-approve")
	if there := w.Credentials("LON1"); len(there) != 1 || there[0].Name != "installed" || there[0].Status != "ready" {
		t.Errorf("at Civo there is %+v", there)
	}
	for _, request := range w.Requests() {
		if !strings.HasPrefix(request.UserAgent, "terraform-provider-civo/"+a.version+" (Terraform ") {
			t.Errorf("the program does not know its version: %s", request.UserAgent)
		}
	}
}
