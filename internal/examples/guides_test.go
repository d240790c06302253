// Tests that run the commands of the guides as a reader does.

package examples_test

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/ceph"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// notRun contains the commands that the tests cannot run, with the reasons.
var notRun = map[string]string{
	"kubectl describe secret backups":                                                "requires a cluster, and the provider hashicorp/kubernetes from a registry",
	"export AWS_ACCESS_KEY_ID=ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY=SECRET_ACCESS_KEY": "contains placeholders",
	// internal/civosim tests the requests of the Civo CLI
	"civo objectstore credential export --access-key=ACCESS_KEY_ID --format=env":   "contains a placeholder",
	"civo objectstore credential export --access-key=ACCESS_KEY_ID --format=s3cfg": "contains a placeholder",
}

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
	run     []command       // the commands in the script
	applied map[string]bool // whether the commands apply a directory, whose commands are not skipped
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
		if r.dir, r.skipped = dir, one(r.t, path.Join("guides", r.guide, dir)).unsupported(r.Workspace); r.skipped == "" {
			r.applied[dir] = false
		}
	}
	if err := os.MkdirAll(filepath.Join(r.Dir, r.dir), 0o700); err != nil {
		r.t.Fatal(err)
	}
	if content, ok := one(r.t, path.Join("guides", r.guide, dir)).files["versions.tf"]; ok {
		r.Write(filepath.Join(dir, "versions.tf"), content)
	}
	fmt.Fprintf(&r.script, "cd '%s'\n", filepath.Join(r.Dir, r.dir))
}

// add adds a block of commands to the script, unless the tests cannot run one of them.
func (r *reader) add(block []command) {
	r.t.Helper()
	block = slices.DeleteFunc(block, func(c command) bool { return notRun[c.line] != "" })
	for _, c := range block {
		if reason := cmp.Or(r.skipped, clientMissing(r.t, c.line)); reason != "" {
			r.t.Logf("skipped with `%s`: %s", c.line, reason)
			delete(r.applied, r.dir)
			return
		}
	}
	for _, c := range block {
		r.addCommand(c)
		if apply := applies.FindStringSubmatch(c.line); apply != nil && !c.fails() {
			r.addCommand(command{line: "terraform" + apply[1] + " plan -detailed-exitcode"}) // fails if there are changes
			if !r.applied[r.dir] {
				r.addCommand(command{line: "terraform" + apply[1] + " show"})
			}
			r.applied[r.dir] = true
		}
	}
}

var (
	// showsChanges matches the commands that print plans or the state. They hide secrets.
	showsChanges = regexp.MustCompile(`(?:^|&& )terraform( -chdir=\S+)? (?:apply|plan|destroy|show|test)\b`)
	anySecret    = regexp.MustCompile(`\b[A-Za-z0-9]{40}\b|` + secret)

	// applies matches a command that ends with an apply, which the next plan must not change again.
	applies = regexp.MustCompile(`(?:^|&& )terraform( -chdir=\S+)? apply(?: -var.*)?$`)
)

func (r *reader) addCommand(c command) {
	fmt.Fprintf(&r.script, "echo '@@@ %d'\n%s\necho \"@@@ status $?\"\n", len(r.run), c.line)
	r.run = append(r.run, c)
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
		if client == "aws" && !strings.Contains(line, "--endpoint-url") && !acctest.AWSReadsEndpoint(t) {
			return "this AWS CLI does not read AWS_ENDPOINT_URL_S3"
		}
	}
	return ""
}

// follow checks that the script applies each directory, and runs it. It compares the output and the exit status of each command with the
// guide. Requests to other hosts fail.
func (r *reader) follow(w *acctest.Env, typed string) {
	r.t.Helper()
	for dir, done := range r.applied {
		if !done {
			r.t.Fatalf("no command applies %s", dir)
		}
	}
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
	ran := regexp.MustCompile(`(?ms)^@@@ \d+\n(.*?)@@@ status (\d+)$`).FindAllStringSubmatch(string(printed), -1)
	if err != nil || len(ran) != len(r.run) {
		r.t.Fatalf("%d of %d commands ran: %v\n%s", len(ran), len(r.run), err, printed)
	}
	for i, c := range r.run {
		output, status := ran[i][1], ran[i][2]
		r.t.Logf("%s\n%s", c.line, output)
		if (status != "0") != c.fails() {
			r.t.Errorf("`%s` ends with %s:\n%s", c.line, status, output)
		}
		if found := anySecret.FindString(output); found != "" && showsChanges.MatchString(c.line) {
			r.t.Errorf("`%s` prints the secret %s", c.line, found)
		}
		for _, line := range c.output {
			if !strings.Contains(output, line) {
				r.t.Errorf("`%s` does not print %q:\n%s", c.line, line, output)
			}
		}
	}
}

// walk is a guide, or a section of it, that a reader follows from the beginning to the end.
type walk struct {
	guide, section string
	client         string                                             // that the guide requires; may be empty
	typed          string                                             // what the commands read
	prepare        func(*testing.T, *acctest.Env, *reader)            // what exists before; may be nil
	after          func(*testing.T, *acctest.Env, *acctest.Workspace) // checks what the guide does not show; may be nil
}

const guideToken = "token-of-the-guides"

var walks = []walk{
	{guide: "configure-a-bucket", client: "aws"},
	{guide: "from-nothing-to-a-bucket", client: "aws", typed: guideToken + "\n"},
	{guide: "keep-secrets-out-of-state", typed: secret + "\n" + secret + "-2\n", after: checkNotInStates},
	{guide: "move-from-civo-civo", section: "## Move a credential and an object store", prepare: prepareMove, after: checkOnlyReads},
	{guide: "move-from-civo-civo", section: "### Terraform before 1.8", prepare: func(t *testing.T, w *acctest.Env, r *reader) {
		t.Helper()
		prepareMove(t, w, r)
		r.Write("move/main.tf", regexp.MustCompile(`(?s)moved \{.*?\n\}\n`).ReplaceAllString(one(t, moveGuide+"move").files["main.tf"], ""))
	}, after: checkOnlyReads},
	{guide: "recover-from-an-interrupted-run", prepare: func(_ *testing.T, w *acctest.Env, r *reader) {
		w.AddCredential(demo)
		r.enter("import")
		r.MustRun("-chdir=import", "init")
	}, after: func(t *testing.T, w *acctest.Env, ws *acctest.Workspace) {
		t.Helper()
		ws.Setenv("TF_VAR_managed", `["`+demo.ID+`","`+named(t, w, "reports").ID+`"]`)
		if output := ws.MustRun("-chdir=find", "apply", "-auto-approve"); !strings.Contains(output, "not_in_state = {}") {
			t.Errorf("after the import, the configuration that finds credentials prints\n%s", output)
		}
	}},
	{guide: "rotate-a-secret", after: checkRotations},
	{guide: "use-the-keys"},
}

// steps returns the steps of a walk.
func (w walk) steps(t *testing.T) []step {
	t.Helper()
	return steps(t, section(t, read(t, "templates/guides/"+w.guide+".md.tmpl"), w.section))
}

// skipped returns the reason why the walk is skipped, or "".
func (w walk) skipped(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		return "needs a POSIX system with bash"
	}
	if err := ceph.Check(); err != nil && w.guide == "configure-a-bucket" { // the plane in memory supports few of the features
		return err.Error()
	}
	return clientMissing(t, w.client)
}

// isWalked reports whether a walk applies the example.
func (e example) isWalked(t *testing.T) bool {
	t.Helper()
	return slices.ContainsFunc(walks, func(w walk) bool {
		return w.skipped(t) == "" && slices.ContainsFunc(w.steps(t), func(s step) bool { return path.Dir(s.file) == "examples/"+e.dir })
	})
}

// prepareMove writes the state of the official provider with a credential and its store.
func prepareMove(t *testing.T, w *acctest.Env, r *reader) {
	t.Helper()
	r.enter("move")
	useOfficial(t, w, r.Workspace, "move", "move")
}

// isApplied reports whether a directory has a state. It has none if the directory requires a newer Terraform.
func isApplied(ws *acctest.Workspace, dir string) bool {
	_, err := os.Stat(filepath.Join(ws.Dir, dir, "terraform.tfstate"))
	return err == nil
}

// checkNotInStates verifies that the states and their backups do not contain the secrets, and that the configurations of the clients
// contain the last ones.
func checkNotInStates(t *testing.T, w *acctest.Env, ws *acctest.Workspace) {
	t.Helper()
	for config, name := range map[string]string{"generated/s3cfg": "backups", "given/rclone.conf": "media"} {
		dir := path.Dir(config)
		if !isApplied(ws, dir) {
			continue
		}
		made := named(t, w, name)
		if text := ws.Read(config); !strings.Contains(text, " = "+made.SecretAccessKey+"\n") {
			t.Errorf("%s does not contain the secret:\n%s", config, text)
		}
		if dir == "given" && made.SecretAccessKey != secret+"-2" {
			t.Errorf("Civo has %q", made.SecretAccessKey)
		}
		for _, file := range []string{"terraform.tfstate", "terraform.tfstate.backup"} {
			state := ws.Read(path.Join(dir, file))
			if !strings.Contains(state, made.ID) || strings.Contains(state, secret) || strings.Contains(state, made.SecretAccessKey) {
				t.Errorf("%s/%s is without the credential or with its secret", dir, file)
			}
		}
	}
}

// checkRotations verifies that the second apply rotated the secret in place, and passed it to the consumer.
func checkRotations(t *testing.T, w *acctest.Env, ws *acctest.Workspace) {
	t.Helper()
	for dir, name := range map[string]string{"in-place": "backups", "on-demand": "reports"} {
		if !isApplied(ws, dir) {
			continue
		}
		made := named(t, w, name)
		before, after := ws.Read(path.Join(dir, "terraform.tfstate.backup")), ws.Read(path.Join(dir, "terraform.tfstate"))
		if !strings.Contains(before, made.ID) || !strings.Contains(before, made.AccessKeyID) || strings.Contains(before, made.SecretAccessKey) {
			t.Errorf("%s: the state before the rotation is of another credential, or contains the new secret", dir)
		}
		if count := strings.Count(after, made.SecretAccessKey); count != 2 { // of the credential and of the consumer
			t.Errorf("%s: the state contains the new secret %d times", dir, count)
		}
	}
	if slices.ContainsFunc(w.Requests(), func(request civosim.Request) bool { return request.Method == http.MethodDelete }) {
		t.Error("a rotation deletes something")
	}
}

// A reader who saves the files and copies the commands of a guide gets the output that the guide shows. After each apply, the next plan
// contains no changes.
func TestGuides_Commands(t *testing.T) {
	t.Parallel()
	for _, walk := range walks {
		t.Run(path.Join(walk.guide, strings.TrimLeft(walk.section, "# ")), func(t *testing.T) {
			t.Parallel()
			if reason := walk.skipped(t); reason != "" {
				t.Skip(reason)
			}
			options := delays
			options.Token, options.S3Addr = guideToken, "127.0.0.1:0"
			if walk.guide == "configure-a-bucket" {
				_, options.Gateway = simtest.Ceph(t)
			}
			w := acctest.Simulated(t, options)
			r := &reader{Workspace: w.Workspace(t, ""), t: t, guide: walk.guide, dir: ".", applied: map[string]bool{}}
			r.Version(tfversion.Version1_8_0)
			r.Install(map[string]string{acctest.Address(): "0.1.0", official(): "1.1.0"}) // the official one takes no part in a move
			if walk.prepare != nil {
				walk.prepare(t, w, r)
			}
			for _, s := range walk.steps(t) {
				if s.file != "" {
					r.save(s.file)
				}
				r.add(s.commands)
			}
			r.follow(w, walk.typed)
			if walk.after != nil {
				walk.after(t, w, r.Workspace)
			}
		})
	}
}

var included = regexp.MustCompile(`\{\{ tffile "([^"]+)" \}\}`)

// untestedBlocks returns the number of blocks of commands in a guide that no walk runs.
func untestedBlocks(t *testing.T, guide, text string) int {
	t.Helper()
	blocks := strings.Count(text, "\n```shell\n")
	for _, walk := range walks {
		if path.Base(guide) == walk.guide+".md.tmpl" {
			blocks -= strings.Count(section(t, text, walk.section), "\n```shell\n")
		}
	}
	return blocks
}

// Each configuration in a guide is a file, and each file of a guide is shown in it. TestGuides_Commands runs all blocks of commands in
// all guides but one, whose commands TestPages_MockProvider runs. Each command in notRun is in a guide.
func TestGuides_Complete(t *testing.T) {
	t.Parallel()
	guides, _ := fs.Glob(repository, "templates/guides/*")
	if len(guides) != 9 {
		t.Fatalf("the guides are %q", guides)
	}
	all, shown := "", map[string]bool{}
	for _, guide := range guides {
		text := read(t, guide)
		all += text
		for _, file := range included.FindAllStringSubmatch(text, -1) {
			shown[file[1]] = true
		}
		if blocks := untestedBlocks(t, guide, text); blocks != 0 && guide != "templates/"+mockGuide+".md.tmpl" { // TestPages_MockProvider runs its commands
			t.Errorf("%s contains %d blocks of commands that are not tested", guide, blocks)
		}
	}
	if regexp.MustCompile("(?m)^```(terraform|hcl|tf)$").MatchString(all) {
		t.Error("a guide contains a block that is not a file")
	}
	for _, e := range examples(t) {
		for name := range e.files {
			file := path.Join("examples", e.dir, name)
			if strings.HasPrefix(e.dir, "guides/") && name != "versions.tf" && !shown[file] {
				t.Errorf("%s is shown in no guide", file)
			}
			delete(shown, file)
		}
	}
	if len(shown) > 0 {
		t.Errorf("these files are shown but not tested: %v", shown)
	}
	for line := range notRun {
		if !strings.Contains(all, "\n"+line+"\n") {
			t.Errorf("no guide contains `%s`", line)
		}
	}
}
