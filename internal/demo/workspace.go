package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// version is the one that the demo builds. It stands in the path that Terraform installs it from.
const version = "0.0.1"

// workspace is the directory that holds all that the demo makes on this machine: the provider as it would be on a
// mirror of the registry, Terraform's settings, the configuration, and its state.
type workspace struct {
	root string // of the project
	dir  string
}

// newWorkspace makes the directory in parent, readable by its owner alone, since a state has secrets in it.
func newWorkspace(ctx context.Context, parent string) (*workspace, error) {
	root, err := projectRoot(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(parent, "terraform-provider-civo-demo-")
	if err != nil {
		return nil, err
	}
	w := &workspace{root: root, dir: dir}
	for _, sub := range []string{w.configuration(), w.tools()} {
		if err := os.Mkdir(sub, 0o700); err != nil {
			return nil, errors.Join(err, w.remove())
		}
	}
	return w, nil
}

func (w *workspace) configuration() string { return filepath.Join(w.dir, "configuration") }
func (w *workspace) tools() string         { return filepath.Join(w.dir, "tools") }
func (w *workspace) mirror() string        { return filepath.Join(w.dir, "mirror") }
func (w *workspace) cliConfig() string     { return filepath.Join(w.dir, "terraform.tfrc") }
func (w *workspace) plan() string          { return filepath.Join(w.dir, "plan") }
func (w *workspace) state() string         { return filepath.Join(w.configuration(), "terraform.tfstate") }

func (w *workspace) remove() error { return os.RemoveAll(w.dir) }

// projectRoot is the directory of the module that the demo is run from.
func projectRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("asking go for the module's directory: %w", err)
	}
	mod := strings.TrimSpace(string(out))
	if mod == "" || mod == os.DevNull {
		return "", errors.New("the demo builds the provider from its source: run it in the project's directory")
	}
	return filepath.Dir(mod), nil
}

// build builds the provider into the mirror.
func (w *workspace) build(ctx context.Context) error {
	binary := filepath.Join(w.mirror(), filepath.FromSlash(provider.Address), version,
		runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-civo_v"+version)
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-X main.version="+version, "-o", binary, ".") //nolint:gosec // every argument is the demo's own
	build.Dir = w.root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	return nil
}

// configure writes Terraform's settings and the configuration: that of the example, with a name for its credential.
func (w *workspace) configure(example, name string) error {
	if err := os.WriteFile(w.cliConfig(), []byte(cliConfig(w.mirror())), 0o600); err != nil {
		return err
	}
	if err := copyConfiguration(w.configuration(), os.DirFS(example)); err != nil {
		return fmt.Errorf("copying %s: %w", example, err)
	}
	values, err := json.Marshal(map[string]string{"name": name})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.configuration(), "terraform.tfvars.json"), values, 0o600)
}

// cliConfig makes Terraform install the provider from the mirror, and any other from nowhere.
func cliConfig(mirror string) string {
	return fmt.Sprintf(`provider_installation {
  filesystem_mirror {
    path    = %s
    include = [%s]
  }
}
`, strconv.Quote(filepath.ToSlash(mirror)), strconv.Quote(provider.Address))
}

// copyConfiguration copies the .tf files alone: someone may have tried the example in place, and left a state there.
func copyConfiguration(to string, from fs.FS) error {
	names, err := fs.Glob(from, "*.tf")
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return errors.New("there is no .tf file")
	}
	for _, name := range names {
		content, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
