package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// running is the command, under way.
type running struct {
	exports map[string]string
	stop    func() error    // interrupts it and returns what it returned
	log     func() []string // of standard error; only after stop
}

func runCommand(t *testing.T, args ...string) running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var log strings.Builder
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, args, in, &log)
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
			case <-time.After(5 * time.Second):
				return errors.New("it does not stop")
			}
		},
		log: func() []string { return strings.Split(strings.TrimSpace(log.String()), "\n") },
	}
}

// readExports reads the three lines that a shell would evaluate.
func readExports(t *testing.T, r io.Reader) map[string]string {
	t.Helper()
	exports := map[string]string{}
	lines := bufio.NewScanner(r)
	for len(exports) < 3 && lines.Scan() {
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

func TestExportsAreWhatItTakes(t *testing.T) {
	t.Parallel()
	command := runCommand(t, "-region", "fra1,LON1", "-token", "s3cret", "-verbose")
	url := command.exports["CIVO_API_URL"]
	want := map[string]string{"CIVO_TOKEN": "s3cret", "CIVO_API_URL": url, "CIVO_REGION": "FRA1"}
	if diff := cmp.Diff(want, command.exports); diff != "" {
		t.Errorf("exports (-want +got):\n%s", diff)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v2/objectstore/credentials?x=hidden", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "bearer s3cret")
	response, err := (&http.Client{Timeout: 5 * time.Second}).Do(request)
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
	line := regexp.MustCompile(`^[\d/]+ [\d:]+ GET /v2/objectstore/credentials 200 [\d.]+(µs|ms|s)$`)
	if log := command.log(); len(log) != 1 || !line.MatchString(log[0]) {
		t.Errorf("log: %q", log)
	}
}

func TestEachRunHasATokenOfItsOwn(t *testing.T) {
	t.Parallel()
	first, second := runCommand(t), runCommand(t)
	if first.exports["CIVO_TOKEN"] == second.exports["CIVO_TOKEN"] {
		t.Error("two runs accept one token")
	}
	for _, command := range []running{first, second} {
		if err := command.stop(); err != nil {
			t.Error(err)
		}
	}
}

func TestWrongArguments(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-addr", "0.0.0.0:0"}, {"-no-such-flag"}, {"positional"}, {"-region", ","}, {"-latency", "fast"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var help strings.Builder
	if err := run(t.Context(), []string{"-h"}, io.Discard, &help); err != nil {
		t.Error(err)
	}
	for _, name := range []string{
		"addr", "token", "region", "latency", "ready-after", "page-cap", "rate-limit", "retry-after",
		"store-gone-after", "credential-gone-after", "verbose",
	} {
		if !strings.Contains(help.String(), "  -"+name) {
			t.Errorf("the help does not have -%s:\n%s", name, help.String())
		}
	}
}

func TestQuotedForTheShell(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell")
	}
	for _, text := range []string{"plain", "", "a b", "it's", `$HOME "x" \`, "http://127.0.0.1:80", "[::1]", "é"} {
		got, err := exec.CommandContext(t.Context(), shell, "-c", "printf %s "+quote(text)).Output() //nolint:gosec // that is what is tested
		if err != nil || string(got) != text {
			t.Errorf("%q becomes %q, %v", text, got, err)
		}
	}
	if quote("plain-1.2_3:/x") != "plain-1.2_3:/x" {
		t.Error("quotes what need not be quoted")
	}
}
