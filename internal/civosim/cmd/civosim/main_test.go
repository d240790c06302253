package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/record"
)

func TestRun(t *testing.T) { //nolint:paralleltest // it sets environment variables
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell")
	}
	const token = `it's "$HOME" \` //nolint:gosec // no secret; to be quoted for the shell
	home := t.TempDir()
	for _, variable := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData"} {
		t.Setenv(variable, home)
	}
	flags := []string{"-addr", "127.0.0.1:0", "-s3-addr", "127.0.0.1:0", "-region", "Acme-DC,LON1", "-token", token, "-verbose"}
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var log, script strings.Builder
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, flags, in, &log)
		_ = in.CloseWithError(errors.Join(errors.New("the command ended"), err))
		ended <- err
	}()
	t.Cleanup(stop)
	for lines := bufio.NewScanner(out); !strings.Contains(script.String(), "export CIVO_REGION") && lines.Scan(); {
		script.WriteString(lines.Text() + "\n")
	}
	script.WriteString(`printf '%s\n' "$CIVO_API_URL" "$CIVO_OBJECTSTORE_ENDPOINT" "$CIVO_TOKEN" "$CIVO_REGION" "$CIVO_CONFIG"`)
	printed, err := exec.CommandContext(t.Context(), "sh", "-c", script.String()).Output() //nolint:gosec // what the command prints for a shell
	exports := strings.Split(string(printed), "\n")
	if err != nil || len(exports) != 6 || !slices.Equal(exports[2:4], []string{token, "Acme-DC"}) || !strings.HasPrefix(exports[1], "http://") {
		t.Fatalf("exports %q: %v", exports, err)
	}
	url, config := exports[0], exports[4]
	checkCLIFile(t, home, config, token, url)
	client, err := civo.NewClient(civo.Config{Token: civo.NewSecret(token), Endpoint: url})
	if err == nil {
		_, err = client.Credentials("LON1").All(t.Context())
	}
	checkPortInUse(t, strings.TrimPrefix(url, "http://"))
	stop()
	runErr := <-ended
	if _, statErr := os.Stat(config); runErr != nil || !errors.Is(statErr, fs.ErrNotExist) {
		t.Errorf("%v, and the file of the CLI still exists: %v", runErr, statErr)
	}
	if err != nil || !regexp.MustCompile(`^[\d/]+ [\d:]+ GET /v2/objectstore/credentials 200 [\d.]+(µs|ms|s)\n$`).MatchString(log.String()) {
		t.Errorf("%v, log: %q", err, log.String())
	}
}

// checkCLIFile checks the file of the CLI. By default, it has the same path after a restart on the same address.
func checkCLIFile(t *testing.T, home, config, token, url string) {
	t.Helper()
	name := "civosim-127.0.0.1-" + strings.TrimPrefix(url, "http://127.0.0.1:") + ".json"
	if !strings.HasPrefix(config, home) || filepath.Base(config) != name {
		t.Errorf("the file of the CLI is %s, not %s", config, name)
	}
	written, err := os.ReadFile(config) //nolint:gosec // a temporary file
	want := fmt.Sprintf(`{"apikeys":{"civosim":%q},"meta":{"current_apikey":"civosim","default_region":"Acme-DC","url":%q}}`, token, url)
	if got := strings.NewReplacer("\n", "", "  ", "", ": ", ":").Replace(string(written)); err != nil || got != want {
		t.Errorf("the file of the CLI has %s, not %s: %v", got, want, err)
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
	// The recorder compares a recording with the defaults of this command.
	defaults := civosim.Options{
		Addr: "127.0.0.1:8420", S3Addr: "127.0.0.1:8421", Token: "simulated", Regions: []string{"lon1", "fra1", "nyc1", "mum1", "phx1"},
		NoObjectStore: []string{"phx1"}, ReadyAfter: record.Defaults().ReadyAfter, RefusedDeletionStatus: 409, QuotaStatus: 403, RecordLimit: -1,
	}
	all := civosim.Options{
		Addr: "127.0.0.1:1", S3Addr: "127.0.0.1:2", Gateway: &civosim.Gateway{URL: "http://c", AccessKeyID: "A", SecretAccessKey: "S"}, Token: "t",
		Regions: []string{"Acme-DC", "lon1"}, NoObjectStore: []string{}, StrictRegionCase: true, Latency: 1,
		ReadyAfter: 2, ShowPendingKeys: true, ListedAfter: 3, ReadableAfter: 4, StoreReadyAfter: 5, StoreGoneAfter: 6, CredentialGoneAfter: 7,
		RefusedDeletionStatus: 500, StaleOwnerKeys: true, TakenStoreNames: []string{"a", "b"}, HideOwners: true, StoreEndpoint: "e",
		S3CreatesBuckets: true, PageCap: 50, RateLimit: 1.5, RequestsPerMinute: 60, QuotaGB: 1000, QuotaStatus: 402, RetryAfter: true,
		RecordLimit: -1, Rename: strings.ToLower,
	}
	for flags, want := range map[string]civosim.Options{
		"": defaults,
		"-cli-config=c.json -addr=127.0.0.1:1 -s3-addr=127.0.0.1:2 -gateway=http://c -token=t -region=Acme-DC,lon1 -no-object-store= -strict-region-case " +
			"-latency=1ns -ready-after=2ns -show-pending-keys -listed-after=3ns -readable-after=4ns -store-ready-after=5ns -store-gone-after=6ns " +
			"-credential-gone-after=7ns -refused-deletion-status=500 -stale-owner-keys -taken-store-names=a,b -hide-owners -lower-case-names " +
			"-store-endpoint=e -s3-creates-buckets -page-cap=50 -rate-limit=1.5 -requests-per-minute=60 -quota=1000 -quota-status=402 -retry-after": all,
	} {
		got, err := parse(strings.Fields(flags), io.Discard)
		rename := cmp.Comparer(func(a, b func(string) string) bool {
			return a == nil && b == nil || a != nil && b != nil && a("Ab") == b("Ab")
		})
		if diff := cmp.Diff(want, got.options, rename); err != nil || diff != "" || (got.config == "c.json") != (flags != "") {
			t.Errorf("%s: file %q, %v (-want +got):\n%s", flags, got.config, err, diff)
		}
	}
}

func TestRun_InvalidArguments(t *testing.T) {
	t.Parallel()
	for _, flags := range []string{
		"-addr=0.0.0.0:0", "-s3-addr=0.0.0.0:0", "-addr=:0", "-addr=192.0.2.1:0", "-addr=example.com:0", "-addr=127.0.0.1", "-addr=[::]:0",
		"-no-such-flag", "positional", "-region=,", "-latency=fast", "-refused-deletion-status=404", "-refused-deletion-status=204",
		"-refused-deletion-status=-1", "-ceph -gateway=http://127.0.0.1:1", "-gateway=http://127.0.0.1:1",
	} {
		if err := run(t.Context(), strings.Fields("-addr=127.0.0.1:0 -s3-addr=127.0.0.1:0 "+flags), io.Discard, io.Discard); err == nil {
			t.Errorf("%s is accepted", flags)
		}
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
	for _, flag := range regexp.MustCompile(`(?m)^ {2}-(\S+)( \S+)?\n.*?(?:\(default "?(.*?)"?\))?$`).FindAllStringSubmatch(help.String(), -1) {
		if want[flag[1]] = flag[3]; flag[3] == "" { // a boolean has no argument
			want[flag[1]] = map[bool]string{true: "false", false: "0s"}[flag[2] == ""]
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

	if err := printExports(&printed, simtest.Start(t, civosim.Options{}), "lon1", "/home/you/.cache/civosim/civosim-127.0.0.1-8420.json", ""); err != nil {
		t.Fatal(err)
	}
	values := regexp.MustCompile(`(TOKEN=|http://127\.0\.0\.1:)\S+`)
	_, block, _ := strings.Cut(string(readme), "\nmake sim\n```\n\nThe simulator prints the variables to export:\n\n```text\n")
	block, _, _ = strings.Cut(block, "```")
	if want, got := values.ReplaceAllString(printed.String(), "$1"), values.ReplaceAllString(block, "$1"); got != want {
		t.Errorf("the README shows\n%s\nnot\n%s", got, want)
	}
}
