package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/provider"
)

// bench is what the measurements have in common.
type bench struct {
	dir    string // for binaries and workspaces
	out    io.Writer
	counts []int // of credentials
}

func (b *bench) path() string { return filepath.Join(b.dir, "terraform-provider-civo") }

// build builds the provider with the flags of a release.
func (b *bench) build(ctx context.Context) error {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", b.path(), ".") //nolint:gosec // names of this file
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w: %s", err, output)
	}
	return nil
}

// world is a simulator, and a workspace with a configuration of so many credentials.
type world struct {
	sim *civosim.Server
	dir string
	env []string
	exe string
}

const (
	required = "terraform {\n  required_providers {\n    civo = {\n      source = \"seed-0e51fd2b/civo\"\n    }\n  }\n}\n"

	listAll = "data \"civo_objectstore_credentials\" \"all\" {}\n"
)

// credentials is the configuration of so many credentials.
func credentials(count int) string {
	return required + fmt.Sprintf("resource \"civo_objectstore_credential\" \"test\" {\n  count = %d\n  name = \"bench-${count.index}\"\n}\n", count)
}

func (b *bench) world(count int, options civosim.Options) (*world, error) {
	dir, err := os.MkdirTemp(b.dir, "workspace-")
	if err != nil {
		return nil, err
	}
	settings := filepath.Join(dir, "terraform.tfrc")
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n", provider.Address, filepath.Dir(b.path()))
	if err := os.WriteFile(settings, []byte(overrides), 0o600); err != nil {
		return nil, err
	}
	sim, err := civosim.Start(options)
	if err != nil {
		return nil, err
	}
	w := &world{sim: sim, dir: dir, exe: b.path(), env: append(os.Environ(), "TF_CLI_CONFIG_FILE="+settings, "CHECKPOINT_DISABLE=1",
		"CIVO_TOKEN="+sim.Token(), "CIVO_API_URL="+sim.URL(), "CIVO_REGION=LON1")}
	err = w.write(credentials(count))
	return w, err
}

func (w *world) close() { _ = w.sim.Close() }

func (w *world) write(config string) error {
	return os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(config), 0o600)
}

// cost is what a run took.
type cost struct {
	wall                         time.Duration
	posts, deletes, gets, lists  int
	refused, connections, others int
	memory                       string // the provider's peak
}

func (c cost) requests() int { return c.posts + c.deletes + c.gets + c.lists + c.others }

// measure runs Terraform, which has to succeed.
func (w *world) measure(ctx context.Context, arguments ...string) (cost, error) {
	w.sim.ResetRecord()
	run := exec.CommandContext(ctx, "terraform", append(arguments, "-no-color", "-input=false")...) //nolint:gosec // arguments of this program
	run.Dir, run.Env = w.dir, w.env
	var printed bytes.Buffer
	run.Stdout, run.Stderr = &printed, &printed
	watch := watchMemory(w.exe)
	began := time.Now()
	err := run.Run()
	took := time.Since(began)
	peak := watch.stop()
	if err != nil {
		return cost{}, fmt.Errorf("terraform %s: %w\n%s", strings.Join(arguments, " "), err, &printed)
	}
	c := cost{
		wall: took, connections: w.sim.Connections(), memory: peak,
		posts: w.sim.Count(civosim.KindCreateCredential), deletes: w.sim.Count(civosim.KindDeleteCredential),
		gets: w.sim.Count(civosim.KindGetCredential), lists: w.sim.Count(civosim.KindListCredentials),
	}
	c.others = w.sim.Count() - c.requests()
	for _, request := range w.sim.Requests() {
		if request.Status == http.StatusTooManyRequests {
			c.refused++
		}
	}
	return c, nil
}

// heading begins a table.
func (b *bench) heading(title string, columns ...string) {
	b.print("\n### %s\n\n| %s |\n|%s\n", title, strings.Join(columns, " | "), strings.Repeat(" --- |", len(columns)))
}

func (b *bench) row(cells ...any) {
	texts := make([]string, 0, len(cells))
	for _, cell := range cells {
		texts = append(texts, fmt.Sprint(cell))
	}
	b.print("| %s |\n", strings.Join(texts, " | "))
}

// print writes to where nothing can be done about an error.
func (b *bench) print(format string, arguments ...any) {
	_, _ = fmt.Fprintf(b.out, format, arguments...)
}
