package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// running is a running command.
type running struct {
	exports map[string]string
	stop    func() error    // interrupts the command and returns its error
	log     func() []string // of standard error; only after stop
}

func runCommand(t *testing.T, args ...string) running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	config := filepath.Join(t.TempDir(), "civo.json")
	out, in := io.Pipe()
	var log strings.Builder
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-addr", "127.0.0.1:0", "-s3-addr", "127.0.0.1:0", "-cli-config", config}, args...), in, &log)
		_ = in.CloseWithError(errors.Join(errors.New("the command ended"), err))
		ended <- err
	}()
	t.Cleanup(cancel)
	return running{
		exports: readExports(t, out),
		stop: func() error {
			cancel()
			select {
			case err := <-ended:
				return err
			case <-time.After(5 * time.Minute):
				return errors.New("the command does not stop")
			}
		},
		log: func() []string { return strings.Split(strings.TrimSpace(log.String()), "\n") },
	}
}

// readExports reads the five exported variables.
func readExports(t *testing.T, r io.Reader) map[string]string {
	t.Helper()
	exports := map[string]string{}
	lines := bufio.NewScanner(r)
	for len(exports) < 5 && lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		assignment, ok := strings.CutPrefix(lines.Text(), "export ")
		name, value, isAssignment := strings.Cut(assignment, "=")
		if !ok || !isAssignment {
			t.Fatalf("printed %q", lines.Text())
		}
		exports[name] = value
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return exports
}

func TestRun_Exports(t *testing.T) {
	t.Parallel()
	command := runCommand(t, "-region", "Acme-DC,LON1", "-token", "s3cret", "-verbose")
	url := command.exports["CIVO_API_URL"]
	want := map[string]string{"CIVO_TOKEN": "s3cret", "CIVO_API_URL": url, "CIVO_OBJECTSTORE_ENDPOINT": command.exports["CIVO_OBJECTSTORE_ENDPOINT"], "CIVO_CONFIG": command.exports["CIVO_CONFIG"], "CIVO_REGION": "Acme-DC"}
	if diff := cmp.Diff(want, command.exports); diff != "" {
		t.Errorf("exports (-want +got):\n%s", diff)
	}
	config, err := os.ReadFile(command.exports["CIVO_CONFIG"])
	wantConfig := fmt.Sprintf(`{
  "apikeys": {
    "civosim": "s3cret"
  },
  "meta": {
    "current_apikey": "civosim",
    "default_region": "Acme-DC",
    "url": %q
  }
}
`, url)
	if diff := cmp.Diff(wantConfig, string(config)); err != nil || diff != "" {
		t.Errorf("the file of the CLI: %v (-want +got):\n%s", err, diff)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v2/objectstore/credentials?x=hidden", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "bearer s3cret")
	response, err := (&http.Client{Timeout: 5 * time.Minute}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
	if err := command.stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(command.exports["CIVO_CONFIG"]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file of the CLI still exists: %v", err)
	}
	line := regexp.MustCompile(`^[\d/]+ [\d:]+ GET /v2/objectstore/credentials 200 [\d.]+(µs|ms|s)$`)
	if log := command.log(); len(log) != 1 || !line.MatchString(log[0]) {
		t.Errorf("log: %q", log)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	defaults := civosim.Options{
		Addr: "127.0.0.1:8420", S3Addr: "127.0.0.1:8421", Token: "simulated", Regions: []string{"lon1", "fra1", "nyc1", "mum1", "phx1"}, NoObjectStore: []string{"phx1"},
		ReadyAfter: 2 * time.Second, RefusedDeletionStatus: 409, QuotaStatus: 403, RecordLimit: -1,
	}
	for name, test := range map[string]struct {
		args   []string
		change func(*civosim.Options)
	}{
		"defaults":            {nil, func(*civosim.Options) {}},
		"S3 address":          {[]string{"-s3-addr", "127.0.0.1:9000"}, func(o *civosim.Options) { o.S3Addr = "127.0.0.1:9000" }},
		"regions":             {[]string{"-region", "Acme-DC,lon1"}, func(o *civosim.Options) { o.Regions = []string{"Acme-DC", "lon1"} }},
		"object store":        {[]string{"-no-object-store", "NYC1,mum1"}, func(o *civosim.Options) { o.NoObjectStore = []string{"NYC1", "mum1"} }},
		"object store in all": {[]string{"-no-object-store", ""}, func(o *civosim.Options) { o.NoObjectStore = []string{} }},
		"region case":         {[]string{"-strict-region-case"}, func(o *civosim.Options) { o.StrictRegionCase = true }},
		"pending keys":        {[]string{"-show-pending-keys"}, func(o *civosim.Options) { o.ShowPendingKeys = true }},
		"store ready":         {[]string{"-store-ready-after", "1s"}, func(o *civosim.Options) { o.StoreReadyAfter = time.Second }},
		"refused deletion":    {[]string{"-refused-deletion-status", "500"}, func(o *civosim.Options) { o.RefusedDeletionStatus = 500 }},
		"stale owner keys":    {[]string{"-stale-owner-keys"}, func(o *civosim.Options) { o.StaleOwnerKeys = true }},
		"taken store names":   {[]string{"-taken-store-names", "a,b"}, func(o *civosim.Options) { o.TakenStoreNames = []string{"a", "b"} }},
		"buckets through S3":  {[]string{"-s3-creates-buckets"}, func(o *civosim.Options) { o.S3CreatesBuckets = true }},
		"page cap":            {[]string{"-page-cap", "50"}, func(o *civosim.Options) { o.PageCap = 50 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := defaults
			test.change(&want)
			got, err := parse(test.args, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got.options); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The file of the CLI has the same path after a restart. Without a flag, it is in the cache directory of the user.
func TestWriteConfig_DefaultPath(t *testing.T) { //nolint:paralleltest // sets variables
	home := t.TempDir()
	for _, variable := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData"} {
		t.Setenv(variable, home)
	}
	server, err := civosim.Start(civosim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	first, err := writeConfig("", server, "lon1")
	second, again := writeConfig("", server, "lon1")
	if err != nil || again != nil || first != second || !strings.HasPrefix(first, home) || strings.ContainsAny(filepath.Base(first), "[]:") {
		t.Errorf("%q and %q: %v, %v", first, second, err, again)
	}
}

func TestRun_PortInUse(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows reports it in other words")
	}
	command := runCommand(t)
	for _, flag := range []string{"-addr", "-s3-addr"} {
		taken := strings.TrimPrefix(command.exports["CIVO_API_URL"], "http://")
		arguments := []string{"-addr", "127.0.0.1:0", "-s3-addr", "127.0.0.1:0", flag, taken}
		err := run(t.Context(), arguments, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), taken) || !strings.Contains(err.Error(), "use free ports: -addr 127.0.0.1:0 -s3-addr 127.0.0.1:0") {
			t.Errorf("%s: %v", flag, err)
		}
	}
	if err := command.stop(); err != nil {
		t.Error(err)
	}
}

func TestRun_InvalidArguments(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-addr", "0.0.0.0:0"},
		{"-s3-addr", "0.0.0.0:0"},
		{"-no-such-flag"},
		{"positional"},
		{"-region", ","},
		{"-latency", "fast"},
		{"-refused-deletion-status", "404"},
		{"-ceph", "-gateway", "http://127.0.0.1:1"},
		{"-gateway", "http://127.0.0.1:1"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}

func TestRun_Help(t *testing.T) {
	t.Parallel()
	var help strings.Builder
	if err := run(t.Context(), []string{"-h"}, io.Discard, &help); err != nil {
		t.Error(err)
	}
	for _, name := range []string{
		"addr", "s3-addr", "token", "cli-config", "region", "latency", "ready-after", "page-cap", "rate-limit", "retry-after",
		"store-gone-after", "credential-gone-after", "verbose", "no-object-store", "strict-region-case", "show-pending-keys",
		"store-ready-after", "refused-deletion-status", "stale-owner-keys", "taken-store-names", "s3-creates-buckets", "ceph", "gateway",
	} {
		if !strings.Contains(help.String(), "  -"+name) {
			t.Errorf("the help does not contain -%s:\n%s", name, help.String())
		}
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell")
	}
	for _, text := range []string{"plain", "", "a b", "it's", `$HOME "x" \`, "http://127.0.0.1:80", "[::1]", "é"} {
		got, err := exec.CommandContext(t.Context(), shell, "-c", "printf %s "+quote(text)).Output() //nolint:gosec // the test of the quotes
		if err != nil || string(got) != text {
			t.Errorf("%q becomes %q, %v", text, got, err)
		}
	}
	if quote("plain-1.2_3:/x") != "plain-1.2_3:/x" {
		t.Error("quotes text that needs no quotes")
	}
}

// readme returns the description of the simulator.
func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The README lists all flags with their defaults.
func TestReadme_Flags(t *testing.T) {
	t.Parallel()
	var help strings.Builder
	if err := run(t.Context(), []string{"-h"}, io.Discard, &help); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, flag := range regexp.MustCompile(`(?m)^ {2}-(\S+)( \S+)?\n(.*)$`).FindAllStringSubmatch(help.String(), -1) {
		switch printed := regexp.MustCompile(`\(default "?(?:a )?(.*?)(?: one)?"?\)$`).FindStringSubmatch(flag[3]); {
		case printed != nil:
			want[flag[1]] = strings.Trim(printed[1], `"`)
		case flag[2] == "":
			want[flag[1]] = "false"
		default:
			want[flag[1]] = "0s"
		}
	}
	got := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `-([a-z0-9-]+)` \\| (.*?) \\|").FindAllStringSubmatch(readme(t), -1) {
		got[row[1]] = strings.Trim(row[2], "`")
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 31 {
		t.Errorf("%d flags (-help +README):\n%s", len(got), diff)
	}
}

// The README shows what the command prints.
func TestReadme_Exports(t *testing.T) {
	t.Parallel()
	server, err := civosim.Start(civosim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	var printed strings.Builder
	if err := printExports(&printed, server, "lon1", "/home/you/.cache/civosim/civosim-127.0.0.1-8420.json", ""); err != nil {
		t.Fatal(err)
	}
	values := regexp.MustCompile(`(TOKEN=|http://127\.0\.0\.1:)\S+`)
	_, block, _ := strings.Cut(readme(t), "\nmake sim\n```\n\nThe simulator prints the variables to export:\n\n```text\n")
	block, _, _ = strings.Cut(block, "```")
	if want, got := values.ReplaceAllString(printed.String(), "$1"), values.ReplaceAllString(block, "$1"); got != want {
		t.Errorf("the README shows\n%s\nnot\n%s", got, want)
	}
}
