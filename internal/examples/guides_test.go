// Tests that run the commands of the guides as a reader does.

package examples_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-version"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/workspace"
)

// notRun contains the commands that the tests cannot run, with the reasons.
var notRun = map[string]string{
	"kubectl describe secret backups": "requires a cluster, and the provider hashicorp/kubernetes from a registry",

	"export AWS_ACCESS_KEY_ID=ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY=SECRET_ACCESS_KEY": "contains placeholders",

	"civo objectstore credential export --access-key=ACCESS_KEY_ID --format=env":   cliReason,
	"civo objectstore credential export --access-key=ACCESS_KEY_ID --format=s3cfg": cliReason,
}

const cliReason = "contains a placeholder; internal/civosim tests the requests of the Civo CLI"

// clients are the programs that the commands use and that may be missing.
var clients = []string{"aws", "s3cmd", "rclone", "restic"}

// command is a command in a guide. The lines after it are part of its output. If the first of them is an error, the command must fail.
type command struct {
	line   string
	output []string
}

func (c command) fails() bool { return len(c.output) > 0 && strings.HasPrefix(c.output[0], "Error: ") }

// step is a file that a guide shows, or a block of commands.
type step struct {
	file     string // path in the repository
	commands []command
}

var guideStep = regexp.MustCompile("(?s)\\{\\{ (?:tffile|codefile \"json\") \"([^\"]+)\" \\}\\}|\n```console\n(.*?)```\n")

// steps returns the files and commands in a guide, in their order.
func steps(t *testing.T, text string) []step {
	t.Helper()
	var found []step
	for _, match := range guideStep.FindAllStringSubmatch(text, -1) {
		s := step{file: match[1]}
		for line := range strings.Lines(match[2]) {
			line = strings.TrimSuffix(line, "\n")
			switch typed, ok := strings.CutPrefix(line, "$ "); {
			case ok:
				s.commands = append(s.commands, command{line: typed})
			case len(s.commands) == 0:
				t.Fatalf("a block starts with output: %q", line)
			default:
				last := &s.commands[len(s.commands)-1]
				last.output = append(last.output, line)
			}
		}
		found = append(found, s)
	}
	return found
}

// reader follows a guide. It saves the files and runs the commands in one shell.
type reader struct {
	*acctest.Workspace

	t       *testing.T
	guide   string
	dir     string // of the last file, relative to the workspace
	skipped string // reason why the commands in dir are skipped; empty if they run
	script  strings.Builder
	run     []command // the commands in the script
}

// save saves a file in the same directory as in examples/. If Terraform cannot apply it, save skips the commands in this directory.
func (r *reader) save(file string) {
	r.t.Helper()
	below := strings.TrimPrefix(file, "examples/guides/"+r.guide+"/")
	if dir := path.Dir(below); dir != r.dir {
		r.dir, r.skipped = dir, r.unsupported(path.Join("guides", r.guide, dir))
	}
	if err := os.MkdirAll(filepath.Join(r.Dir, r.dir), 0o700); err != nil {
		r.t.Fatal(err)
	}
	r.Write(filepath.FromSlash(below), read(r.t, file))
	fmt.Fprintf(&r.script, "cd '%s'\n", filepath.Join(r.Dir, r.dir))
}

// unsupported returns the reason why the tests cannot apply an example, or "".
func (r *reader) unsupported(dir string) string {
	r.t.Helper()
	e := one(r.t, dir)
	if others := e.others(); len(others) > 0 {
		return fmt.Sprintf("%q cannot be installed without a network", others)
	}
	least := versionLine.FindStringSubmatch(e.all())
	if least == nil {
		return ""
	}
	running := r.Version(version.Must(version.NewVersion("1.0"))).Core()
	if running.LessThan(version.Must(version.NewVersion(least[1]))) {
		return "requires Terraform " + least[1]
	}
	if e.has("backend ") && strings.Contains(r.backends(), "There is no backend type named") {
		return "this Terraform was built without the S3 backend; released ones have it"
	}
	return ""
}

// backends returns the output of `terraform init` for an incomplete S3 backend.
func (r *reader) backends() string {
	r.t.Helper()
	if err := os.MkdirAll(filepath.Join(r.Dir, "backends"), 0o700); err != nil {
		r.t.Fatal(err)
	}
	r.Write(filepath.Join("backends", "main.tf"), "terraform {\n  backend \"s3\" {}\n}\n")
	output, _ := r.Run("-chdir=backends", "init", "-input=false")
	return output
}

// add adds a block of commands to the script, unless the tests cannot run one of them.
func (r *reader) add(block []command) {
	r.t.Helper()
	block = slices.DeleteFunc(block, func(c command) bool { return notRun[c.line] != "" })
	for _, c := range block {
		if reason := r.reasonToSkip(c); reason != "" {
			r.t.Logf("skipped with `%s`: %s", c.line, reason)
			return
		}
	}
	for _, c := range block {
		fmt.Fprintf(&r.script, "echo '@@@ %d'\n%s\necho \"@@@ status $?\"\n", len(r.run), c.line)
		r.run = append(r.run, c)
	}
}

// reasonToSkip returns the reason why the tests cannot run a command, or "".
func (r *reader) reasonToSkip(c command) string {
	r.t.Helper()
	if r.skipped != "" {
		return r.skipped
	}
	return clientMissing(r.t, c.line)
}

// clientMissing returns the reason why a command cannot use its S3 client, or "".
func clientMissing(t *testing.T, line string) string {
	t.Helper()
	for _, client := range clients {
		if !slices.Contains(strings.Fields(line), client) {
			continue
		}
		if _, err := exec.LookPath(client); err != nil {
			return err.Error()
		}
		if client == "aws" && !strings.Contains(line, "--endpoint-url") && !readsEndpoint(t) {
			return "this AWS CLI does not read AWS_ENDPOINT_URL_S3"
		}
	}
	return ""
}

// readsEndpoint reports whether the installed AWS CLI reads AWS_ENDPOINT_URL_S3:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func readsEndpoint(t *testing.T) bool {
	t.Helper()
	printed, err := exec.CommandContext(t.Context(), "aws", "--version").CombinedOutput()
	found := regexp.MustCompile(`aws-cli/(\S+)`).FindStringSubmatch(string(printed))
	if err != nil || found == nil {
		t.Fatalf("aws --version: %v\n%s", err, printed)
	}
	installed := version.Must(version.NewVersion(found[1]))
	least := "1.29"
	if installed.Segments()[0] > 1 {
		least = "2.13"
	}
	return installed.GreaterThanOrEqual(version.Must(version.NewVersion(least)))
}

// outputs runs the script and returns the output and the exit status of each command. Requests to other hosts fail.
func (r *reader) outputs(w *acctest.Env, typed string) (outputs, statuses []string) {
	r.t.Helper()
	home, bin := r.t.TempDir(), r.t.TempDir()
	if err := os.Symlink(r.Terraform, filepath.Join(bin, "terraform")); err != nil {
		r.t.Fatal(err)
	}
	script := filepath.Join(home, "script")
	if err := os.WriteFile(script, []byte(r.script.String()), 0o600); err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(r.t.Context(), 15*time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", script) //nolint:gosec // the guide's commands
	shell.Dir, shell.Stdin = r.Dir, strings.NewReader(typed)
	shell.Env = append(slices.DeleteFunc(r.Command(ctx).Env, func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_") || strings.HasPrefix(variable, "RCLONE_") || strings.HasPrefix(variable, "RESTIC_")
	}), "HOME="+home, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"CIVO_OBJECTSTORE_ENDPOINT="+w.S3URL(), "HTTPS_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1",
		"TF_CLI_ARGS_apply=-auto-approve", "TF_CLI_ARGS_destroy=-auto-approve")
	printed, err := shell.CombinedOutput()
	if err != nil {
		r.t.Fatalf("the shell: %v\n%s", err, printed)
	}
	ran := regexp.MustCompile(`(?ms)^@@@ \d+\n(.*?)@@@ status (\d+)$`).FindAllStringSubmatch(string(printed), -1)
	if len(ran) != len(r.run) {
		r.t.Fatalf("%d of %d commands ran:\n%s", len(ran), len(r.run), printed)
	}
	for _, match := range ran {
		outputs, statuses = append(outputs, match[1]), append(statuses, match[2])
	}
	return outputs, statuses
}

// buildMirror builds a mirror once for all tests, so that `terraform init` installs the provider.
var buildMirror = sync.OnceValues(func() (dir string, err error) {
	if mirrorDir, err = os.MkdirTemp("", "terraform-provider-civo-mirror-"); err != nil {
		return "", err
	}
	return mirrorDir, workspace.BuildMirror(context.Background(), mirrorDir, acctest.Address(), "0.1.0")
})

// mirrorDir is the directory that buildMirror created; empty if it was not called. TestMain removes it.
var mirrorDir string

// mirror returns the directory of the mirror.
func mirror(t *testing.T) string {
	t.Helper()
	dir, err := buildMirror()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A reader who saves the files and copies the commands of a guide gets the output that the guide shows.
func TestGuides_Commands(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("needs a POSIX system with bash")
	}
	const token = "token-of-the-guides"
	for guide, typed := range map[string]string{
		"configure-a-bucket":        "",
		"from-nothing-to-a-bucket":  token + "\n",
		"keep-secrets-out-of-state": secret + "\n" + secret + "-2\n",
		"use-the-keys":              "",
	} {
		t.Run(guide, func(t *testing.T) {
			t.Parallel()
			options := delays
			options.Token, options.S3Addr = token, "127.0.0.1:0"
			if guide == "configure-a-bucket" { // the plane in memory supports few of the features
				_, options.Gateway = simtest.Ceph(t)
			}
			w := acctest.Simulated(t, options)
			r := &reader{Workspace: w.Workspace(t, ""), t: t, guide: guide, dir: "."}
			r.Version(version.Must(version.NewVersion("1.8")))
			if err := r.Mirror(mirror(t)); err != nil {
				t.Fatal(err)
			}
			for _, s := range steps(t, read(t, "templates/guides/"+guide+".md.tmpl")) {
				if s.file != "" {
					r.save(s.file)
				}
				r.add(s.commands)
			}
			r.check(r.outputs(w, typed))
		})
	}
}

// check compares the output and the exit status of each command with the guide.
func (r *reader) check(outputs, statuses []string) {
	r.t.Helper()
	for i, c := range r.run {
		r.t.Logf("$ %s\n%s", c.line, outputs[i])
		if (statuses[i] != "0") != c.fails() {
			r.t.Errorf("`%s` ends with %s:\n%s", c.line, statuses[i], outputs[i])
		}
		for _, line := range c.output {
			if !strings.Contains(outputs[i], line) {
				r.t.Errorf("`%s` does not print %q:\n%s", c.line, line, outputs[i])
			}
		}
	}
}

// Each command in notRun is in a guide.
func TestGuides_NotRun(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, guide := range []string{"keep-secrets-out-of-state", "use-the-keys"} {
		all.WriteString(read(t, "templates/guides/"+guide+".md.tmpl"))
	}
	for line := range notRun {
		if !strings.Contains(all.String(), "\n$ "+line+"\n") {
			t.Errorf("no guide contains `%s`", line)
		}
	}
}

// If the backend block contains the endpoint from the guide, the backend needs only the keys from the environment.
func TestGuides_BackendWithEndpoint(t *testing.T) {
	t.Parallel()
	const dir = "use-the-keys/backend"
	argument := regexp.MustCompile("`(endpoints = [^`]+)`").FindStringSubmatch(read(t, "templates/guides/use-the-keys.md.tmpl"))
	if argument == nil {
		t.Fatal("the guide does not contain the endpoint")
	}
	w := prepared(t)
	w.AddStore(civosim.Store{Name: "acme-backups", OwnerID: demo.ID})
	r := &reader{Workspace: w.Workspace(t, ""), t: t, guide: "use-the-keys"}
	if reason := r.unsupported("guides/" + dir); reason != "" {
		t.Skip(reason)
	}
	endpoint := strings.Replace(argument[1], "https://objectstore.lon1.civo.com", w.S3URL(), 1)
	r.Write("main.tf", strings.Replace(one(t, "guides/"+dir).files["main.tf"], "use_path_style", endpoint+"\n    use_path_style", 1))
	r.Setenv("AWS_ACCESS_KEY_ID", demo.AccessKeyID)
	r.Setenv("AWS_SECRET_ACCESS_KEY", demo.SecretAccessKey)
	r.MustRun("init")
	apply(r.Workspace)
	settled(t, r.Workspace)
	w.ChangeCredential(demo.ID, func(c *civosim.Credential) { c.Suspended = true })
	if output, code := r.Run("plan"); code == 0 || !strings.Contains(output, "UserSuspended") {
		t.Errorf("with a suspended credential, the plan ends with %d:\n%s", code, output)
	}
}
