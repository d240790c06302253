// Package release checks that a release can be installed as a user of the registry installs it. CIVO_DIST names a dist/ directory
// created by `make snapshot` or `make snapshot-host`; without it, the tests build and package the provider for this machine.
package release

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

func TestMain(m *testing.M) {
	code := acctest.Tests{M: m}.Run()
	if scratch != "" {
		_ = os.RemoveAll(scratch)
	}
	os.Exit(code)
}

// scratch is the directory that pack created; empty if it created none.
var scratch string

// root is the project's directory, relative to the tests.
var root = filepath.Join("..", "..")

// largest is the maximum size of a binary, in bytes.
const largest = 20 << 20

// The registry finds a release's files by these names.
var (
	archiveName  = regexp.MustCompile(`^terraform-provider-civo_(.+)_([a-z]+)_([a-z0-9]+)\.zip$`)
	manifestName = regexp.MustCompile(`^terraform-provider-civo_(.+)_manifest\.json$`)
)

// archive is a provider archive as the registry serves it.
type archive struct{ path, version, platform string }

func archiveAt(t *testing.T, path string) archive {
	t.Helper()
	parts := archiveName.FindStringSubmatch(filepath.Base(path))
	if parts == nil {
		t.Fatalf("%s is not the name of a provider's archive", path)
	}
	return archive{path, parts[1], parts[2] + "_" + parts[3]}
}

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
		packed, err := pack()
		if err != nil {
			t.Fatal(err)
		}
		return []archive{packed}
	}
	paths, err := filepath.Glob(filepath.Join(dist, "*.zip"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no archives in CIVO_DIST=%s: %v", dist, err)
	}
	var all []archive
	for _, path := range paths {
		all = append(all, archiveAt(t, path))
	}
	return all
}

// pack builds the provider for this machine as .goreleaser.yml specifies, and packages it under the name that the registry
// requires.
var pack = sync.OnceValues(func() (archive, error) {
	const version = "0.0.1-test"
	var err error
	if scratch, err = os.MkdirTemp("", "terraform-provider-civo-release-"); err != nil {
		return archive{}, err
	}
	a := archive{filepath.Join(scratch, "terraform-provider-civo_"+version+"_"+thisPlatform+".zip"), version, thisPlatform}
	content := filepath.Join(scratch, "content")
	err = workspace.Build(context.Background(), filepath.Join(content, a.binary()), "-s -w -X main.version="+version)
	if err != nil {
		return a, err
	}
	license, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		return a, err
	}
	file, err := os.Create(a.path)
	if err != nil {
		return a, err
	}
	zipped := zip.NewWriter(file)
	return a, errors.Join(
		os.WriteFile(filepath.Join(content, "LICENSE"), license, 0o600), zipped.AddFS(os.DirFS(content)), zipped.Close(), file.Close(),
	)
})

func TestArchive_Contents(t *testing.T) {
	t.Parallel()
	for _, a := range archives(t) {
		reader, err := zip.OpenReader(a.path)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, file := range reader.File {
			names = append(names, file.Name)
			if file.Name != a.binary() {
				continue
			}
			if file.Mode().Perm() != 0o755 {
				t.Errorf("%s: the mode of %s is %o", a.path, file.Name, file.Mode().Perm())
			}
			if file.UncompressedSize64 > largest {
				t.Errorf("%s: %s has %d bytes, more than %d", a.path, file.Name, file.UncompressedSize64, largest)
			}
			t.Logf("%s: %.1f MiB, %.1f MiB packed", a.platform, float64(file.UncompressedSize64)/(1<<20), float64(file.CompressedSize64)/(1<<20))
		}
		slices.Sort(names)
		if want := []string{"LICENSE", a.binary()}; !slices.Equal(names, want) {
			t.Errorf("%s holds %q, not %q", a.path, names, want)
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
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
	var names []string
	for line := range strings.Lines(string(text)) {
		want, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok || !archiveName.MatchString(name) && !manifestName.MatchString(name) {
			t.Errorf("the registry refuses the checksum %q", line)
		}
		content, err := os.ReadFile(filepath.Join(dist, name)) //nolint:gosec // what the test is told to check
		if got := fmt.Sprintf("%x", sha256.Sum256(content)); err != nil || got != want {
			t.Errorf("the checksum of %s is %s, not %s: %v", name, got, want, err)
		}
		names = append(names, name)
	}
	missing := slices.DeleteFunc(all, func(a archive) bool { return slices.Contains(names, filepath.Base(a.path)) })
	if len(missing) > 0 || !slices.Contains(names, prefix+"_manifest.json") {
		t.Errorf("there is no checksum of %v or of the manifest", missing)
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

// A plain `terraform init` installs the archive from a mirror in the layout of the registry, and the installed provider works.
func TestInstall_PlainInit(t *testing.T) {
	t.Parallel()
	all := archives(t)
	at := slices.IndexFunc(all, func(a archive) bool { return a.platform == thisPlatform })
	if at < 0 {
		t.Fatalf("there is no archive for %s", thisPlatform)
	}
	a := all[at]
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, configuration(a.version))
	mirror := t.TempDir()
	packages := filepath.Join(mirror, filepath.FromSlash(provider.Address))
	content, err := os.ReadFile(a.path)
	err = errors.Join(err, os.MkdirAll(packages, 0o700), ws.Mirror(mirror))
	if err == nil {
		err = os.WriteFile(filepath.Join(packages, filepath.Base(a.path)), content, 0o600) //nolint:gosec // the test's own mirror
	}
	if err != nil {
		t.Fatal(err)
	}

	if output := ws.MustRun("init"); !strings.Contains(output, "v"+a.version) {
		t.Errorf("init does not say that it installed %s:\n%s", a.version, output)
	}
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
