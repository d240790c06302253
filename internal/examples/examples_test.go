// Package examples_test applies every directory of examples/ that has a configuration, so that the examples keep working.
package examples_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
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

func TestMain(m *testing.M) {
	code := acctest.Tests{M: m}.Run()
	if mirrorDir != "" {
		_ = os.RemoveAll(mirrorDir)
	}
	os.Exit(code)
}

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
func (e example) all() string {
	var text strings.Builder
	for _, name := range e.names() {
		text.WriteString(e.files[name])
	}
	return text.String()
}

func (e example) names() []string {
	var names []string
	for name := range e.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// has reports whether a line of the configuration has this prefix.
func (e example) has(words string) bool {
	return regexp.MustCompile(`(?m)^\s*` + regexp.QuoteMeta(words)).MatchString(e.all())
}

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
func examples(t *testing.T) []example {
	t.Helper()
	found := map[string]example{}
	err := fs.WalkDir(repository, "examples", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || !slices.ContainsFunc([]string{".tf", ".tfquery.hcl", ".tftest.hcl"}, func(end string) bool { return strings.HasSuffix(file, end) }) {
			return err
		}
		dir := strings.TrimPrefix(path.Dir(file), "examples/")
		if _, ok := found[dir]; !ok {
			found[dir] = example{dir, map[string]string{}}
		}
		found[dir].files[entry.Name()] = read(t, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	for _, e := range found {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b example) int { return cmp.Compare(a.dir, b.dir) })
	if len(all) < 15 {
		t.Fatalf("only %d examples are found", len(all))
	}
	return all
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
	for _, e := range examples(t) {
		if e.dir == dir {
			return e
		}
	}
	t.Fatalf("there is no example in %s", dir)
	return example{}
}

// workspace copies the example into a workspace. It skips the test if Terraform is older than the example requires.
func (e example) workspace(t *testing.T, w *acctest.Env) *acctest.Workspace {
	t.Helper()
	if e.has("provisioner \"local-exec\"") && runtime.GOOS == "windows" {
		t.Skip("runs a command of a POSIX shell")
	}
	ws := w.Workspace(t, "")
	if err := os.Remove(filepath.Join(ws.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	for _, name := range e.names() {
		ws.Write(name, e.files[name])
	}
	if least := versionLine.FindStringSubmatch(e.all()); least != nil {
		ws.Version(version.Must(version.NewVersion(least[1])))
	}
	ws.Setenv("TF_VAR_secret_access_key", secret)
	ws.Setenv("TF_VAR_name", "example")
	return ws
}

// delays are the delays of a Civo in which nothing happens at once: reads find new objects late, and keys appear later than their objects.
var delays = civosim.Options{
	ListedAfter: 100 * time.Millisecond, ReadableAfter: 100 * time.Millisecond, StoreReadyAfter: 200 * time.Millisecond,
	ReadyAfter: 400 * time.Millisecond, StoreGoneAfter: 200 * time.Millisecond, CredentialGoneAfter: 200 * time.Millisecond,
}

// prepared returns a Civo with the objects that the examples expect.
func prepared(t *testing.T) *acctest.Env {
	t.Helper()
	w := acctest.Simulated(t, delays)
	w.AddCredential(demo)
	return w
}

// preparedFor is like prepared, with the object store that examples about object stores expect.
func (e example) preparedFor(t *testing.T) *acctest.Env {
	t.Helper()
	w := prepared(t)
	if slices.ContainsFunc(strings.Split(e.dir, "/"), func(part string) bool { return part == "civo_objectstore" || part == "civo_objectstores" }) {
		w.AddStore(demoStore)
	}
	return w
}

func apply(ws *acctest.Workspace) { ws.MustRun("apply", "-no-color", "-auto-approve") }

// settled checks that the next plan is empty.
func settled(t *testing.T, ws *acctest.Workspace) {
	t.Helper()
	if output, code := ws.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the second plan ends with %d:\n%s", code, output)
	}
}

// Terraform parses what it formats. Without a network, nothing more can be tested of an example that uses other providers or,
// with an older Terraform, newer features.
func TestExamples_Formatted(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	for _, e := range examples(t) {
		t.Run(e.dir, func(t *testing.T) {
			t.Parallel()
			ws := w.Workspace(t, "")
			if strings.Contains(e.all(), "provider::") {
				ws.Version(tfversion.Version1_8_0) // earlier versions cannot parse the calls
			}
			for _, name := range e.names() {
				check := ws.Command(t.Context(), "fmt", "-check", "-diff", "-no-color", "-")
				check.Stdin = strings.NewReader(e.files[name])
				if output, err := check.CombinedOutput(); err != nil {
					t.Errorf("%s: %s:\n%s", name, err, output)
				}
			}
		})
	}
}

func TestExamples_Apply(t *testing.T) {
	t.Parallel()
	for _, e := range examples(t) {
		t.Run(e.dir, func(t *testing.T) {
			t.Parallel()
			if others := e.others(); len(others) > 0 {
				t.Skipf("is only parsed: it uses %q, and providers cannot be installed without a network", others)
			}
			if slices.Contains(strings.Split(e.dir, "/"), "tests") {
				t.Skip("is a part of the tests of a module: TestModule_PassesItsTests, TestPages_MockProvider")
			}
			if strings.HasPrefix(e.dir, mockGuide) {
				t.Skip("contains modules: TestPages_MockProviderLive")
			}
			if e.has("backend ") {
				t.Skip("is tested by internal/clients")
			}
			e.live(t)
		})
	}
}

// live applies an example, checks the next plan and destroys it.
func (e example) live(t *testing.T) {
	t.Helper()
	w := e.preparedFor(t)
	want := namesOfAll(w)
	ws := e.workspace(t, w)
	apply(ws)
	if got, _ := w.Credential(demo.ID); got.SecretAccessKey != demo.SecretAccessKey || got.AccessKeyID != demo.AccessKeyID {
		t.Errorf("the credential that was there before has changed: %+v", got)
	}
	settled(t, ws)
	if e.has("list ") {
		if output := ws.MustRun("query", "-no-color"); !strings.Contains(output, want[len(want)-1]) {
			t.Errorf("the query does not find %s:\n%s", want[len(want)-1], output)
		}
	}
	w.ChangeStore(demoStore.ID, func(s *civosim.Store) { s.ObjectCount, s.UsedKB = 0, 0 })
	ws.MustRun("destroy", "-no-color", "-auto-approve")
	if e.has("import {") { // what was imported goes with the rest
		want = slices.DeleteFunc(want, func(name string) bool { return strings.Contains(e.all(), `"`+name+`"`) })
	}
	if left := namesOfAll(w); !slices.Equal(left, want) {
		t.Errorf("%q are left, not %q", left, want)
	}
}

// namesOfAll returns the names of all credentials, followed by those of all object stores.
func namesOfAll(w *acctest.Env) []string {
	var names []string
	for _, c := range w.Credentials("") {
		names = append(names, c.Name)
	}
	for _, s := range w.Stores("") {
		names = append(names, s.Name)
	}
	return names
}

func TestExamples_ImportCommands(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		resource, arguments string
		commands            int
	}{
		{"civo_objectstore_credential", `name = "demo-credential"`, 6},
		{"civo_objectstore", "name = \"demo-store\"\n  max_size_gb = 1000", 4},
	} {
		e := one(t, "resources/"+row.resource)
		commands := regexp.MustCompile(`(?m)^terraform (import .*)$`).FindAllStringSubmatch(read(t, "examples/"+e.dir+"/import.sh"), -1)
		if len(commands) != row.commands {
			t.Fatalf("there are %d commands for %s, not %d", len(commands), row.resource, row.commands)
		}
		for _, command := range commands {
			t.Run(command[1], func(t *testing.T) {
				t.Parallel()
				ws := e.preparedFor(t).Workspace(t, "terraform {\n  required_providers {\n    civo = {\n      source = \"seed-0e51fd2b/civo\"\n    }\n  }\n}\n"+
					"resource \""+row.resource+"\" \"imported\" {\n  "+row.arguments+"\n}\n")
				ws.MustRun(append(strings.Fields(command[1]), "-no-color")...)
				settled(t, ws)
			})
		}
	}
}

// The state and its backup in a directory do not contain the secret. The file that the example writes contains it, and contains
// the new one after a rotation.
func TestSecrets_GeneratedNotInState(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	ws := one(t, "guides/keep-secrets-out-of-state/generated").workspace(t, w)
	before := ""
	for _, generation := range []string{"1", "2"} {
		ws.Setenv("TF_VAR_generation", generation)
		apply(ws)
		made := named(t, w, "backups")
		if made.SecretAccessKey == before {
			t.Error("the secret is the same in the second generation")
		}
		before = made.SecretAccessKey
		want := fmt.Sprintf("[default]\naccess_key = %s\nsecret_key = %s\nbucket_location = LON1\n"+
			"host_base = objectstore.lon1.civo.com\nhost_bucket = objectstore.lon1.civo.com\nuse_https = True\n", made.AccessKeyID, made.SecretAccessKey)
		if got := ws.Read("s3cfg"); got != want {
			t.Errorf("generation %s: s3cfg is\n%s\nnot\n%s", generation, got, want)
		}
		if state := ws.Read("terraform.tfstate"); !strings.Contains(state, made.ID) || strings.Contains(state, made.SecretAccessKey) {
			t.Errorf("generation %s: the state is without the credential or with its secret", generation)
		}
	}
}

func TestSecrets_WriteOnlyNotInState(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"guides/keep-secrets-out-of-state/given", "resources/civo_objectstore_credential/write_only"} {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			w := prepared(t)
			ws := one(t, dir).workspace(t, w)
			apply(ws)
			if got := named(t, w, "media").SecretAccessKey; got != secret {
				t.Errorf("Civo has %q", got)
			}
			if strings.Contains(ws.Read("terraform.tfstate"), secret) {
				t.Error("the state has the secret")
			}
		})
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

// An import block reads the secret, even if it is not to be kept: the plan file then contains it, and the state does not once the
// plan is applied.
func TestSecrets_ImportedThenRemoved(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	imported := one(t, "resources/civo_objectstore_credential")
	ws := w.Workspace(t, imported.files["versions.tf"]+
		strings.Replace(imported.files["import-by-string-id.tf"], "region = \"LON1\"\n", "region = \"LON1\"\n  secret_in_state = false\n", 1))
	ws.Version(tfversion.Version1_5_0)
	ws.MustRun("plan", "-no-color", "-out=plan")
	if plan := ws.MustRun("show", "-json", "plan"); !strings.Contains(plan, demo.SecretAccessKey) {
		t.Error("the plan is without the secret: the docs say otherwise")
	}
	ws.MustRun("apply", "-no-color", "plan")
	if state := ws.Read("terraform.tfstate"); !strings.Contains(state, demo.ID) || strings.Contains(state, demo.SecretAccessKey) {
		t.Errorf("the state is without the credential or with its secret:\n%s", state)
	}
	settled(t, ws)
}

func TestRotation_InPlace(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	ws := one(t, "guides/rotate-a-secret/in-place").workspace(t, w)
	apply(ws)
	before, stores := named(t, w, "backups"), w.Stores("")
	ws.Setenv("TF_VAR_month", "2026-12")
	output := ws.MustRun("plan", "-no-color")
	for _, words := range []string{"~ secret_access_key ", "(sensitive value)", "Plan: 1 to add, 1 to change, 1 to destroy."} {
		if !strings.Contains(output, words) {
			t.Errorf("the plan does not say %q:\n%s", words, output)
		}
	}
	apply(ws)
	after := named(t, w, "backups")
	if after.ID != before.ID || after.AccessKeyID != before.AccessKeyID || after.SecretAccessKey == before.SecretAccessKey {
		t.Errorf("%+v became %+v", before, after)
	}
	if got := w.Stores(""); !slices.Equal(got, stores) {
		t.Errorf("the stores %+v became %+v", stores, got)
	}
	if count := strings.Count(ws.Read("terraform.tfstate"), after.SecretAccessKey); count != 2 { // of the credential and of the consumer
		t.Errorf("the state contains the new secret %d times", count)
	}
}

// The action changes nothing in the state. The next apply passes the new secret on, and changes nothing at Civo.
func TestRotation_OnDemand(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	ws := one(t, "guides/rotate-a-secret/on-demand").workspace(t, w)
	apply(ws)
	before, state := named(t, w, "reports"), ws.Read("terraform.tfstate")
	ws.MustRun("apply", "-no-color", "-auto-approve", "-invoke=action.civo_objectstore_credential_rotate.now")
	after := named(t, w, "reports")
	if after.ID != before.ID || after.AccessKeyID != before.AccessKeyID || after.SecretAccessKey == before.SecretAccessKey {
		t.Errorf("%+v became %+v", before, after)
	}
	if ws.Read("terraform.tfstate") != state {
		t.Error("the action changes the state")
	}
	apply(ws)
	if got := named(t, w, "reports"); got != after || strings.Contains(ws.Read("terraform.tfstate"), before.SecretAccessKey) {
		t.Errorf("%+v became %+v, or the state contains the old secret", after, got)
	}
	settled(t, ws)
}

// The example invokes actions by name from the command line, and by a change of another resource.
func TestRotation_ActionExample(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	ws := one(t, "actions/civo_objectstore_credential_rotate").workspace(t, w)
	apply(ws)
	before := named(t, w, "backups").SecretAccessKey
	r := &reader{Workspace: ws, t: t}
	for _, s := range steps(t, section(t, read(t, "templates/actions/objectstore_credential_rotate.md.tmpl"), "### After a change to a resource")) {
		r.add(s.commands)
	}
	r.check(r.outputs(w, ""))
	rotated := named(t, w, "backups").SecretAccessKey
	settled(t, ws)
	if rotated == before || named(t, w, "backups").SecretAccessKey != rotated || strings.Contains(ws.Read("terraform.tfstate"), before) {
		t.Error("the incident does not rotate the secret once, or the state contains the old secret")
	}
	ws.MustRun("apply", "-no-color", "-auto-approve", "-invoke=action.civo_objectstore_credential_rotate.demo")
	if named(t, w, demo.Name).SecretAccessKey == demo.SecretAccessKey {
		t.Error("the action does not rotate the secret of the credential with the name")
	}
}

// An owner of object stores cannot be replaced, even with create_before_destroy, as the guide describes.
func TestRotation_OwnerOfStores(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	config := func(name string) string {
		return one(t, "resources/civo_objectstore_credential").files["versions.tf"] + `
resource "civo_objectstore_credential" "reports" {
  name = "` + name + `"

  lifecycle {
    create_before_destroy = true
  }
}
`
	}
	ws := w.Workspace(t, config("reports-1"))
	ws.Version(tfversion.Version1_5_0)
	apply(ws)
	store := w.AddStore(civosim.Store{Name: "store-of-the-old-one", OwnerID: named(t, w, "reports-1").ID})
	ws.Write("main.tf", config("reports-2"))
	output, code := ws.Run("apply", "-no-color", "-auto-approve")
	if code == 0 || !strings.Contains(output, "Credential still owns object stores") || !strings.Contains(output, store.Name) {
		t.Errorf("the apply ends with %d:\n%s", code, output)
	}
	named(t, w, "reports-1")
	named(t, w, "reports-2")
	w.RemoveStore(store.ID)
	apply(ws)
	settled(t, ws)
	if left := w.Credentials(""); len(left) != 2 {
		t.Errorf("at Civo are %+v", left)
	}
}

// The outputs contain what `civo objectstore credential export` prints, except signature_v2, and what else the clients need.
func TestOutputs_ConfigureClients(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	ws := one(t, "guides/use-the-keys/bucket").workspace(t, w)
	apply(ws)
	c := named(t, w, "backups")
	for output, want := range map[string]string{
		"environment": "export AWS_ACCESS_KEY_ID='" + c.AccessKeyID + "'\nexport AWS_SECRET_ACCESS_KEY='" + c.SecretAccessKey +
			"'\nexport AWS_DEFAULT_REGION='LON1'\nexport AWS_REGION='LON1'\nexport AWS_HOST='https://objectstore.lon1.civo.com'\n" +
			"export AWS_ENDPOINT_URL_S3='https://objectstore.lon1.civo.com'\n" +
			"export AWS_REQUEST_CHECKSUM_CALCULATION='when_required'\nexport AWS_RESPONSE_CHECKSUM_VALIDATION='when_required'\n",
		"s3cfg": "[default]\naccess_key = " + c.AccessKeyID + "\nsecret_key = " + c.SecretAccessKey + "\nbucket_location = LON1\n" +
			"host_base = objectstore.lon1.civo.com\nhost_bucket = objectstore.lon1.civo.com\nuse_https = True\n",
		"rclone_config": "[civo]\ntype = s3\nprovider = Other\naccess_key_id = " + c.AccessKeyID + "\nsecret_access_key = " + c.SecretAccessKey + "\n" +
			"region = LON1\nendpoint = https://objectstore.lon1.civo.com\nforce_path_style = true\nno_check_bucket = true\n",
	} {
		if got := ws.MustRun("output", "-raw", output); got != want {
			t.Errorf("%s is\n%s\nnot\n%s", output, got, want)
		}
	}
}

// The built provider replaces the official one, which takes no part in the move.
func TestMove_FromOfficialProvider(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		dir, resource string
		instances     map[string]any // index keys by name of the credential
		moved         []string       // in the plan
	}{
		{
			"move", "backups",
			map[string]any{"backups": nil},
			[]string{
				"civo_object_store_credential.backups has moved to civo_objectstore_credential.backups",
				"civo_object_store.backups has moved to civo_objectstore.backups",
			},
		},
		{
			"count", "worker",
			map[string]any{"worker-0": 0, "worker-1": 1},
			[]string{"civo_object_store_credential.worker[1] has moved to civo_objectstore_credential.worker[1]"},
		},
		{
			"for_each", "team",
			map[string]any{"analytics": "analytics", "billing": "billing"},
			[]string{`civo_object_store_credential.team["billing"] has moved to civo_objectstore_credential.team["billing"]`},
		},
	} {
		t.Run(row.dir, func(t *testing.T) {
			t.Parallel()
			w := prepared(t)
			ws := one(t, "guides/move-from-civo-civo/"+row.dir).workspace(t, w)
			ws.Serve(acctest.Address(), official())
			before := map[string]civosim.Credential{}
			for name := range row.instances {
				before[name] = w.AddCredential(civosim.Credential{Name: name, Region: "LON1"})
			}
			resources := []any{officialCredentials(row.resource, row.instances, before)}
			if row.dir == "move" {
				owner := before["backups"]
				store := w.AddStore(civosim.Store{Name: "acme-backups", OwnerID: owner.ID, MaxSizeGB: 1000, ObjectCount: 3})
				resources = append(resources, officialStore(row.resource, store, owner.AccessKeyID))
			}
			ws.Write("terraform.tfstate", officialState(t, resources...))
			stores := w.Stores("")
			w.ResetRecord()
			output := ws.MustRun("plan", "-no-color")
			for _, words := range append(row.moved, "Plan: 0 to add, 0 to change, 0 to destroy.") {
				if !strings.Contains(output, words) {
					t.Errorf("the plan does not contain %q:\n%s", words, output)
				}
			}
			apply(ws)
			settled(t, ws)
			for name, credential := range before {
				if after := named(t, w, name); after != credential {
					t.Errorf("%+v became %+v", credential, after)
				}
			}
			if after := w.Stores(""); !slices.Equal(after, stores) {
				t.Errorf("%+v became %+v", stores, after)
			}
			checkOnlyReads(t, w)
		})
	}
}

func checkOnlyReads(t *testing.T, w *acctest.Env) {
	t.Helper()
	for _, request := range w.Requests() {
		if request.Method != http.MethodGet {
			t.Errorf("unexpected request: %s %s", request.Method, request.Path)
		}
	}
}

// officialCredentials returns a resource of the official provider in a state, with an instance for each name.
func officialCredentials(resource string, indexKeys map[string]any, credentials map[string]civosim.Credential) map[string]any {
	var instances []map[string]any
	for _, name := range slices.Sorted(maps.Keys(indexKeys)) {
		credential := credentials[name]
		instance := map[string]any{"schema_version": 0, "sensitive_attributes": []any{}, "attributes": map[string]any{
			"id": credential.ID, "name": name, "region": nil, "access_key_id": credential.AccessKeyID,
			"secret_access_key": credential.SecretAccessKey, "status": "ready", "timeouts": nil,
		}}
		if key := indexKeys[name]; key != nil {
			instance["index_key"] = key
		}
		instances = append(instances, instance)
	}
	return officialResource("civo_object_store_credential", resource, instances)
}

// officialStore returns a resource of the official provider in a state.
func officialStore(resource string, store civosim.Store, ownerAccessKeyID string) map[string]any {
	return officialResource("civo_object_store", resource, []map[string]any{{"schema_version": 0, "attributes": map[string]any{
		"id": store.ID, "name": store.Name, "region": "LON1", "max_size_gb": store.MaxSizeGB, "access_key_id": ownerAccessKeyID,
		"bucket_url": "objectstore.lon1.civo.com", "status": "ready", "timeouts": nil,
	}}})
}

func officialResource(kind, name string, instances []map[string]any) map[string]any {
	return map[string]any{"mode": "managed", "type": kind, "name": name, "provider": `provider["` + official() + `"]`, "instances": instances}
}

// officialState returns a state with resources of the official provider.
func officialState(t *testing.T, resources ...any) string {
	t.Helper()
	state, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "00000000-0000-4000-8000-000000000002", "resources": resources,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(state)
}

// The guide's first configuration finds what the state does not contain, and its second one imports it.
func TestRecovery_FindsAndImports(t *testing.T) {
	t.Parallel()
	const guide = "guides/recover-from-an-interrupted-run/"
	w := prepared(t)
	find := one(t, guide+"find").workspace(t, w)
	checkFound := func(managed, want string) {
		t.Helper()
		find.Setenv("TF_VAR_managed", managed)
		apply(find)
		if got := strings.Join(strings.Fields(find.MustRun("output", "-json", "not_in_state")), ""); got != want {
			t.Errorf("with the IDs %s in the state, not_in_state is %s, not %s", managed, got, want)
		}
	}
	checkFound("[]", `{"`+demo.Name+`":"`+demo.ID+`"}`)

	ws := one(t, guide+"import").workspace(t, w)
	if output := ws.MustRun("plan", "-no-color"); !strings.Contains(output, "Plan: 1 to import, 1 to add, 0 to change, 0 to destroy.") {
		t.Errorf("the plan does more than import one credential and create the other:\n%s", output)
	}
	apply(ws)
	settled(t, ws)
	checkFound(`["`+demo.ID+`","`+named(t, w, "reports").ID+`"]`, "{}")
}

var (
	fence    = regexp.MustCompile("(?m)^```(terraform|hcl|tf)$")
	included = regexp.MustCompile(`\{\{ tffile "([^"]+)" \}\}`)
)

// Each configuration in a guide is a file, and each file of a guide is shown in it.
func TestGuides_BlocksAreTested(t *testing.T) {
	t.Parallel()
	guides, err := fs.Glob(repository, "templates/guides/*")
	if err != nil || len(guides) != 9 {
		t.Fatalf("the guides are %q: %v", guides, err)
	}
	shown := map[string]bool{}
	for _, guide := range guides {
		text := read(t, guide)
		if fence.MatchString(text) {
			t.Errorf("%s has a block that is not a file", guide)
		}
		for _, file := range included.FindAllStringSubmatch(text, -1) {
			shown[file[1]] = true
		}
	}
	for _, e := range examples(t) {
		for _, name := range e.names() {
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
}

var (
	shellBlock     = regexp.MustCompile("(?s)\n *```(?:console|shell|sh|bash)\n(.*?)\n *```")
	prompt         = regexp.MustCompile(`(?m)^ *\$ .*$`)
	providerSource = regexp.MustCompile(`(?m)^ +source += "[a-z0-9-]+/[a-z0-9-]+"\n(.*)$`)
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
			for _, line := range prompt.FindAllString(block[1], -1) {
				t.Errorf("%s: the command %q has a prompt", file, line)
			}
		}
		for _, source := range providerSource.FindAllStringSubmatch(text, -1) {
			sources++
			if !strings.HasPrefix(strings.TrimSpace(source[1]), "version ") {
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
	server, err := prepared(t).Providers()["civo"]()
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
		listed := regexp.MustCompile("(?m)^- `([a-z_]+)` \\(String.*$").FindAllString(page, -1)
		if want := listAttributes(schema.Block); !slices.Equal(listed, want) {
			t.Errorf("%s lists\n%s\nnot\n%s", file, strings.Join(listed, "\n"), strings.Join(want, "\n"))
		}
	}
}

// listAttributes returns the attributes of a block, all of which are strings, and then those of its blocks, as the generator lists
// them.
func listAttributes(block *tfprotov6.SchemaBlock) []string {
	var lines []string
	for _, attribute := range block.Attributes {
		lines = append(lines, "- `"+attribute.Name+"` (String) "+attribute.Description)
	}
	for _, nested := range block.BlockTypes {
		lines = append(lines, listAttributes(nested.Block)...)
	}
	return lines
}
