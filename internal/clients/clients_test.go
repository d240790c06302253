// Package clients_test runs common S3 clients with the keys from Terraform and the configuration from the provider functions. The tests
// of a client that is not installed are skipped.
package clients_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

func TestMain(m *testing.M) {
	for _, variable := range os.Environ() { // the clients are configured by the functions and the guides only
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
			_ = os.Unsetenv(name) // fails for no valid name
		}
	}
	os.Exit(acctest.Tests{M: m}.Run())
}

// plane is a data plane that the clients use over TLS.
type plane struct {
	*acctest.Env

	isCeph           bool
	url, certificate string // the certificate is a file
}

// onPlanes runs a test on each data plane.
func onPlanes(t *testing.T, test func(*testing.T, plane)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		p := plane{Env: acctest.Simulated(t, civosim.Options{})}
		p.url, p.certificate = simtest.ServeTLS(t, p.Server)
		test(t, p)
	})
	t.Run("Ceph", func(t *testing.T) {
		t.Parallel()
		gateway, option := simtest.Ceph(t)
		test(t, plane{acctest.Simulated(t, civosim.Options{Gateway: option}), true, gateway.TLSURL, gateway.Certificate})
	})
}

// client is an S3 client. Its functions return commands. An object has the form "store/key". The commands read the configuration from the
// file "config" in the working directory.
type client struct {
	name     string // the program
	function string // the provider function that returns its configuration
	list     func(store string) []string
	upload   func(file, object string) []string
	download func(object, file string) []string
	presign  func(object, seconds string) []string // prints a URL that expires after this time; nil if the client has no such command

	// The error of the client if the secret is wrong, and if another credential owns the store.
	wrongSecret, foreignStore string
}

var clients = []client{
	{
		name: "aws", function: "s3_environment",
		list:        func(store string) []string { return aws("ls", "s3://"+store) },
		upload:      func(file, object string) []string { return aws("cp", "--quiet", file, "s3://"+object) },
		download:    func(object, file string) []string { return aws("cp", "--quiet", "s3://"+object, file) },
		presign:     func(object, seconds string) []string { return aws("presign", "--expires-in="+seconds, "s3://"+object) },
		wrongSecret: "(SignatureDoesNotMatch)", foreignStore: "(AccessDenied)",
	},
	{
		name: "s3cmd", function: "s3cfg",
		list:        func(store string) []string { return s3cmd("ls", "s3://"+store) },
		upload:      func(file, object string) []string { return s3cmd("put", file, "s3://"+object) },
		download:    func(object, file string) []string { return s3cmd("get", "s3://"+object, file) },
		wrongSecret: "403 (SignatureDoesNotMatch)", foreignStore: "was denied",
	},
	{
		name: "rclone", function: "rclone_config",
		list: func(store string) []string { return rclone("ls", "civo:"+store) },
		upload: func(file, object string) []string {
			return rclone("copyto", "--s3-upload-cutoff=10M", file, "civo:"+object)
		},
		download:    func(object, file string) []string { return rclone("copyto", "civo:"+object, file) },
		presign:     func(object, seconds string) []string { return rclone("link", "--expire="+seconds+"s", "civo:"+object) },
		wrongSecret: "SignatureDoesNotMatch", foreignStore: "AccessDenied",
	},
}

// aws returns a command that runs the AWS CLI with the variables that the file sets. Versions before 2.13 and 1.29 do not support
// AWS_ENDPOINT_URL_S3 and need the flag: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func aws(args ...string) []string {
	return append([]string{"sh", "-c", `. ./config && exec aws ${AWS_OLD:+--endpoint-url "$AWS_HOST"} s3 "$@"`, "aws"}, args...)
}

func s3cmd(args ...string) []string { return append([]string{"s3cmd", "--config=config"}, args...) }

func rclone(args ...string) []string {
	return append([]string{"rclone", "--config=config", "--retries=1"}, args...)
}

// isOldAWS reports whether the installed AWS CLI does not support AWS_ENDPOINT_URL_S3.
func isOldAWS(t *testing.T) bool {
	t.Helper()
	printed, err := exec.CommandContext(t.Context(), "aws", "--version").Output()
	found := regexp.MustCompile(`^aws-cli/(\S+)`).FindSubmatch(printed)
	if err != nil || found == nil {
		t.Fatalf("aws --version prints %q: %v", printed, err)
	}
	installed := version.Must(version.NewVersion(string(found[1])))
	least := "1.29"
	if installed.Segments()[0] == 2 {
		least = "2.13"
	}
	return installed.LessThan(version.Must(version.NewVersion(least)))
}

// runner runs a client in a directory that is also its home directory.
type runner struct {
	t   *testing.T
	dir string
	env []string
}

// newRunner skips the test if the client is not installed.
func newRunner(t *testing.T, c client, p plane) runner {
	t.Helper()
	if _, err := exec.LookPath(c.name); err != nil {
		t.Skip(err)
	}
	r := runner{t: t, dir: t.TempDir()}
	r.env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir, "AWS_MAX_ATTEMPTS=1", "SSL_CERT_FILE=" + p.certificate}
	if c.name == "aws" { // rclone cannot read this variable
		r.env = append(r.env, "AWS_CA_BUNDLE="+p.certificate)
	}
	if c.name == "aws" && isOldAWS(t) {
		r.env = append(r.env, "AWS_OLD=yes")
	}
	return r
}

func (r runner) path(name string) string { return filepath.Join(r.dir, name) }

func (r runner) write(name string, content []byte) {
	r.t.Helper()
	if err := os.WriteFile(r.path(name), content, 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r runner) read(name string) []byte {
	r.t.Helper()
	content, err := os.ReadFile(r.path(name))
	if err != nil {
		r.t.Fatal(err)
	}
	return content
}

// run runs a command with a configuration. It returns the output and reports whether the command succeeded.
func (r runner) run(config string, command []string) (output string, ok bool) {
	r.t.Helper()
	r.write("config", []byte(config))
	ctx, cancel := context.WithTimeout(r.t.Context(), 10*time.Minute)
	defer cancel()
	program := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the commands of this file
	program.Dir, program.Env = r.dir, r.env
	printed, err := program.CombinedOutput()
	return string(printed), err == nil
}

func (r runner) succeeds(config string, command []string) string {
	r.t.Helper()
	output, ok := r.run(config, command)
	if !ok {
		r.t.Fatalf("%q fails:\n%s", command, output)
	}
	return output
}

func (r runner) fails(want, config string, command []string) {
	r.t.Helper()
	if output, ok := r.run(config, command); ok || !strings.Contains(output, want) {
		r.t.Errorf("%q: success is %t, and the output does not contain %q:\n%s", command, ok, want, output)
	}
}

const required = `
terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
    }
  }
}

variable "generation" {
  type    = number
  default = 1
}
`

// workspace returns a workspace whose provider uses the API and the S3 data plane of the simulator.
func workspace(t *testing.T, p plane, config string) *acctest.Workspace {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("uses a POSIX shell")
	}
	ws := p.Workspace(t, config)
	ws.Setenv("CIVO_OBJECTSTORE_ENDPOINT", p.url)
	ws.Version(tfversion.Version1_8_0)
	return ws
}

func apply(ws *acctest.Workspace, generation string) {
	ws.MustRun("apply", "-no-color", "-auto-approve", "-var=generation="+generation)
}

// credential contains the secret of a credential, and the results of the functions by function name.
type credential map[string]string

// credentials returns the credentials in the outputs by their names.
func credentials(t *testing.T, ws *acctest.Workspace) map[string]credential {
	t.Helper()
	var all map[string]credential
	if err := json.Unmarshal([]byte(ws.MustRun("output", "-json", "credentials")), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestClients(t *testing.T) {
	t.Parallel()
	onPlanes(t, testClients)
}

func testClients(t *testing.T, p plane) {
	t.Helper()
	ws := workspace(t, p, required+`
resource "civo_objectstore_credential" "all" {
  for_each            = toset(["backups", "media"])
  name                = each.key
  rotate_when_changed = { generation = var.generation }
}

resource "civo_objectstore" "all" {
  for_each      = civo_objectstore_credential.all
  name          = each.key
  access_key_id = each.value.access_key_id
}

output "credentials" {
  value = {
    for name, credential in civo_objectstore_credential.all : name => {
      secret         = credential.secret_access_key
      s3_environment = provider::civo::s3_environment(credential)
      s3cfg          = provider::civo::s3cfg(credential)
      rclone_config  = provider::civo::rclone_config(credential)
    }
  }
  sensitive = true
}
`)
	apply(ws, "1")
	created := credentials(t, ws)
	t.Run("created", func(t *testing.T) {
		for _, c := range clients {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if c.name == "aws" && p.isCeph {
					// Ceph's errors have no message, which the AWS CLI cannot print.
					c.wrongSecret, c.foreignStore = "", ""
				}
				r := newRunner(t, c, p)
				own, other := created["backups"][c.function], created["media"][c.function]
				object := "backups/" + c.name
				checkTransfer(r, c, own, object)
				if c.presign != nil {
					link := strings.TrimSpace(r.succeeds(own, c.presign(object, "3600")))
					if status, body := get(t, link); status != http.StatusOK || len(body) != size {
						t.Errorf("the presigned URL %s: %d, %d bytes", link, status, len(body))
					}
					waitUntilExpired(t, strings.TrimSpace(r.succeeds(own, c.presign(object, "1"))))
				}
				r.fails(c.foreignStore, own, c.list("media"))
				r.fails(c.foreignStore, other, c.list("backups"))
				r.fails(c.wrongSecret, strings.Replace(own, created["backups"]["secret"], "wrong", 1), c.list("backups"))
			})
		}
	})

	apply(ws, "2")
	rotated := credentials(t, ws)
	t.Run("rotated", func(t *testing.T) {
		for _, c := range clients {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if c.name == "aws" && p.isCeph {
					c.wrongSecret = "" // as above
				}
				r := newRunner(t, c, p)
				r.fails(c.wrongSecret, created["backups"][c.function], c.list("backups"))
				r.succeeds(rotated["backups"][c.function], c.list("backups"))
			})
		}
	})
}

// A provisioner writes the configuration files after each rotation, with keys from the ephemeral resource.
func TestClients_SecretNotInState(t *testing.T) {
	t.Parallel()
	p := plane{Env: acctest.Simulated(t, civosim.Options{})}
	p.url, p.certificate = simtest.ServeTLS(t, p.Server)
	ws := workspace(t, p, required+`
resource "civo_objectstore_credential" "backups" {
  name                = "backups"
  secret_in_state     = false
  rotate_when_changed = { generation = var.generation }
}

resource "civo_objectstore" "backups" {
  name          = "backups"
  access_key_id = civo_objectstore_credential.backups.access_key_id
}

ephemeral "civo_objectstore_credential" "backups" {
  id = civo_objectstore_credential.backups.id
}

resource "terraform_data" "configuration" {
  triggers_replace = [civo_objectstore_credential.backups.access_key_id, var.generation]

  provisioner "local-exec" {
    command = <<-EOT
      printf %s "$ENVIRONMENT" > s3_environment
      printf %s "$S3CFG" > s3cfg
      printf %s "$RCLONE_CONFIG" > rclone_config
    EOT
    environment = {
      ENVIRONMENT   = provider::civo::s3_environment(ephemeral.civo_objectstore_credential.backups)
      S3CFG         = provider::civo::s3cfg(ephemeral.civo_objectstore_credential.backups)
      RCLONE_CONFIG = provider::civo::rclone_config(ephemeral.civo_objectstore_credential.backups)
    }
  }
}
`)
	ws.Version(tfversion.Version1_10_0)
	apply(ws, "1")
	apply(ws, "2")
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			newRunner(t, c, p).succeeds(ws.Read(c.function), c.list("backups"))
		})
	}
}

// restic stores backups with the repository URL of the guide "Use the keys".
func TestRestic(t *testing.T) {
	t.Parallel()
	onPlanes(t, func(t *testing.T, p plane) {
		t.Helper()
		r := newRunner(t, client{name: "restic"}, p)
		ws := workspace(t, p, required+`
resource "civo_objectstore_credential" "restic" {
  name                = "restic"
  rotate_when_changed = { generation = var.generation }
}

resource "civo_objectstore" "restic" {
  name          = "restic-backups"
  access_key_id = civo_objectstore_credential.restic.access_key_id
}

output "environment" {
  value     = provider::civo::s3_environment(civo_objectstore_credential.restic)
  sensitive = true
}
`)
		restic := func(args ...string) []string {
			return append([]string{"sh", "-c", `. ./config && export RESTIC_PASSWORD=password &&
				export RESTIC_REPOSITORY="s3:$AWS_ENDPOINT_URL_S3/restic-backups/restic" && exec restic --no-cache -o s3.bucket-lookup=path "$@"`, "sh"}, args...)
		}
		apply(ws, "1")
		created := ws.MustRun("output", "-raw", "environment")
		content := make([]byte, size)
		_, _ = rand.Read(content) // never fails
		r.write("file", content)
		for _, command := range [][]string{restic("init"), restic("backup", "file"), restic("check", "--read-data"), restic("restore", "latest", "--target=restored")} {
			r.succeeds(created, command)
		}
		if !bytes.Equal(r.read(filepath.Join("restored", "file")), content) {
			t.Error("the restored file differs")
		}
		apply(ws, "2")
		r.succeeds(ws.MustRun("output", "-raw", "environment"), restic("snapshots"))
		output, ok := r.run(created, []string{"timeout", "5", "sh", "-c", restic()[2], "sh", "snapshots"})
		if ok {
			t.Errorf("with the old secret, restic lists the backups:\n%s", output)
		}
	})
}

// size is the size of the file that the clients upload, in bytes. Each client uploads a file of this size in parts.
const size = 30 << 20

// checkTransfer uploads a file, lists it, downloads it and compares it.
func checkTransfer(r runner, c client, config, object string) {
	r.t.Helper()
	content := make([]byte, size)
	_, _ = rand.Read(content) // never fails
	r.write("file", content)
	r.succeeds(config, c.upload("file", object))
	if listed := r.succeeds(config, c.list("backups")); !strings.Contains(listed, "31457280") || !strings.Contains(listed, c.name) {
		r.t.Errorf("the list does not contain the object:\n%s", listed)
	}
	r.succeeds(config, c.download(object, "downloaded"))
	if got := r.read("downloaded"); !bytes.Equal(got, content) {
		r.t.Errorf("the downloaded file has %d bytes and differs", len(got))
	}
}

// web sends the requests for presigned URLs.
var web = http.Client{Timeout: 5 * time.Minute, Transport: &http.Transport{
	TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // certificates of the tests
}}

// get requests a URL and returns the status and the body of the response.
func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := web.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(data)
}

// waitUntilExpired waits until requests for a presigned URL fail because it has expired.
func waitUntilExpired(t *testing.T, link string) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Minute)
	for {
		status, _ := get(t, link)
		if status == http.StatusForbidden {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the presigned URL does not expire: %d", status)
		}
		time.Sleep(200 * time.Millisecond)
	}
}
