// Package examples_test applies every directory of examples/ that has a configuration, so that the examples keep working.
package examples_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func TestMain(m *testing.M) { os.Exit(acctest.Tests{M: m}.Run()) }

// repository is where examples/, templates/ and docs/ are.
var repository = os.DirFS(filepath.Join("..", ".."))

// demo contains the objects that the examples expect to exist at Civo.
var demo = civosim.Credential{ //nolint:gosec // made up
	ID: "00000000-0000-4000-8000-000000000001", Name: "demo-credential", Region: "LON1",
	AccessKeyID: "DEMOACCESSKEY0000001", SecretAccessKey: "not-a-real-secret-of-the-demo-credential",
}

// demoStore is the object store that the examples about object stores expect to exist at Civo. Civo created its owner.
var demoStore = civosim.Store{ID: "00000000-0000-4000-8000-000000000002", Name: "demo-store", Region: "LON1", MaxSizeGB: 1000, ObjectCount: 3, UsedKB: 2_500_000}

// secret is the value of the variable secret_access_key.
const secret = "not-a-real-secret-of-the-examples" //nolint:gosec // made up

// official returns the address of the official provider, which contains another host for OpenTofu.
func official() string {
	host, _, _ := strings.Cut(acctest.Address(), "/")
	return host + "/civo/civo"
}

// example is a directory with a configuration.
type example struct {
	dir   string            // below examples/, with slashes
	files map[string]string // by name: configurations, queries, and tests
}

// all returns the whole configuration in the directory.
func (e example) all() string { return strings.Join(slices.Collect(maps.Values(e.files)), "\n") }

var (
	sourceLine  = regexp.MustCompile(`(?m)^\s+source\s*=\s*"([^"]+)"`)
	versionLine = regexp.MustCompile(`(?m)^\s+required_version\s*=\s*">= ([0-9.]+)"`)
)

// others returns the other providers in the configuration, which cannot be installed without a network.
func (e example) others() []string {
	var found []string
	for _, source := range sourceLine.FindAllStringSubmatch(e.all(), -1) {
		if source[1] != "seed-0e51fd2b/civo" {
			found = append(found, source[1])
		}
	}
	return found
}

// examples returns the directories with a configuration, so that a new one is tested automatically.
func examples(t *testing.T) map[string]example {
	t.Helper()
	found := map[string]example{}
	isConfig := regexp.MustCompile(`\.(tf|tfquery\.hcl|tftest\.hcl)$`)
	err := fs.WalkDir(repository, "examples", func(file string, _ fs.DirEntry, err error) error {
		if err == nil && isConfig.MatchString(file) {
			dir, name := path.Split(strings.TrimPrefix(file, "examples/"))
			dir = path.Clean(dir)
			if found[dir].files == nil {
				found[dir] = example{dir, map[string]string{}}
			}
			found[dir].files[name] = read(t, file)
		}
		return err
	})
	if err != nil || len(found) < 15 {
		t.Fatalf("only %d examples are found: %v", len(found), err)
	}
	return found
}

// read returns the content of a file in the repository.
func read(t *testing.T, file string) string {
	t.Helper()
	data, err := fs.ReadFile(repository, file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// one returns an example by its directory.
func one(t *testing.T, dir string) example {
	t.Helper()
	e, ok := examples(t)[dir]
	if !ok {
		t.Fatalf("there is no example in %s", dir)
	}
	return e
}

// unsupported returns the reason why the tests cannot apply the example, or "".
func (e example) unsupported(ws *acctest.Workspace) string {
	if others := e.others(); len(others) > 0 {
		return fmt.Sprintf("%q cannot be installed without a network", others)
	}
	least := versionLine.FindStringSubmatch(e.all())
	if len(least) > 0 && !ws.IsAtLeast(version.Must(version.NewVersion(least[1]))) {
		return "requires Terraform " + least[1]
	}
	if strings.Contains(e.all(), `backend "s3"`) {
		ws.Write("main.tf", "terraform {\n  backend \"s3\" {}\n}\n") // the commands of the guide use directories below
		if output, _ := ws.Run("init", "-input=false"); strings.Contains(output, "There is no backend type named") {
			return "this Terraform was built without the S3 backend; released ones have it"
		}
	}
	return ""
}

// workspace copies the example into a workspace.
func (e example) workspace(t *testing.T, w *acctest.Env) *acctest.Workspace {
	t.Helper()
	if strings.Contains(e.all(), `provisioner "local-exec"`) && runtime.GOOS == "windows" {
		t.Skip("runs a command of a POSIX shell")
	}
	ws := w.Workspace(t, "")
	ws.Copy("../../examples/" + e.dir)
	ws.Setenv("TF_VAR_secret_access_key", secret)
	ws.Setenv("TF_VAR_name", "example")
	return ws
}

// delays are the delays of a Civo in which nothing happens at once: reads find new objects late, and keys appear later than their objects.
var delays = civosim.Options{
	ListedAfter: 100 * time.Millisecond, ReadableAfter: 100 * time.Millisecond, StoreReadyAfter: 200 * time.Millisecond,
	ReadyAfter: 400 * time.Millisecond, StoreGoneAfter: 200 * time.Millisecond, CredentialGoneAfter: 200 * time.Millisecond,
}

// prepared returns a Civo with the objects that the example expects.
func (e example) prepared(t *testing.T) *acctest.Env {
	t.Helper()
	w := acctest.Simulated(t, delays)
	w.AddCredential(demo)
	if dir := e.dir + "/"; strings.Contains(dir, "/civo_objectstore/") || strings.Contains(dir, "/civo_objectstores/") {
		w.AddStore(demoStore)
	}
	return w
}

// apply applies a configuration. The next plan must be empty.
func apply(ws *acctest.Workspace) {
	ws.MustRun("apply", "-auto-approve")
	ws.MustRun("plan", "-detailed-exitcode")
}

// Each example is applied once, here or by a test that runs the commands of its page. The next plan is empty.
func TestExamples_Apply(t *testing.T) {
	t.Parallel()
	for _, e := range examples(t) {
		t.Run(e.dir, func(t *testing.T) {
			t.Parallel()
			for part, test := range map[string]string{
				"/tests/": "TestSimulator_ReadmeWorkflow", mockGuide: "TestPages_MockProvider", moveGuide + "move": "TestGuides_Commands",
				"use-the-keys/backend": "TestGuides_Commands and internal/clients",
			} {
				if strings.Contains(e.dir+"/", part) {
					t.Skip("is applied by " + test)
				}
			}
			w := e.prepared(t)
			ws := e.workspace(t, w)
			if reason := e.unsupported(ws); reason != "" {
				t.Skip(reason)
			}
			if ws.IsAtLeast(tfversion.Version1_8_0) && e.isWalked(t) {
				t.Skip("is applied by TestGuides_Commands")
			}
			if name, isMove := strings.CutPrefix(e.dir, moveGuide); isMove {
				useOfficial(t, w, ws, name, ".")
				ws.Serve(acctest.Address(), official()) // the built provider replaces the official one, which takes no part in the move
			}
			apply(ws)
			if got, _ := w.Credential(demo.ID); got.SecretAccessKey != demo.SecretAccessKey || got.AccessKeyID != demo.AccessKeyID {
				t.Errorf("the credential that was there before has changed: %+v", got)
			}
			if then := afterApply[e.dir]; then != nil {
				then(t, w, ws)
			}
		})
	}
}

// afterApply contains what else the tests do with an example.
var afterApply = map[string]func(*testing.T, *acctest.Env, *acctest.Workspace){
	moveGuide + "count":    checkOnlyReads,
	moveGuide + "for_each": checkOnlyReads,

	"actions/civo_objectstore_credential_rotate": rotateByAction,
	"functions/rclone_config":                    samples("functions/rclone_config", 1, "output", "-raw", "rclone_config"),
	"functions/s3_environment":                   samples("functions/s3_environment", 1, "output", "-raw", "environment"),
	"functions/s3cfg":                            samples("functions/s3cfg", 1, "output", "-raw", "s3cfg"),
	"list-resources/civo_objectstore":            samples("list-resources/objectstore", 2, "query", "-generate-config-out=generated.tf"),
	"list-resources/civo_objectstore_credential": samples("list-resources/objectstore_credential", 2, "query", "-generate-config-out=generated.tf"),
	"resources/civo_objectstore_credential/write_only": func(t *testing.T, w *acctest.Env, ws *acctest.Workspace) {
		t.Helper()
		if got := named(t, w, "media").SecretAccessKey; got != secret || strings.Contains(ws.Read("terraform.tfstate"), secret) {
			t.Errorf("Civo has %q, or the state contains the secret", got)
		}
	},
}

// Each command in an example of an import imports the resource. The next plan is empty.
func TestExamples_ImportCommands(t *testing.T) {
	t.Parallel()
	for resource, row := range map[string]struct {
		config   acctest.Object
		commands int
	}{
		"civo_objectstore_credential": {acctest.Object{"name": "demo-credential"}, 6},
		"civo_objectstore":            {acctest.Object{"name": "demo-store", "max_size_gb": 1000}, 4},
	} {
		e := one(t, "resources/"+resource)
		script := read(t, "examples/"+e.dir+"/import.sh")
		commands := regexp.MustCompile(`(?m)^terraform import `+resource+`\.imported (.*)$`).FindAllStringSubmatch(script, -1)
		if len(commands) != row.commands {
			t.Fatalf("%d commands are for %s, not %d", len(commands), resource, row.commands)
		}
		for _, command := range commands {
			s := e.prepared(t).Scenario(t).Of(resource)
			s.Import(command[1])
			s.Unchanged(row.config)
		}
	}
}

// named returns the one credential with that name.
func named(t *testing.T, w *acctest.Env, name string) civosim.Credential {
	t.Helper()
	for _, c := range w.Credentials("") {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no credential %q", name)
	return civosim.Credential{}
}

// The action changes nothing in the state. The example invokes it by name from the command line, and by a change of another resource.
func rotateByAction(t *testing.T, w *acctest.Env, ws *acctest.Workspace) {
	t.Helper()
	before := named(t, w, "backups")
	r := &reader{Workspace: ws, t: t, applied: map[string]bool{}}
	for _, s := range steps(t, section(t, read(t, "templates/actions/objectstore_credential_rotate.md.tmpl"), "### After a change to a resource")) {
		r.add(s.commands)
	}
	r.follow(w, "")
	rotated := named(t, w, "backups")
	if state := ws.Read("terraform.tfstate"); rotated.SecretAccessKey == before.SecretAccessKey || rotated.ID != before.ID ||
		!strings.Contains(state, rotated.SecretAccessKey) || strings.Contains(state, before.SecretAccessKey) {
		t.Error("the incident does not rotate the secret in place, or the state contains the old secret")
	}
	samples("actions/objectstore_credential_rotate", 1,
		"apply", "-auto-approve", "-invoke=action.civo_objectstore_credential_rotate.backups")(t, w, ws)
	if named(t, w, "backups").SecretAccessKey == rotated.SecretAccessKey || !strings.Contains(ws.Read("terraform.tfstate"), rotated.SecretAccessKey) {
		t.Error("the action does not rotate the secret, or changes the state")
	}
	ws.MustRun("apply", "-auto-approve", "-invoke=action.civo_objectstore_credential_rotate.demo")
	if named(t, w, demo.Name).SecretAccessKey == demo.SecretAccessKey {
		t.Error("the action does not rotate the secret of the credential with the name")
	}
}

const moveGuide = "guides/move-from-civo-civo/"

// useOfficial writes a state of the official provider into a directory of the workspace, and creates the objects in the state at Civo.
func useOfficial(t *testing.T, w *acctest.Env, ws *acctest.Workspace, name, dir string) {
	t.Helper()
	text := strings.ReplaceAll(read(t, "internal/examples/testdata/official/"+name+".json"), "registry.terraform.io/civo/civo", official())
	var state struct {
		Resources []struct {
			Instances []instance `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal([]byte(text), &state); err != nil {
		t.Fatal(err)
	}
	owner := ""
	for _, resource := range state.Resources {
		for _, i := range resource.Instances {
			if size := i.Attributes.Size; size > 0 {
				w.AddStore(civosim.Store{ID: i.Attributes.ID, Name: i.Attributes.Name, Region: "LON1", OwnerID: owner, MaxSizeGB: size})
				continue
			}
			owner = i.Attributes.ID // of a store that follows
			w.AddCredential(civosim.Credential{
				ID: owner, Name: i.Attributes.Name, Region: "LON1", AccessKeyID: i.Attributes.Key, SecretAccessKey: i.Attributes.Secret,
			})
		}
	}
	ws.Write(filepath.Join(dir, "terraform.tfstate"), text)
}

// instance is an instance of a resource in a state of the official provider.
type instance struct {
	Attributes struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Key    string `json:"access_key_id"`
		Secret string `json:"secret_access_key"`
		Size   int    `json:"max_size_gb"` // of a store
	} `json:"attributes"`
}

// checkOnlyReads verifies that a move changes nothing at Civo.
func checkOnlyReads(t *testing.T, w *acctest.Env, _ *acctest.Workspace) {
	t.Helper()
	w.OnlyReads(t)
}

var (
	shellBlock     = regexp.MustCompile("(?s)\n *```(?:console|shell|sh|bash)\n(.*?)\n *```")
	prompt         = regexp.MustCompile(`(?m)^ *\$ `)
	providerSource = regexp.MustCompile(`(?m)^ +source += "[a-z0-9-]+/[a-z0-9-]+"\n( +version )?`)
)

// Blocks of commands can be copied, because they contain no prompts. Each provider that a configuration requires has a version.
func TestDocs_Blocks(t *testing.T) {
	t.Parallel()
	var blocks, sources int
	err := fs.WalkDir(repository, ".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !slices.Contains([]string{".md", ".tmpl", ".tf", ".hcl"}, path.Ext(file)) {
			return err
		}
		text := read(t, file)
		for _, block := range shellBlock.FindAllStringSubmatch(text, -1) {
			blocks++
			if prompt.MatchString(block[1]) {
				t.Errorf("%s: a command has a prompt:\n%s", file, block[1])
			}
		}
		for _, source := range providerSource.FindAllStringSubmatch(text, -1) {
			sources++
			if source[1] == "" {
				t.Errorf("%s: a provider has no version:\n%s", file, source[0])
			}
		}
		return nil
	})
	if err != nil || blocks < 50 || sources < 40 {
		t.Errorf("%d blocks of commands and %d providers are found: %v", blocks, sources, err)
	}
}

// These pages are written by hand, because only Terraform 1.14 and later provide the schemas to the generator.
func TestDocs_SchemasOfNewerTerraform(t *testing.T) {
	t.Parallel()
	server, err := acctest.Simulated(t, civosim.Options{}).Providers()["civo"]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for file, schema := range map[string]*tfprotov6.Schema{
		"docs/list-resources/objectstore_credential.md": schemas.ListResourceSchemas["civo_objectstore_credential"],
		"docs/list-resources/objectstore.md":            schemas.ListResourceSchemas["civo_objectstore"],
		"docs/actions/objectstore_credential_rotate.md": schemas.ActionSchemas["civo_objectstore_credential_rotate"].Schema,
	} {
		page := read(t, file)
		if !strings.Contains(page, "\n"+schema.Block.Description+"\n") {
			t.Errorf("%s does not say %q", file, schema.Block.Description)
		}
		listed := regexp.MustCompile("(?m)^- `[a-z_]+` \\(String.*\n").FindAllString(page, -1)
		if got, want := strings.Join(listed, ""), listAttributes(schema.Block); got != want {
			t.Errorf("%s lists\n%s\nnot\n%s", file, got, want)
		}
	}
}

// listAttributes lists the attributes of a block, all of which are strings, and then those of its blocks, as the generator does.
func listAttributes(block *tfprotov6.SchemaBlock) (list string) {
	for _, attribute := range block.Attributes {
		list += "- `" + attribute.Name + "` (String) " + attribute.Description + "\n"
	}
	for _, nested := range block.BlockTypes {
		list += listAttributes(nested.Block)
	}
	return list
}
