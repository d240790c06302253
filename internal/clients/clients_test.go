// Package clients_test runs common S3 clients with the keys from Terraform and the configuration from the provider functions. The tests
// of a client that is not installed are skipped.
package clients_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

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

// client is an S3 client. Its functions return commands. The commands read the configuration from the file "config" in the working
// directory. An object has the form "store/key".
type client struct {
	name     string                       // the program
	function string                       // the provider function that returns its configuration
	upload   func(object string) []string // uploads the file "file"
	download func(object string) []string // to the file "downloaded"
	list     func(store string) []string
	listed   string                      // in the list after an upload
	refused  func(store string) []string // a list that must fail; nil if it is the same command

	// The error of the client if the secret is wrong, and if another credential owns the store.
	wrongSecret, foreignStore string
}

var clients = []client{
	{
		name: "aws", function: "s3_environment",
		upload:   func(object string) []string { return aws("cp", "--quiet", "file", "s3://"+object) },
		download: func(object string) []string { return aws("cp", "--quiet", "s3://"+object, "downloaded") },
		list:     func(store string) []string { return aws("ls", "s3://"+store) },
		listed:   "16777216 aws", wrongSecret: "(SignatureDoesNotMatch)", foreignStore: "(AccessDenied)",
	},
	{
		name: "s3cmd", function: "s3cfg",
		upload:   func(object string) []string { return s3cmd("put", "file", "s3://"+object) },
		download: func(object string) []string { return s3cmd("get", "s3://"+object, "downloaded") },
		list:     func(store string) []string { return s3cmd("ls", "s3://"+store) },
		listed:   "16777216  s3://clients/s3cmd", wrongSecret: "403 (SignatureDoesNotMatch)", foreignStore: "was denied",
	},
	{
		name: "rclone", function: "rclone_config",
		upload: func(object string) []string {
			return rclone("copyto", "--s3-upload-cutoff=10M", "file", "civo:"+object)
		},
		download: func(object string) []string { return rclone("copyto", "civo:"+object, "downloaded") },
		list:     func(store string) []string { return rclone("ls", "civo:"+store) },
		listed:   "16777216 rclone", wrongSecret: "SignatureDoesNotMatch", foreignStore: "AccessDenied",
	},
	{ // with the repository URL of the guide "Use the keys"
		name: "restic", function: "s3_environment",
		upload: func(string) []string { return restic("clients", "restic init && restic backup file") },
		download: func(string) []string {
			return restic("clients", "restic check --read-data && restic restore latest --target=restored && mv restored/file downloaded")
		},
		list:    func(store string) []string { return restic(store, "restic snapshots") },
		listed:  "/file",
		refused: func(store string) []string { return restic(store, "timeout 5 restic snapshots") }, // otherwise, it retries for minutes
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

func restic(store, command string) []string {
	return []string{"sh", "-ec", `. ./config && export RESTIC_PASSWORD=password RESTIC_REPOSITORY="s3:$AWS_ENDPOINT_URL_S3/` + store + `/restic"
		restic() { command restic --no-cache -o s3.bucket-lookup=path "$@"; }
		` + command}
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
	if c.name == "aws" && !acctest.AWSReadsEndpoint(t) {
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

// keys is a configuration of three credentials, each with a store that has its name.
const keys = `
terraform {
  required_providers {
    civo = {
      source = "seed-0e51fd2b/civo"
    }
  }
}

variable "generation" {
  type = number
}

resource "civo_objectstore_credential" "all" {
  for_each            = toset(["clients", "media", "acme-backups"])
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
      s3_environment = provider::civo::s3_environment(credential)
      s3cfg          = provider::civo::s3cfg(credential)
      rclone_config  = provider::civo::rclone_config(credential)
    }
  }
  sensitive = true
}
`

// configurations contains the results of the functions by the name of the credential and by the name of the function.
type configurations map[string]map[string]string

// apply creates the credentials, or rotates their secrets if there is another generation.
func apply(t *testing.T, ws *acctest.Workspace, generation string) configurations {
	t.Helper()
	ws.MustRun("apply", "-auto-approve", "-var=generation="+generation)
	var all configurations
	if err := json.Unmarshal([]byte(ws.MustRun("output", "-json", "credentials")), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// Clients use the keys of a new credential, and then the new secret. They cannot use the old secret, or another credential's store.
func TestClients(t *testing.T) {
	t.Parallel()
	onPlanes(t, func(t *testing.T, p plane) {
		t.Helper()
		if runtime.GOOS == "windows" {
			t.Skip("uses a POSIX shell")
		}
		ws := p.Workspace(t, keys)
		ws.Setenv("CIVO_OBJECTSTORE_ENDPOINT", p.url)
		ws.Version(tfversion.Version1_8_0)
		state := newBackend(t, p)
		created := apply(t, ws, "1")
		onClients(t, "created", p, func(r runner, c client) {
			r.transfer(c, created["clients"][c.function])
			r.fails(c.foreignStore, created["media"][c.function], c.refused("clients"))
		}, func(t *testing.T) { state.create(t, p, created["acme-backups"]["s3_environment"]) })
		rotated := apply(t, ws, "2")
		onClients(t, "rotated", p, func(r runner, c client) {
			r.fails(c.wrongSecret, created["clients"][c.function], c.refused("clients"))
			if listed := r.succeeds(rotated["clients"][c.function], c.list("clients")); !strings.Contains(listed, c.listed) {
				r.t.Errorf("the list does not contain the object:\n%s", listed)
			}
		}, func(t *testing.T) { state.rotate(t, rotated["acme-backups"]["s3_environment"]) })
	})
}

// onClients runs a test with each client at the same time, and another one with Terraform's S3 backend.
func onClients(t *testing.T, name string, p plane, test func(runner, client), backend func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		for _, c := range clients {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if c.name == "aws" && p.isCeph { // Ceph's errors have no message, which the AWS CLI cannot print
					c.wrongSecret, c.foreignStore = "", ""
				}
				if c.refused == nil {
					c.refused = c.list
				}
				test(newRunner(t, c, p), c)
			})
		}
		t.Run("backend", func(t *testing.T) {
			t.Parallel()
			backend(t)
		})
	})
}

// size is the size of the file that the clients upload, in bytes. Each client uploads a file of this size in parts.
const size = 16 << 20

// transfer uploads a file, downloads it and compares it.
func (r runner) transfer(c client, config string) {
	r.t.Helper()
	content := make([]byte, size)
	_, _ = rand.Read(content) // never fails
	r.write("file", content)
	r.succeeds(config, c.upload("clients/"+c.name))
	r.succeeds(config, c.download("clients/"+c.name))
	if got := r.read("downloaded"); !bytes.Equal(got, content) {
		r.t.Errorf("the downloaded file has %d bytes and differs", len(got))
	}
}
