package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/record"
)

// simulation is a simulator with a command that records it in simulated time. It receives what the command prints.
type simulation struct {
	server  *civosim.Server
	command command
	signals chan os.Signal
	env     map[string]string

	mu      sync.Mutex // the command reports interruptions while a run prints, as it can to a file
	printed strings.Builder
}

func (s *simulation) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.printed.Write(text)
}

func simulate(t *testing.T, options civosim.Options) *simulation {
	t.Helper()
	begin, elapsed := time.Now(), new(atomic.Int64)
	options.Now = func() time.Time { return begin.Add(time.Duration(elapsed.Load())) }
	sleep := func(ctx context.Context, d time.Duration) error { elapsed.Add(int64(d)); return ctx.Err() }
	s := &simulation{server: simtest.Start(t, options), signals: make(chan os.Signal)}
	s.env = map[string]string{
		"CIVO_TOKEN": s.server.Token(), "CIVO_REGION": "lon1", "CIVO_API_URL": s.server.URL(), "CIVO_OBJECTSTORE_ENDPOINT": s.server.S3URL(), "YES": "1",
	}
	s.command = command{
		in: strings.NewReader(""), out: s, signals: s.signals, getenv: func(name string) string { return s.env[name] },
		clock: record.Clock{Now: options.Now, Sleep: sleep},
	}
	return s
}

// reply answers the question of the command at a terminal.
func (s *simulation) reply(text string) {
	delete(s.env, "YES")
	s.command.in, s.command.isTerminal = strings.NewReader(text), true
}

func TestRun_RecordsAndCompares(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options civosim.Options
		flags   []string
		change  func(*simulation)
		want    string
	}{
		"an account, confirmed": {record.Defaults(), nil, func(s *simulation) { s.reply("yes\n") }, "simulator: 0\n"},
		"-simulator":            {record.Defaults(), []string{"-simulator"}, func(s *simulation) { clear(s.env) }, "simulator: 0\n"},
		"an account that differs": {
			civosim.Options{ReadyAfter: 2 * time.Second, RefusedDeletionStatus: 500},
			nil, func(*simulation) {},
			`credential-in-use: delete: recorded "500 database_objectstore_credential_deleted_failed", simulated "409 database_objectstore_credential_inuse_by_objectstore". Change the default of RefusedDeletionStatus in internal/civosim/options.go`,
		},
	} {
		s := simulate(t, test.options)
		test.change(s)
		path := filepath.Join(t.TempDir(), "recording.json")
		err := errors.Join(s.command.run(t.Context(), append(test.flags, "-o", path)), s.command.run(t.Context(), []string{"-compare", path}))
		if err != nil || !strings.Contains(s.printed.String(), test.want) {
			t.Errorf("%s: %v\n%s", name, err, s.printed.String())
		}
	}
}

func TestRun_Refusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args   []string
		change func(*simulation)
		want   string
	}{
		"no token":               {nil, func(s *simulation) { delete(s.env, "CIVO_TOKEN") }, "To record a simulator without an account, run: make record ARGS=-simulator"},
		"no region":              {nil, func(s *simulation) { delete(s.env, "CIVO_REGION") }, "CIVO_REGION to the region to use"},
		"simulator with a token": {[]string{"-simulator"}, func(*simulation) {}, "but CIVO_TOKEN is set"},
		"not a terminal":         {nil, func(s *simulation) { delete(s.env, "YES") }, "the run was not confirmed"},
		"end of input":           {nil, func(s *simulation) { s.reply("") }, "the run was not confirmed"},
		"no":                     {nil, func(s *simulation) { s.reply("no\n") }, "the run was not confirmed"},
		"wrong token":            {nil, func(s *simulation) { s.env["CIVO_TOKEN"] = "wrong" }, "rejected the token (404 database_account_not_found)"},
		"unknown region":         {nil, func(s *simulation) { s.env["CIVO_REGION"] = "sea1" }, "the region sea1 does not exist or has no object storage"},
		"region without":         {nil, func(s *simulation) { s.env["CIVO_REGION"] = "phx1" }, "Set CIVO_REGION to one of: lon1, fra1, nyc1, mum1"},
		"dead server":            {nil, func(s *simulation) { _ = s.server.Close() }, "connection refused. Nothing was created"},
		"not the API":            {nil, func(s *simulation) { s.env["CIVO_API_URL"] = s.server.S3URL() }, "returned no regions (400 )"},
		"list that cannot be read": {nil, func(s *simulation) {
			s.server.Inject(civosim.Fault{Kind: civosim.KindListStores, Effect: civosim.Effect500})
		}, "could not list /v2/objectstores"},
		"plain http":      {nil, func(s *simulation) { s.env["CIVO_API_URL"] = "http://api.civo.com" }, "http would send requests in plain text"},
		"argument":        {[]string{"recording.json"}, func(*simulation) {}, "unexpected argument"},
		"compare and -o":  {[]string{"-compare", "a", "-o", "b"}, func(*simulation) {}, "-compare conflicts"},
		"existing file":   {[]string{"-simulator", "-o", "main.go"}, func(s *simulation) { clear(s.env) }, "main.go already exists"},
		"no directory":    {[]string{"-o", "missing/recording.json"}, func(*simulation) {}, "could not create the file"},
		"not a recording": {[]string{"-compare", "main.go"}, func(*simulation) {}, "main.go is not a recording"},
	} {
		s := simulate(t, civosim.Options{})
		test.change(s)
		if err := s.command.run(t.Context(), test.args); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
		if n := s.server.Count(civosim.KindCreateCredential, civosim.KindCreateStore); n != 0 {
			t.Errorf("%s: %d creates", name, n)
		}
	}
}

// Two interruptions end the questions, not the deletion. A third one ends the deletion, and prints the commands that do it.
func TestRun_Interruptions(t *testing.T) {
	t.Parallel()
	for interruptions, isDeleted := range map[int]bool{1: true, 2: true, 3: false} {
		goneAfter := map[bool]time.Duration{true: time.Minute, false: time.Hour}[isDeleted]
		s := simulate(t, civosim.Options{StoreGoneAfter: goneAfter})
		interrupt := func() { s.signals <- syscall.SIGINT }
		s.server.OnArrival(civosim.KindStoreStats, 2, func() {
			interrupt()
			for range interruptions - 1 {
				s.server.OnArrival(civosim.KindDeleteStore, 1, interrupt)
			}
		})
		path := filepath.Join(t.TempDir(), "recording.json")
		err := s.command.run(t.Context(), []string{"-o", path})
		_, readErr := record.Read(path)
		isEmpty := len(s.server.Credentials("")) == 0
		if readErr != nil || err == nil || !strings.Contains(err.Error(), "incomplete: interrupted") || isDeleted != isEmpty {
			t.Errorf("%d interruptions: %v, %v\n%s", interruptions, err, readErr, s.printed.String())
		}
		if !isDeleted && !regexp.MustCompile(`curl -sS -X DELETE .*/v2/objectstores/.*\n.*curl -sS -X DELETE .*/v2/objectstore/credentials/`).MatchString(err.Error()) {
			t.Errorf("no commands: %v", err)
		}
	}
}
