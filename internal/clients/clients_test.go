// Package clients_test runs common S3 clients with the keys from Terraform and the configuration from the provider functions. The tests
// of a client that is not installed are skipped.
package clients_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/ceph"
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

// onCeph returns the data plane of a Ceph gateway.
func onCeph(t *testing.T) plane {
	t.Helper()
	gateway, option := simtest.Ceph(t)
	return plane{acctest.Simulated(t, civosim.Options{Gateway: option}), true, gateway.TLSURL, gateway.Certificate}
}

// newPlane returns the data plane of a Ceph gateway, or the one in memory where Ceph is not installed.
func newPlane(t *testing.T) plane {
	t.Helper()
	if ceph.Check() == nil {
		return onCeph(t)
	}
	p := plane{Env: acctest.Simulated(t, civosim.Options{})}
	p.url, p.certificate = simtest.ServeTLS(t, p.Server)
	return p
}

// client is an S3 client. Its commands are for a shell.
type client struct {
	name         string // the program
	function     string // the provider function that returns its configuration
	transfer     string // uploads "file", downloads it, and compares the two
	list, listed string // lists the store; a part of the output after the upload
	refused      string // lists the store, but must fail; empty if it is the same command

	// The error of the client if the secret is wrong, and if another credential owns the store.
	wrongSecret, foreignStore string
}

var clients = []client{
	{
		name: "aws", function: "s3_environment",
		transfer: "aws s3 cp --quiet file s3://acme-backups/aws && aws s3 cp --quiet s3://acme-backups/aws downloaded && cmp file downloaded",
		list:     "aws s3 ls s3://acme-backups", listed: "16777216 aws",
		wrongSecret: "(SignatureDoesNotMatch)", foreignStore: "(AccessDenied)",
	},
	{
		name: "s3cmd", function: "s3cfg",
		transfer: "s3cmd put file s3://acme-backups/s3cmd && s3cmd get s3://acme-backups/s3cmd downloaded && cmp file downloaded",
		list:     "s3cmd ls s3://acme-backups", listed: "16777216  s3://acme-backups/s3cmd",
		wrongSecret: "403 (SignatureDoesNotMatch)", foreignStore: "was denied",
	},
	{
		name: "rclone", function: "rclone_config",
		transfer: "rclone copyto --s3-upload-cutoff=10M file civo:acme-backups/rclone && " +
			"rclone copyto civo:acme-backups/rclone downloaded && cmp file downloaded",
		list: "rclone ls civo:acme-backups", listed: "16777216 rclone",
		wrongSecret: "SignatureDoesNotMatch", foreignStore: "AccessDenied",
	},
	{
		name: "restic", function: "s3_environment",
		transfer: "restic init && restic backup file && restic check --read-data && restic restore latest --target=restored && cmp file restored/file",
		list:     "restic snapshots", listed: "/file",
		refused: "timeout 5 restic --no-cache -o s3.bucket-lookup=path snapshots", // otherwise, it retries for minutes
	},
	{
		name: "terraform", function: "s3_environment",
		transfer: "terraform init && terraform apply -auto-approve && grep 'Error acquiring the state lock' locked",
		list:     "terraform init -reconfigure && terraform plan -detailed-exitcode", listed: "No changes.",
		wrongSecret: "SignatureDoesNotMatch", foreignStore: "Forbidden",
	},
}

// commands configures the clients. restic uses the repository URL of the guide "Use the keys". Terraform has only the variables that the
// guide lists for a CI system: the keys, and those for checksums.
const commands = `set -e
test "$FUNCTION" != s3_environment || . ./config
export RESTIC_PASSWORD=password RESTIC_REPOSITORY="s3:$AWS_ENDPOINT_URL_S3/acme-backups/restic"
aws() { command aws ${AWS_OLD:+--endpoint-url "$AWS_HOST"} "$@"; }
s3cmd() { command s3cmd --config=config "$@"; }
rclone() { command rclone --config=config --retries=1 "$@"; }
restic() { command restic --no-cache -o s3.bucket-lookup=path "$@"; }
terraform() { (unset AWS_ENDPOINT_URL_S3 AWS_HOST AWS_REGION AWS_DEFAULT_REGION; command "$TERRAFORM" "$@"); }
`

// backend returns the configuration of Terraform: the backend of the guide "Use the keys", with the endpoint that the guide adds for a CI
// system, and a resource that tests the lock.
func backend(t *testing.T, p plane) string {
	t.Helper()
	guide, guideErr := os.ReadFile("../../templates/guides/use-the-keys.md.tmpl")
	config, err := os.ReadFile("../../examples/guides/use-the-keys/backend/main.tf")
	lock, lockErr := os.ReadFile("testdata/lock/main.tf")
	argument := regexp.MustCompile("`(endpoints = [^`]+)`").FindSubmatch(guide)
	if err = errors.Join(guideErr, lockErr, err); err != nil || argument == nil {
		t.Fatalf("the guide contains the endpoint: %t: %v", argument != nil, err)
	}
	endpoint := strings.Replace(string(argument[1]), "https://objectstore.lon1.civo.com", p.url, 1)
	return strings.Replace(string(config), "use_path_style", endpoint+"\n    use_path_style", 1) + string(lock)
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
	terraform := cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")
	if _, err := exec.LookPath(c.name); err != nil && (c.name != "terraform" || terraform == c.name) {
		t.Skip(err)
	}
	r := runner{t: t, dir: t.TempDir()}
	r.write("main.tf", backend(t, p))
	r.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir, "AWS_MAX_ATTEMPTS=1", "SSL_CERT_FILE=" + p.certificate, "FUNCTION=" + c.function,
		"TERRAFORM=" + terraform, "TF_CLI_ARGS=-no-color", "CHECKPOINT_DISABLE=1",
	}
	if c.name != "rclone" { // rclone cannot read this variable
		r.env = append(r.env, "AWS_CA_BUNDLE="+p.certificate)
	}
	if c.name == "aws" && !acctest.AWSReadsEndpoint(t) {
		r.env = append(r.env, "AWS_OLD=yes")
	}
	return r
}

func (r runner) write(name, content string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(content), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// oldTerraform matches errors of a Terraform before 1.10, and of one that was built without the S3 backend, which released ones have.
var oldTerraform = regexp.MustCompile("Unsupported Terraform Core version|There is no backend type named")

// run runs a command with a configuration. It must succeed or fail, and print a text. It returns the output.
func (r runner) run(config, command string, mustSucceed bool, text string) string {
	r.t.Helper()
	r.write("config", config)
	ctx, cancel := context.WithTimeout(r.t.Context(), 10*time.Minute)
	defer cancel()
	program := exec.CommandContext(ctx, "sh", "-c", commands+command) //nolint:gosec // the commands of this file
	program.Dir, program.Env = r.dir, r.env
	printed, err := program.CombinedOutput()
	if reason := oldTerraform.Find(printed); reason != nil {
		r.t.Skipf("%s", reason)
	}
	output := string(printed)
	if succeeds := err == nil; succeeds != mustSucceed || !strings.Contains(output, text) {
		r.t.Fatalf("%q: success is %t, or the output does not contain %q:\n%s", command, succeeds, text, output)
	}
	return output
}

// apply creates the credentials, or rotates their secrets if there is another generation. It returns the results of the functions by the
// name of the credential and by the name of the function.
func apply(t *testing.T, ws *acctest.Workspace, generation string) (configurations map[string]map[string]string) {
	t.Helper()
	ws.MustRun("apply", "-auto-approve", "-var=generation="+generation)
	if err := json.Unmarshal([]byte(ws.MustRun("output", "-json", "credentials")), &configurations); err != nil {
		t.Fatal(err)
	}
	return configurations
}

// Clients and Terraform's S3 backend use the keys of a new credential, and then the new secret. They cannot use the old secret, or another
// credential's store.
func TestClients(t *testing.T) { //nolint:tparallel // the subtests of the new secret run after those of the old one
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("uses a POSIX shell")
	}
	p := newPlane(t)
	ws := p.Workspace(t, "")
	ws.Copy("testdata/keys")
	ws.Setenv("CIVO_OBJECTSTORE_ENDPOINT", p.url)
	ws.Version(tfversion.Version1_8_0)
	created := apply(t, ws, "1")
	onClients(t, "created", p, func(r runner, c client) {
		// A file of this size is uploaded in parts.
		r.run(created["acme-backups"][c.function], "head -c 16777216 /dev/urandom > file\n"+c.transfer, true, "")
		r.run(created["media"][c.function], cmp.Or(c.refused, c.list), false, c.foreignStore)
	})
	rotated := apply(t, ws, "2")
	onClients(t, "rotated", p, func(r runner, c client) {
		r.run(created["acme-backups"][c.function], cmp.Or(c.refused, c.list), false, c.wrongSecret)
		r.run(rotated["acme-backups"][c.function], c.list, true, c.listed)
	})
}

// onClients runs a test with each client at the same time.
func onClients(t *testing.T, name string, p plane, test func(runner, client)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		for _, c := range clients {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if c.name == "aws" && p.isCeph { // Ceph's errors have no message, which the AWS CLI cannot print
					c.wrongSecret, c.foreignStore = "", ""
				}
				test(newRunner(t, c, p), c)
			})
		}
	})
}

// What a list of objects does not show prevents a destroy. The commands in the error list and delete it, and the next destroy succeeds.
func TestHiddenObjects_Advice(t *testing.T) {
	t.Parallel()
	p := onCeph(t) // the plane in memory has neither versions nor counts unfinished uploads
	r := newRunner(t, client{name: "aws", function: "s3_environment"}, p)
	owner := p.Scenario(t, acctest.Object{"objectstore_endpoint": p.url})
	owner.Apply(acctest.Object{"name": "hidden"})
	store := owner.Of("civo_objectstore")
	store.Apply(acctest.Object{"name": "hidden", "access_key_id": owner.Get("access_key_id")})
	environment := "export AWS_ACCESS_KEY_ID=" + owner.Get("access_key_id") + " AWS_SECRET_ACCESS_KEY=" + owner.Get("secret_access_key") +
		" AWS_DEFAULT_REGION=LON1 AWS_HOST=" + p.url + " AWS_ENDPOINT_URL_S3=" + p.url +
		" AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required"
	shell := func(command string) string { return r.run(environment, command, true, "") }
	id := strings.TrimSpace(shell("head -c 16777216 /dev/zero > part; aws s3api create-multipart-upload --bucket hidden --key unfinished --query UploadId --output text"))
	shell(`aws s3api upload-part --bucket hidden --key unfinished --part-number 1 --body part --upload-id ` + id + `
		aws s3api put-bucket-versioning --bucket hidden --versioning-configuration Status=Enabled
		aws s3api put-object --bucket hidden --key old --body part
		aws s3api delete-object --bucket hidden --key old`)
	waitForObjects(t, p, true)

	message := store.Refuse(nil, "Object store contains objects").String()
	commands := regexp.MustCompile(`(?m)^ *(aws s3api .*)$`).FindAllStringSubmatch(message, -1)
	if len(commands) != 4 {
		t.Fatalf("the message has %d commands: %s", len(commands), message)
	}
	for i, query := range []string{"Uploads[].[Key, UploadId]", "[Versions, DeleteMarkers][].[Key, VersionId]"} {
		listed := strings.TrimSpace(shell(commands[2*i][1] + " --output text --query '" + query + "'"))
		for line := range strings.Lines(listed) {
			item := strings.Fields(line)
			shell(strings.NewReplacer("KEY", item[0], "-id ID", "-id "+item[1]).Replace(commands[2*i+1][1]))
		}
	}
	waitForObjects(t, p, false)
	store.Apply(nil)
}

// waitForObjects waits until the usage that Civo reports for the only store contains objects, or none.
func waitForObjects(t *testing.T, p plane, want bool) {
	t.Helper()
	for until := time.Now().Add(5 * time.Minute); (p.Stores("")[0].ObjectCount > 0) != want; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the usage does not change")
		}
	}
}
