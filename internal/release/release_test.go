// Package release checks that a release can be installed as a user of the registry installs it. CIVO_DIST names a dist/ directory
// created by `make snapshot` or `make snapshot-host`; without it, the tests build and package the provider for this machine.
package release

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
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
	binary := filepath.Join(scratch, a.binary())
	if err := workspace.Build(context.Background(), binary, "-s -w -X main.version="+version); err != nil {
		return archive{}, err
	}
	file, err := os.Create(a.path)
	if err != nil {
		return archive{}, err
	}
	zipped := zip.NewWriter(file)
	err = errors.Join(
		add(zipped, a.binary(), binary, 0o755), add(zipped, "LICENSE", filepath.Join(root, "LICENSE"), 0o644),
		zipped.Close(), file.Close(),
	)
	return a, err
})

func add(to *zip.Writer, name, path string, mode os.FileMode) error {
	content, err := os.ReadFile(path) //nolint:gosec // the test's own file
	if err != nil {
		return err
	}
	header := &zip.FileHeader{Name: name, Method: zip.Deflate}
	header.SetMode(mode)
	entry, err := to.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = entry.Write(content)
	return err
}

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
	sums := checksums(t, filepath.Join(dist, "terraform-provider-civo_"+all[0].version+"_SHA256SUMS"))
	for _, a := range all {
		if _, ok := sums[filepath.Base(a.path)]; !ok {
			t.Errorf("there is no checksum of %s", a.path)
		}
	}
	if _, ok := sums["terraform-provider-civo_"+all[0].version+"_manifest.json"]; !ok {
		t.Error("there is no checksum of the manifest")
	}
	for name, want := range sums {
		if !archiveName.MatchString(name) && !manifestName.MatchString(name) {
			t.Errorf("the registry refuses a checksum of %s", name)
		}
		if got := sumOf(t, filepath.Join(dist, name)); got != want {
			t.Errorf("the checksum of %s is %s, not %s", name, got, want)
		}
	}
}

// checksums reads a SHA256SUMS file and returns the checksum for each name.
func checksums(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := os.Open(path) //nolint:gosec // what the test is told to check
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	sums := map[string]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok {
			t.Fatalf("not a line of a checksum file: %q", lines.Text())
		}
		sums[name] = sum
	}
	return sums
}

func sumOf(t *testing.T, path string) string {
	t.Helper()
	file, err := os.Open(path) //nolint:gosec // what the test is told to check
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(hash.Sum(nil))
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
	ws := w.Workspace(t, fmt.Sprintf(`
terraform {
  required_providers {
    civo = {
      source  = %q
      version = %q
    }
  }
}

resource "civo_objectstore_credential" "this" {
  name = "installed"
}
`, provider.Address, a.version))
	if err := ws.Mirror(mirrored(t, a)); err != nil {
		t.Fatal(err)
	}

	if output := ws.MustRun("init", "-no-color"); !strings.Contains(output, "v"+a.version) {
		t.Errorf("init does not say that it installed %s:\n%s", a.version, output)
	}
	if lock := ws.Read(".terraform.lock.hcl"); !strings.Contains(lock, "h1:") || !strings.Contains(lock, provider.Address) {
		t.Errorf("the lock file does not hold the provider:\n%s", lock)
	}
	ws.MustRun("apply", "-auto-approve", "-no-color")
	if there := w.Credentials("LON1"); len(there) != 1 || there[0].Name != "installed" || there[0].Status != "ready" {
		t.Errorf("at Civo there is %+v", there)
	}
	if output, code := ws.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan after it is not empty:\n%s", output)
	}
	ws.MustRun("destroy", "-auto-approve", "-no-color")
	if left := w.Credentials(""); len(left) > 0 {
		t.Errorf("left: %+v", left)
	}
	for _, request := range w.Requests() {
		if !strings.HasPrefix(request.UserAgent, "terraform-provider-civo/"+a.version+" (Terraform ") {
			t.Errorf("the program does not know its version: %s", request.UserAgent)
		}
	}
}

// mirrored returns a filesystem mirror that contains only this archive.
func mirrored(t *testing.T, a archive) string {
	t.Helper()
	dir := t.TempDir()
	mirror := filepath.Join(dir, filepath.FromSlash(provider.Address))
	if err := os.MkdirAll(mirror, 0o700); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(a.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(mirror, filepath.Base(a.path)), content, 0o600); err != nil { //nolint:gosec // the test's own mirror
		t.Fatal(err)
	}
	return dir
}
