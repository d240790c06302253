package s3config_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
)

// client runs programs in a home directory that contains only one configuration file.
type client struct{ home string }

// newClient writes a configuration to a file with the name "config". It skips the test if a program is not installed.
func newClient(t *testing.T, config string, programs ...string) client {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	c := client{t.TempDir()}
	if err := os.WriteFile(filepath.Join(c.home, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

// run runs a program and returns its standard output.
func (c client) run(t *testing.T, command ...string) string {
	t.Helper()
	program := exec.CommandContext(t.Context(), command[0], command[1:]...) //nolint:gosec // the test's own command
	program.Dir, program.Env = c.home, []string{"HOME=" + c.home, "PATH=" + os.Getenv("PATH"), "AWS_MAX_ATTEMPTS=1"}
	var errors strings.Builder
	program.Stderr = &errors
	output, err := program.Output()
	if err != nil {
		t.Fatalf("%q: %v\n%s%s", command, err, output, errors.String())
	}
	return string(output)
}

// The shell, s3cmd and rclone read the secret that was passed to the function.
func TestClients_ReadTheSecret(t *testing.T) {
	t.Parallel()
	secrets := []string{
		"not-a-real-secret", `a'b`, `'a'`, `'\''`, `"a"`, `""`, `"a"b"`, `"`, `"""a`, `"""`, "`a`", "``", "`", "a`",
		"#a", ";a", "a#b;c", `\n\`, "a=b:c", "[civo]", "a$HOME", `"$HOME"`, "a${HOME}`id`$(id)", "a*?!~", "%", "%%", "%(bucket)", "a%2Fb/+=",
	}
	for _, program := range []struct {
		name, function string
		read           func(t *testing.T, config string) string
	}{
		{"sh", "s3_environment", func(t *testing.T, config string) string {
			t.Helper()
			return newClient(t, config, "sh").run(t, "sh", "-c", `. ./config && printf %s "$AWS_SECRET_ACCESS_KEY"`)
		}},
		{"s3cmd", "s3cfg", func(t *testing.T, config string) string {
			t.Helper()
			settings := newClient(t, config, "s3cmd").run(t, "s3cmd", "--config=config", "--dump-config")
			return regexp.MustCompile(`(?m)^secret_key = (.*)$`).FindStringSubmatch(settings)[1]
		}},
		{"rclone", "rclone_config", func(t *testing.T, config string) string {
			t.Helper()
			var remotes map[string]map[string]string
			if err := json.Unmarshal([]byte(newClient(t, config, "rclone").run(t, "rclone", "config", "dump", "--config=config")), &remotes); err != nil {
				t.Fatal(err)
			}
			return remotes["civo"]["secret_access_key"]
		}},
	} {
		for _, secret := range secrets {
			t.Run(program.name+"/"+secret, func(t *testing.T) {
				t.Parallel()
				config := text(t, program.function, plain.with("secret_access_key", secret))
				if got := program.read(t, config); got != secret {
					t.Errorf("%s reads %q, not %q, from\n%s", program.name, got, secret, config)
				}
			})
		}
	}
}

// request is what a client sent to the store.
type request struct {
	path, accessKeyID, region string
	checksums                 []string // names of headers
}

// store is a server that answers every upload and every list as an S3 server does.
type store struct {
	*httptest.Server

	mu       sync.Mutex
	requests []request
}

var signature = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=([^/]+)/\d+/([^/]+)/s3/aws4_request`)

// newStore starts a store, which runs until the test ends.
func newStore(t *testing.T) *store {
	t.Helper()
	s := &store{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent := request{path: r.URL.Path}
		if signed := signature.FindStringSubmatch(r.Header.Get("Authorization")); signed != nil {
			sent.accessKeyID, sent.region = signed[1], signed[2]
		}
		for name := range r.Header {
			if strings.HasPrefix(name, "X-Amz-Checksum-") || name == "X-Amz-Sdk-Checksum-Algorithm" || name == "X-Amz-Trailer" {
				sent.checksums = append(sent.checksums, name)
			}
		}
		s.mu.Lock()
		s.requests = append(s.requests, sent)
		s.mu.Unlock()
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated></ListBucketResult>`)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// requireAWS skips the test if the installed AWS CLI does not read AWS_ENDPOINT_URL_S3:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func requireAWS(t *testing.T) {
	t.Helper()
	printed := newClient(t, "", "aws").run(t, "aws", "--version")
	found := regexp.MustCompile(`^aws-cli/(\S+)`).FindStringSubmatch(printed)
	if found == nil {
		t.Fatalf("aws --version prints %q", printed)
	}
	installed := version.Must(version.NewVersion(found[1]))
	least := version.Must(version.NewVersion("1.29"))
	if installed.Segments()[0] == 2 {
		least = version.Must(version.NewVersion("2.13"))
	}
	if installed.LessThan(least) {
		t.Skipf("requires the AWS CLI %s or later, not %s", least, installed)
	}
}

// Each client sends signed requests for the right region to the endpoint, with the bucket in the path.
func TestClients_SendRequests(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		program, function string
		command           []string
		path              string
	}{
		{"aws", "s3_environment", []string{"sh", "-c", ". ./config && aws s3 cp --no-progress config s3://backups/report.txt"}, "/backups/report.txt"},
		{"s3cmd", "s3cfg", []string{"s3cmd", "--config=config", "ls", "s3://backups"}, "/backups/"},
		{"rclone", "rclone_config", []string{"rclone", "--config=config", "lsf", "civo:backups"}, "/backups"},
	} {
		t.Run(row.program, func(t *testing.T) {
			t.Parallel()
			if row.program == "aws" {
				requireAWS(t)
			}
			s := newStore(t)
			config := text(t, row.function, plain.with("endpoint", s.URL))
			newClient(t, config, row.command[0], row.program).run(t, row.command...)
			s.mu.Lock()
			defer s.mu.Unlock()
			want := request{path: row.path, accessKeyID: "DEMOACCESSKEY0000001", region: "LON1"}
			if len(s.requests) == 0 || fmt.Sprint(s.requests[0]) != fmt.Sprint(want) {
				t.Errorf("the requests are %+v, and the first is not %+v", s.requests, want)
			}
		})
	}
}
