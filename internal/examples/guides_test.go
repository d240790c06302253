// Tests that run the commands of the guides as a reader does.

package examples_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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
var clients = []string{"aws", "civo", "jq", "rclone", "restic", "s3cmd"}

// command is a command in a guide, with the lines of its output that the guide shows. If the first of them is an error, the command must
// fail.
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

var guideStep = regexp.MustCompile("(?s)\n\\{\\{ (?:tffile|codefile \"json\") \"([^\"]+)\" \\}\\}|\n```(shell|text)\n(.*?)\n```")

// steps returns the files and commands in a text, in their order. A block of text is the output of the command before it.
func steps(t *testing.T, text string) []step {
	t.Helper()
	var found []step
	for _, match := range guideStep.FindAllStringSubmatch(text, -1) {
		switch lines := strings.Split(match[3], "\n"); match[2] {
		case "shell":
			found = append(found, step{commands: commands(lines)})
		case "text":
			if len(found) == 0 || found[len(found)-1].file != "" {
				t.Fatalf("no command before the output %q", lines)
			}
			block := found[len(found)-1].commands
			block[len(block)-1].output = lines
		default:
			found = append(found, step{file: match[1]})
		}
	}
	return found
}

// commands returns the commands in the lines of a block. An indented line continues the command before it.
func commands(lines []string) []command {
	var found []command
	for _, line := range lines {
		if strings.HasPrefix(line, " ") {
			found[len(found)-1].line += "\n" + line
		} else {
			found = append(found, command{line: line})
		}
	}
	return found
}

// section returns the part of a text from a heading to the next heading, or the whole text without a heading.
func section(t *testing.T, text, heading string) string {
	t.Helper()
	if heading == "" {
		return text
	}
	_, after, found := strings.Cut(text, "\n"+heading+"\n")
	if !found {
		t.Fatalf("no heading %q", heading)
	}
	before, _, _ := strings.Cut(after, "\n#")
	return before
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
	r.enter(path.Dir(below))
	r.Write(filepath.FromSlash(below), read(r.t, file))
}

// enter creates a directory with the same name as in examples/, and changes to it. If the directory in examples/ contains a file
// versions.tf, which no guide shows, enter copies it.
func (r *reader) enter(dir string) {
	r.t.Helper()
	if dir != r.dir {
		r.dir, r.skipped = dir, r.unsupported(path.Join("guides", r.guide, dir))
	}
	if err := os.MkdirAll(filepath.Join(r.Dir, r.dir), 0o700); err != nil {
		r.t.Fatal(err)
	}
	if content, ok := one(r.t, path.Join("guides", r.guide, dir)).files["versions.tf"]; ok {
		r.Write(filepath.Join(dir, "versions.tf"), content)
	}
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
		r.addCommand(c)
		if apply := applies.FindStringSubmatch(c.line); apply != nil && !c.fails() {
			r.addCommand(command{line: "terraform" + apply[1] + " plan -detailed-exitcode"}) // fails if there are changes
			r.addCommand(command{line: "terraform" + apply[1] + " show"})
		}
	}
}

var (
	// showsChanges matches the commands that print plans or the state. They hide secrets.
	showsChanges = regexp.MustCompile(`(?:^|&& )terraform( -chdir=\S+)? (?:apply|plan|destroy|show|test)\b`)
	anySecret    = regexp.MustCompile(`\b[A-Za-z0-9]{40}\b|` + secret)
)

// applies matches a command that ends with an apply, which the next plan must not change again.
var applies = regexp.MustCompile(`(?:^|&& )terraform( -chdir=\S+)? apply(?: -var.*)?$`)

func (r *reader) addCommand(c command) {
	fmt.Fprintf(&r.script, "echo '@@@ %d'\n%s\necho \"@@@ status $?\"\n", len(r.run), c.line)
	r.run = append(r.run, c)
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
	return mirrorDir, errors.Join(
		workspace.BuildMirror(context.Background(), mirrorDir, acctest.Address(), "0.1.0"),
		workspace.BuildMirror(context.Background(), mirrorDir, official(), "1.1.0"), // takes no part in a move
	)
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

// walk is a guide, or a section of it, that a reader follows from the beginning to the end.
type walk struct {
	guide, section string
	typed          string                                  // what the commands read
	prepare        func(*testing.T, *acctest.Env, *reader) // what exists before; may be nil
}

const guideToken = "token-of-the-guides"

var walks = []walk{
	{guide: "configure-a-bucket"},
	{guide: "from-nothing-to-a-bucket", typed: guideToken + "\n"},
	{guide: "keep-secrets-out-of-state", typed: secret + "\n" + secret + "-2\n"},
	{guide: "move-from-civo-civo", section: "## Move a credential and an object store", prepare: prepareMove},
	{guide: "move-from-civo-civo", section: "### Terraform before 1.8", prepare: func(t *testing.T, w *acctest.Env, r *reader) {
		t.Helper()
		prepareMove(t, w, r)
		r.Write("move/main.tf", regexp.MustCompile(`(?s)moved \{.*?\n\}\n`).ReplaceAllString(one(t, "guides/move-from-civo-civo/move").files["main.tf"], ""))
	}},
	{guide: "recover-from-an-interrupted-run", prepare: func(_ *testing.T, w *acctest.Env, r *reader) {
		w.AddCredential(demo)
		r.enter("import")
		r.MustRun("-chdir=import", "init")
	}},
	{guide: "rotate-a-secret"},
	{guide: "use-the-keys"},
}

// prepareMove writes the state of the official provider with a credential and its store.
func prepareMove(t *testing.T, w *acctest.Env, r *reader) {
	t.Helper()
	credential := w.AddCredential(civosim.Credential{Name: "backups", Region: "LON1"})
	store := w.AddStore(civosim.Store{Name: "acme-backups", OwnerID: credential.ID, MaxSizeGB: 1000})
	r.enter("move")
	r.Write("move/terraform.tfstate", officialState(t,
		officialCredentials("backups", map[string]any{"backups": nil}, map[string]civosim.Credential{"backups": credential}),
		officialStore("backups", store, credential.AccessKeyID)))
}

// A reader who saves the files and copies the commands of a guide gets the output that the guide shows. After each apply, the next plan
// contains no changes.
func TestGuides_Commands(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("needs a POSIX system with bash")
	}
	for _, walk := range walks {
		t.Run(path.Join(walk.guide, strings.TrimLeft(walk.section, "# ")), func(t *testing.T) {
			t.Parallel()
			options := delays
			options.Token, options.S3Addr = guideToken, "127.0.0.1:0"
			if walk.guide == "configure-a-bucket" { // the plane in memory supports few of the features
				_, options.Gateway = simtest.Ceph(t)
			}
			w := acctest.Simulated(t, options)
			r := &reader{Workspace: w.Workspace(t, ""), t: t, guide: walk.guide, dir: "."}
			r.Version(version.Must(version.NewVersion("1.8")))
			if err := r.Mirror(mirror(t)); err != nil {
				t.Fatal(err)
			}
			if walk.prepare != nil {
				walk.prepare(t, w, r)
			}
			for _, s := range steps(t, section(t, guideText(t, walk.guide), walk.section)) {
				if s.file != "" {
					r.save(s.file)
				}
				r.add(s.commands)
			}
			r.check(r.outputs(w, walk.typed))
		})
	}
}

func guideText(t *testing.T, guide string) string {
	t.Helper()
	return read(t, "templates/guides/"+guide+".md.tmpl")
}

// TestGuides_Commands runs all blocks of commands in all guides, and each command in notRun is in a guide.
func TestGuides_AllCommands(t *testing.T) {
	t.Parallel()
	guides, err := fs.Glob(repository, "templates/guides/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, guide := range guides {
		blocks := strings.Count(read(t, guide), "\n```shell\n")
		for _, walk := range walks {
			if path.Base(guide) == walk.guide+".md.tmpl" {
				blocks -= strings.Count(section(t, guideText(t, walk.guide), walk.section), "\n```shell\n")
			}
		}
		if blocks != 0 && guide != "templates/"+mockGuide+".md.tmpl" { // TestPages_MockProvider runs its commands
			t.Errorf("%s contains %d blocks of commands that are not tested", guide, blocks)
		}
	}
	for line := range notRun {
		if !slices.ContainsFunc(guides, func(guide string) bool { return strings.Contains(read(t, guide), "\n"+line+"\n") }) {
			t.Errorf("no guide contains `%s`", line)
		}
	}
}

// check compares the output and the exit status of each command with the guide.
func (r *reader) check(outputs, statuses []string) {
	r.t.Helper()
	for i, c := range r.run {
		r.t.Logf("%s\n%s", c.line, outputs[i])
		if (statuses[i] != "0") != c.fails() {
			r.t.Errorf("`%s` ends with %s:\n%s", c.line, statuses[i], outputs[i])
		}
		if found := anySecret.FindString(outputs[i]); found != "" && showsChanges.MatchString(c.line) {
			r.t.Errorf("`%s` prints the secret %s", c.line, found)
		}
		for _, line := range c.output {
			if !strings.Contains(outputs[i], line) {
				r.t.Errorf("`%s` does not print %q:\n%s", c.line, line, outputs[i])
			}
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
