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

func TestRun(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "civo.json")
	flags := []string{"-addr", "127.0.0.1:0", "-s3-addr", "127.0.0.1:0", "-cli-config", config, "-region", "Acme-DC,LON1", "-token", "s3cret", "-verbose"}
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var log strings.Builder
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, flags, in, &log)
		_ = in.CloseWithError(errors.Join(errors.New("the command ended"), err))
		ended <- err
	}()
	t.Cleanup(stop)
	exports := map[string]string{}
	for lines := bufio.NewScanner(out); len(exports) < 5 && lines.Scan(); {
		assignment, isExport := strings.CutPrefix(lines.Text(), "export ")
		if name, value, ok := strings.Cut(assignment, "="); ok && isExport {
			exports[name] = value
		}
	}
	url, s3URL := exports["CIVO_API_URL"], exports["CIVO_OBJECTSTORE_ENDPOINT"]
	want := map[string]string{
		"CIVO_TOKEN": "s3cret", "CIVO_API_URL": url, "CIVO_OBJECTSTORE_ENDPOINT": s3URL, "CIVO_CONFIG": config, "CIVO_REGION": "Acme-DC",
	}
	if diff := cmp.Diff(want, exports); diff != "" {
		t.Errorf("exports (-want +got):\n%s", diff)
	}
	written, err := os.ReadFile(config) //nolint:gosec // a temporary file
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
	if diff := cmp.Diff(wantConfig, string(written)); err != nil || diff != "" {
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
	checkPortInUse(t, strings.TrimPrefix(url, "http://"))
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(config); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file of the CLI still exists: %v", err)
	}
	if !regexp.MustCompile(`^[\d/]+ [\d:]+ GET /v2/objectstore/credentials 200 [\d.]+(µs|ms|s)\n$`).MatchString(log.String()) {
		t.Errorf("log: %q", log.String())
	}
}

// checkPortInUse starts another command on the port of the first one.
func checkPortInUse(t *testing.T, taken string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return // Windows reports it in other words
	}
	for _, flag := range []string{"-addr", "-s3-addr"} {
		err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-s3-addr", "127.0.0.1:0", flag, taken}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), taken) || !strings.Contains(err.Error(), "use free ports: -addr 127.0.0.1:0 -s3-addr 127.0.0.1:0") {
			t.Errorf("%s: %v", flag, err)
		}
	}
}

func TestParse(t *testing.T) {
	t.Setenv("CIVOSIM_GATEWAY_ACCESS_KEY", "A")
	t.Setenv("CIVOSIM_GATEWAY_SECRET_KEY", "S")
	defaults := civosim.Options{
		Addr: "127.0.0.1:8420", S3Addr: "127.0.0.1:8421", Token: "simulated", Regions: []string{"lon1", "fra1", "nyc1", "mum1", "phx1"}, NoObjectStore: []string{"phx1"},
		ReadyAfter: 2 * time.Second, RefusedDeletionStatus: 409, QuotaStatus: 403, RecordLimit: -1,
	}
	all := civosim.Options{
		Addr: "127.0.0.1:1", S3Addr: "127.0.0.1:2", Gateway: &civosim.Gateway{URL: "http://c", AccessKeyID: "A", SecretAccessKey: "S"}, Token: "t",
		Regions: []string{"Acme-DC", "lon1"}, NoObjectStore: []string{"NYC1", "mum1"}, StrictRegionCase: true, Latency: 1,
		ReadyAfter: 2, ShowPendingKeys: true, ListedAfter: 3, ReadableAfter: 4, StoreReadyAfter: 5, StoreGoneAfter: 6, CredentialGoneAfter: 7,
		RefusedDeletionStatus: 500, StaleOwnerKeys: true, TakenStoreNames: []string{"a", "b"}, HideOwners: true, StoreEndpoint: "e",
		S3CreatesBuckets: true, PageCap: 50, RateLimit: 1.5, RequestsPerMinute: 60, QuotaGB: 1000, QuotaStatus: 402, RetryAfter: true,
		RecordLimit: -1,
	}
	withoutNone := defaults
	withoutNone.NoObjectStore = []string{}
	for flags, want := range map[string]civosim.Options{
		"":                  defaults,
		"-no-object-store=": withoutNone,
		"-addr=127.0.0.1:1 -s3-addr=127.0.0.1:2 -gateway=http://c -token=t -region=Acme-DC,lon1 -no-object-store=NYC1,mum1 -strict-region-case " +
			"-latency=1ns -ready-after=2ns -show-pending-keys -listed-after=3ns -readable-after=4ns -store-ready-after=5ns -store-gone-after=6ns " +
			"-credential-gone-after=7ns -refused-deletion-status=500 -stale-owner-keys -taken-store-names=a,b -hide-owners -lower-case-names " +
			"-store-endpoint=e -s3-creates-buckets -page-cap=50 -rate-limit=1.5 -requests-per-minute=60 -quota=1000 -quota-status=402 -retry-after": all,
	} {
		got, err := parse(strings.Fields(flags), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if rename := got.options.Rename; (rename != nil) != (want.Token == "t") || rename != nil && rename("Ab") != "ab" {
			t.Errorf("%s: wrong Rename", flags)
		}
		got.options.Rename = nil
		if diff := cmp.Diff(want, got.options); diff != "" {
			t.Errorf("%s (-want +got):\n%s", flags, diff)
		}
	}
}

// The file of the CLI has the same path after a restart. Without a flag, it is in the cache directory of the user.
func TestWriteConfig_DefaultPath(t *testing.T) { //nolint:paralleltest // sets variables
	home := t.TempDir()
	for _, variable := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData"} {
		t.Setenv(variable, home)
	}
	server := startServer(t)
	first, err := writeConfig("", server, "lon1")
	second, again := writeConfig("", server, "lon1")
	if err != nil || again != nil || first != second || !strings.HasPrefix(first, home) || strings.ContainsAny(filepath.Base(first), "[]:") {
		t.Errorf("%q and %q: %v, %v", first, second, err, again)
	}
}

func startServer(t *testing.T) *civosim.Server {
	t.Helper()
	server, err := civosim.Start(civosim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

func TestRun_InvalidArguments(t *testing.T) {
	t.Parallel()
	for _, flags := range []string{
		"-addr=0.0.0.0:0", "-s3-addr=0.0.0.0:0", "-no-such-flag", "positional", "-region=,", "-latency=fast", "-refused-deletion-status=404",
		"-ceph -gateway=http://127.0.0.1:1", "-gateway=http://127.0.0.1:1",
	} {
		if err := run(t.Context(), strings.Fields(flags), io.Discard, io.Discard); err == nil {
			t.Errorf("%s is accepted", flags)
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

// The README lists all flags with their defaults, and shows what the command prints.
func TestReadme(t *testing.T) {
	t.Parallel()
	var help, printed strings.Builder
	if err := run(t.Context(), []string{"-h"}, io.Discard, &help); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, flag := range regexp.MustCompile(`(?m)^ {2}-(\S+)( \S+)?\n(.*)$`).FindAllStringSubmatch(help.String(), -1) {
		switch shown := regexp.MustCompile(`\(default "?(?:a )?(.*?)(?: one)?"?\)$`).FindStringSubmatch(flag[3]); {
		case shown != nil:
			want[flag[1]] = strings.Trim(shown[1], `"`)
		case flag[2] == "":
			want[flag[1]] = "false"
		default:
			want[flag[1]] = "0s"
		}
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `-([a-z0-9-]+)` \\| (.*?) \\|").FindAllStringSubmatch(string(readme), -1) {
		got[row[1]] = strings.Trim(row[2], "`")
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 31 {
		t.Errorf("%d flags (-help +README):\n%s", len(got), diff)
	}

	if err := printExports(&printed, startServer(t), "lon1", "/home/you/.cache/civosim/civosim-127.0.0.1-8420.json", ""); err != nil {
		t.Fatal(err)
	}
	values := regexp.MustCompile(`(TOKEN=|http://127\.0\.0\.1:)\S+`)
	_, block, _ := strings.Cut(string(readme), "\nmake sim\n```\n\nThe simulator prints the variables to export:\n\n```text\n")
	block, _, _ = strings.Cut(block, "```")
	if want, got := values.ReplaceAllString(printed.String(), "$1"), values.ReplaceAllString(block, "$1"); got != want {
		t.Errorf("the README shows\n%s\nnot\n%s", got, want)
	}
}
