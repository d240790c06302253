package release

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// makeCommand returns a command that runs make in a directory, with a home directory of its own but the user's build cache.
func makeCommand(t *testing.T, dir, home string, arguments ...string) *exec.Cmd {
	t.Helper()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("make is not on PATH")
	}
	cache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	paths := strings.Fields(string(cache))
	command := exec.CommandContext(t.Context(), "make", arguments...) //nolint:gosec // the test's own arguments
	command.Dir, command.Env = dir, append(os.Environ(), "HOME="+home, "GOCACHE="+paths[0], "GOMODCACHE="+paths[1])
	return command
}

// mustMake runs make in the project's directory. It returns what a regular expression matches in the output.
func mustMake(t *testing.T, home, target, pattern string) string {
	t.Helper()
	output, err := makeCommand(t, root, home, target).CombinedOutput()
	found := regexp.MustCompile(pattern).FindSubmatch(output)
	if err != nil || found == nil {
		t.Fatalf("make %s: %v: %s", target, err, output)
	}
	return string(found[len(found)-1])
}

// After `make install`, modules, backends, lock files and plain `terraform init` work in every configuration of the user.
func TestMake_InstallAndDev(t *testing.T) { //nolint:paralleltest // like another test, it writes bin/
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, "")
	ws.Copy("testdata/module")
	home := t.TempDir()
	ws.Setenv("HOME", home)
	ws.Setenv("TF_CLI_CONFIG_FILE", os.DevNull) // no override
	var versions []string
	for range 2 { // the second build replaces the first
		version := mustMake(t, home, "install", `Installed the provider as version (\S+) in `)
		versions = append(versions, version)
		ws.MustRun("init", "-upgrade")
		if lock := ws.Read(".terraform.lock.hcl"); !strings.Contains(lock, `"`+version+`"`) {
			t.Errorf("init does not install %s:\n%s", version, lock)
		}
		if output := ws.MustRun("apply", "-auto-approve"); strings.Contains(output, "Warning") {
			t.Errorf("apply warns:\n%s", output)
		}
	}
	if there := w.Credentials(""); len(there) != 1 || versions[0] == versions[1] {
		t.Errorf("versions %q created %+v", versions, there)
	}
	mustMake(t, home, "uninstall", "")
	if left, _ := filepath.Glob(filepath.Join(home, ".terraform.d", "plugins", "*")); len(left) > 0 {
		t.Errorf("make uninstall left %q", left)
	}

	// The block that `make dev` prints makes Terraform use the build without `terraform init`.
	built := w.Workspace(t, configuration("~> 0.1"))
	built.Setenv("TF_CLI_CONFIG_FILE", mustMake(t, home, "dev", `export TF_CLI_CONFIG_FILE="(.*)"`))
	built.Edit(`"installed"`, `"built"`)
	built.MustRun("apply", "-auto-approve")
	if there := w.Credentials(""); len(there) != 2 {
		t.Errorf("at Civo there is %+v", there)
	}
}

// A tag can contain shell code, which make must not run.
func TestMake_HostileTag(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	err := os.CopyFS(filepath.Join(dir, "tools"), os.DirFS(filepath.Join(root, "tools")))
	for _, name := range []string{"GNUmakefile", "CHANGELOG.md"} {
		content, readErr := os.ReadFile(filepath.Join(root, name)) //nolint:gosec // a file of the project
		err = errors.Join(err, readErr, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	git := func(arguments ...string) {
		identity := []string{"-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"}
		command := exec.CommandContext(t.Context(), "git", append(identity, arguments...)...) //nolint:gosec // the test's own arguments
		command.Dir = dir
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v: %s", arguments, err, output)
		}
	}
	git("init", "-q")
	git("add", ".")
	targets := []string{"build", "install", "dev", "release"}
	for _, tag := range []string{"v9.9.9';touch${IFS}ran;'", "v9.9.9$(touch${IFS}ran)", "v9.9.9`touch${IFS}ran`", "v9.9.9\";touch${IFS}ran;\"", "v9.9.9|touch${IFS}ran"} {
		git("commit", "-q", "--allow-empty", "-m", "change")
		git("tag", tag)
		for _, target := range targets {
			output, err := makeCommand(t, dir, t.TempDir(), target).CombinedOutput()
			if err == nil || !strings.Contains(string(output), "is not a version") {
				t.Errorf("make %s with the tag %s: %v: %s", target, tag, err, output)
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
			t.Fatalf("the tag %s was run", tag)
		}
		targets = targets[:1] // all targets use the same variable
	}
}
