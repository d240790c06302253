// The S3 clients that users have. Each is skipped if it is not installed. The settings are the smallest that work.

package civosim_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-version"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// s3Program is a program that uses S3. Its functions return arguments. Objects have the form "store/key".
type s3Program struct {
	name     string
	settings func(endpoint string, c civosim.Credential) (env, args []string)
	list     func(store string) []string
	upload   func(file, object string) []string
	download func(object, file string) []string
}

var s3Programs = []s3Program{
	{
		name: "aws",
		settings: func(endpoint string, c civosim.Credential) (env, args []string) {
			return []string{
				"AWS_ACCESS_KEY_ID=" + c.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + c.SecretAccessKey, "AWS_DEFAULT_REGION=" + c.Region,
			}, []string{"--endpoint-url", endpoint}
		},
		list:     func(store string) []string { return []string{"s3", "ls", "s3://" + store} },
		upload:   func(file, object string) []string { return []string{"s3", "cp", "--quiet", file, "s3://" + object} },
		download: func(object, file string) []string { return []string{"s3", "cp", "--quiet", "s3://" + object, file} },
	},
	{
		name: "s3cmd",
		settings: func(endpoint string, c civosim.Credential) (env, args []string) {
			host := strings.TrimPrefix(endpoint, "http://")
			return nil, []string{
				"--config=" + os.DevNull, "--access_key=" + c.AccessKeyID, "--secret_key=" + c.SecretAccessKey,
				"--host=" + host, "--host-bucket=" + host, "--no-ssl",
			}
		},
		list:     func(store string) []string { return []string{"ls", "s3://" + store} },
		upload:   func(file, object string) []string { return []string{"put", file, "s3://" + object} },
		download: func(object, file string) []string { return []string{"get", "--force", "s3://" + object, file} },
	},
	{
		name: "rclone",
		settings: func(endpoint string, c civosim.Credential) (env, args []string) {
			return []string{
				"RCLONE_CONFIG_CIVO_TYPE=s3", "RCLONE_CONFIG_CIVO_PROVIDER=Other", "RCLONE_CONFIG_CIVO_ENDPOINT=" + endpoint,
				"RCLONE_CONFIG_CIVO_ACCESS_KEY_ID=" + c.AccessKeyID, "RCLONE_CONFIG_CIVO_SECRET_ACCESS_KEY=" + c.SecretAccessKey,
			}, []string{"--config=" + os.DevNull, "--retries=1"}
		},
		list: func(store string) []string { return []string{"ls", "civo:" + store} },
		upload: func(file, object string) []string {
			return []string{"copyto", "--s3-upload-cutoff=10M", file, "civo:" + object}
		},
		download: func(object, file string) []string { return []string{"copyto", "civo:" + object, file} },
	},
}

// program is an installed program that uses a server.
type program struct {
	t    *testing.T
	path string
	dir  string // working and home directory
}

func newProgram(t *testing.T, name string) program {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is not installed")
	}
	return program{t, path, t.TempDir()}
}

// run returns the output and whether the program succeeded. The environment has no settings of the user.
func (p program) run(env []string, args ...string) (string, bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, p.path, args...) //nolint:gosec // the programs above
	command.Dir = p.dir
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "CHECKPOINT_DISABLE=1"}, env...)
	out, err := command.CombinedOutput()
	return string(out), err == nil
}

func TestClients(t *testing.T) {
	t.Parallel()
	for _, s3 := range s3Programs {
		t.Run(s3.name, func(t *testing.T) {
			t.Parallel()
			p := newProgram(t, s3.name)
			server, api, _, _ := startS3(t, civosim.Options{})
			server.AddStore(civosim.Store{Name: "other"})
			run := func(args ...string) (string, bool) {
				owner, _ := server.Credential("owner")
				env, settings := s3.settings(server.S3URL(), owner)
				return p.run(env, append(settings, args...)...)
			}
			checkTransfer(t, p.dir, s3, run)
			if out, ok := run(s3.list("other")...); ok || !containsAny(out, "AccessDenied", "was denied") {
				t.Errorf("another credential's store: %t %s", ok, out)
			}

			before, _ := server.Credential("owner")
			api.ok(http.MethodPut, credentialsPath+"/owner", `{"secret_access_key_id":"rotated"}`)
			env, settings := s3.settings(server.S3URL(), before)
			if out, ok := p.run(env, append(settings, s3.list("data")...)...); ok || !containsAny(out, "SignatureDoesNotMatch", "403") {
				t.Errorf("the old secret: %t %s", ok, out)
			}
			if out, ok := run(s3.list("data")...); !ok || !strings.Contains(out, "small") || !strings.Contains(out, "large") {
				t.Errorf("the new secret: %t %s", ok, out)
			}
		})
	}
}

// checkTransfer uploads a small file, and a large one in parts, and downloads the large one.
func checkTransfer(t *testing.T, dir string, s3 s3Program, run func(...string) (string, bool)) {
	t.Helper()
	content := make([]byte, 30<<20)
	_, _ = rand.Read(content) // never fails
	for name, part := range map[string][]byte{"small": content[:6], "large": content} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, part, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, ok := run(s3.upload(file, "data/"+name)...); !ok {
			t.Fatalf("uploading %s: %s", name, out)
		}
	}
	file := filepath.Join(dir, "downloaded")
	if out, ok := run(s3.download("data/large", file)...); !ok {
		t.Fatalf("downloading: %s", out)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, content) { //nolint:gosec // in the test's directory
		t.Errorf("%d bytes after the download, want %d: %v", len(got), len(content), err)
	}
}

func containsAny(text string, substrings ...string) bool {
	for _, s := range substrings {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

func TestClients_AWSPresign(t *testing.T) {
	t.Parallel()
	p := newProgram(t, "aws")
	server, _, _, c := startS3(t, civosim.Options{})
	c.ok(http.MethodPut, "/data/object", "content")
	owner, _ := server.Credential("owner")
	env, settings := s3Programs[0].settings(server.S3URL(), owner)
	out, ok := p.run(env, append(settings, "s3", "presign", "s3://data/object", "--expires-in", "5")...)
	if !ok {
		t.Fatal(out)
	}
	link := strings.TrimSpace(out)
	if got := c.get(link); got.Status != http.StatusOK || got.Body != "content" {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	eventually(t, "the URL expires", func() bool {
		got := c.get(link)
		return got.failure() == "403 AccessDenied" && strings.Contains(got.Body, "expired")
	})
}

// backend stores the state in an object store. The keys are in the environment.
const backend = `
terraform {
  backend "s3" {
    bucket       = "data"
    key          = "terraform.tfstate"
    region       = "lon1"
    use_lockfile = true

    endpoints                   = { s3 = %q }
    use_path_style              = true
    skip_credentials_validation = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
  }
}

output "test" {
  value = "stored"
}
`

func TestClients_TerraformBackend(t *testing.T) {
	t.Parallel()
	p := newProgram(t, "terraform")
	if !supportsLockFiles(p) {
		t.Skip("use_lockfile requires Terraform 1.10")
	}
	server, _, _, c := startS3(t, civosim.Options{})
	if err := os.WriteFile(filepath.Join(p.dir, "main.tf"), fmt.Appendf(nil, backend, server.S3URL()), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (string, bool) {
		owner, _ := server.Credential("owner")
		return p.run([]string{"AWS_ACCESS_KEY_ID=" + owner.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + owner.SecretAccessKey}, args...)
	}
	for _, command := range []string{"init", "apply"} {
		args := []string{command, "-no-color", "-input=false"}
		if command == "apply" {
			args = append(args, "-auto-approve")
		}
		if out, ok := run(args...); !ok {
			t.Fatalf("%s: %s", command, out)
		}
	}
	if state := c.ok(http.MethodGet, "/data/terraform.tfstate", "").Body; !strings.Contains(state, `"stored"`) {
		t.Errorf("state: %s", state)
	}
	c.refused("404 NoSuchKey", http.MethodGet, "/data/terraform.tfstate.tflock", "")

	c.ok(http.MethodPut, "/data/terraform.tfstate.tflock", "{}")
	if out, ok := run("plan", "-no-color"); ok || !strings.Contains(out, "Error acquiring the state lock") {
		t.Errorf("plan of a locked state: %t %s", ok, out)
	}
	server.ChangeCredential("owner", func(c *civosim.Credential) { c.Suspended = true })
	if out, ok := run("output", "-no-color"); ok || !strings.Contains(out, "InvalidAccessKeyId") {
		t.Errorf("a suspended credential: %t %s", ok, out)
	}
}

func supportsLockFiles(p program) bool {
	p.t.Helper()
	out, ok := p.run(nil, "version")
	first, _, _ := strings.Cut(out, "\n")
	installed, err := version.NewVersion(strings.TrimPrefix(first, "Terraform v"))
	if !ok || err != nil {
		p.t.Fatalf("terraform version: %s", out)
	}
	return installed.Core().GreaterThanOrEqual(version.Must(version.NewVersion("1.10.0")))
}
