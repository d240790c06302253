package objectstore_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// situation is a workspace with a configuration of a credential and a store, which both have the name acme. Terraform applied it, and then
// somebody wrote 3 objects.
type situation struct {
	*acctest.Workspace

	t   *testing.T
	env *acctest.Env
	ids []string // of the stores at Civo after the latest step
}

func setUp(t *testing.T, arguments ...string) *situation {
	t.Helper()
	w := acctest.Simulated(t, civosim.Options{})
	s := &situation{Workspace: w.Workspace(t, required+withCredential("acme", arguments...)), t: t, env: w}
	s.Apply()
	s.fill()
	return s
}

// fill writes objects to the only store.
func (s *situation) fill() {
	s.t.Helper()
	s.ids = []string{only(s.t, s.env).ID}
	s.env.ChangeStore(s.ids[0], fill)
}

// found returns the names of the credentials and of the stores at Civo, and the types of the resources in the state. A store that a step
// created is new.
func (s *situation) found() [3]string {
	s.t.Helper()
	var credentials, stores, ids, resources []string
	for _, c := range s.env.Credentials("") {
		credentials = append(credentials, c.Name)
	}
	for _, st := range s.env.Stores("") {
		stores, ids = append(stores, st.Name), append(ids, st.ID)
		if !slices.Contains(s.ids, st.ID) {
			stores = append(stores, "(new)")
		}
	}
	s.ids = ids
	for _, match := range regexp.MustCompile(`"type": "civo_objectstore(|_credential)"`).FindAllStringSubmatch(s.Read("terraform.tfstate"), -1) {
		resources = append(resources, "store"+match[1])
	}
	return [3]string{strings.Join(credentials, " "), strings.Join(stores, " "), strings.Join(resources, " ")}
}

const (
	byReference  = "access_key_id = " + credentialAddress + ".access_key_id"
	forceDestroy = "force_destroy = true"
	createFirst  = "lifecycle {\n    create_before_destroy = true\n  }"
	suppliedKeys = "\n  access_key_id     = \"key-one\"\n  secret_access_key = \"secret-one\""
	both         = "store store_credential" // in the state
)

// step is a line of the tables of commands and lifecycle arguments in the documentation of the credential and the object store.
type step struct {
	name       string
	least      *version.Version // of Terraform
	change     func(*situation)
	command    string
	fails      string // part of the message
	credential string // the names of the credentials at Civo afterwards
	stores     string // the names of the stores at Civo afterwards
	state      string
}

func edits(old, replacement string) func(*situation) {
	return func(s *situation) { s.Edit(old, replacement) }
}

var (
	renameCredential = edits(`  name = "acme"`, `  name = "renamed"`)
	preventDestroy   = edits(byReference, byReference+"\n  lifecycle {\n    prevent_destroy = true\n  }")
)

func renameStoreCreatingFirst(s *situation) {
	s.Edit(byReference, byReference+"\n  "+createFirst)
	s.Edit(`name          = "acme"`, `name = "new"`)
}

// protectedSteps are the steps of a store with objects and without force_destroy.
func protectedSteps() []step {
	const notEmpty = "Object store contains objects"
	return []step{
		{name: "without a refresh", command: "destroy -refresh=false", fails: notEmpty, credential: "acme", stores: "acme", state: both},
		{
			name: "target, replaced credential", change: renameCredential, command: "apply -target=" + credentialAddress,
			fails: "Credential still owns object stores", credential: "acme", stores: "acme", state: both,
		},
		{
			name: "replace the credential", command: "apply -replace=" + credentialAddress,
			fails: notEmpty, credential: "acme", stores: "acme", state: both,
		},
		{
			name: "prevent_destroy", change: preventDestroy, command: "destroy",
			fails: "Instance cannot be destroyed", credential: "acme", stores: "acme", state: both,
		},
		{
			name: "prevent_destroy, replaced credential", command: "apply", change: func(s *situation) {
				preventDestroy(s)
				renameCredential(s)
			},
			fails: "Instance cannot be destroyed", credential: "acme", stores: "acme", state: both,
		},
		{
			name: "ignore_changes of the write-only secret", least: tfversion.Version1_11_0, change: func(s *situation) {
				s.Edit(`  name = "acme"`, "  name = \"acme\"\n  secret_access_key_wo = \"one\"\n  secret_access_key_wo_version = 1\n")
				s.Apply()
				s.Edit("_version = 1\n", "_version = 2\n  lifecycle {\n    ignore_changes = [secret_access_key_wo]\n  }")
			},
			command: "apply", fails: "lifecycle.ignore_changes contains secret_access_key_wo", credential: "acme", stores: "acme", state: both,
		},
		{
			name: "deposed store", change: renameStoreCreatingFirst, command: "apply",
			fails: notEmpty, credential: "acme", stores: "acme new (new)", state: both,
		},
		{
			name: "deposed store without objects", command: "apply", change: func(s *situation) {
				renameStoreCreatingFirst(s)
				s.env.ChangeStore(s.ids[0], func(st *civosim.Store) { st.ObjectCount, st.UsedKB = 0, 0 })
			},
			credential: "acme", stores: "new", state: both,
		},
		{
			name: "removed", least: tfversion.Version1_7_0, command: "apply", change: func(s *situation) {
				const removed = "removed {\n  from = ADDRESS\n  lifecycle {\n    destroy = false\n  }\n}\n"
				s.Write("main.tf", required+strings.ReplaceAll(removed, "ADDRESS", address)+strings.ReplaceAll(removed, "ADDRESS", credentialAddress))
			},
			credential: "acme", stores: "new",
		},
	}
}

// forcedSteps are the steps of a store with objects and force_destroy.
func forcedSteps() []step {
	replaceCredential := "apply -replace=" + credentialAddress
	return []step{
		{name: "replace the store", command: "apply -replace=" + address, credential: "acme", stores: "acme (new)", state: both},
		{name: "replace the credential", command: replaceCredential, credential: "acme", stores: "acme (new)", state: both},
		{
			name: "replace_triggered_by", least: tfversion.Version1_2_0, command: replaceCredential, change: func(s *situation) {
				s.Edit(`  name = "acme"`, "  name = \"acme\""+suppliedKeys)
				s.Edit(forceDestroy, forceDestroy+"\n  lifecycle {\n    replace_triggered_by = ["+credentialAddress+".id]\n  }")
				s.Apply()
			},
			credential: "acme", stores: "acme (new)", state: both,
		},
		{
			name: "deposed credential", command: "apply", change: func(s *situation) {
				owner := s.env.Credentials("")[0]
				s.env.AddStore(civosim.Store{Name: "other", OwnerID: owner.ID})
				s.Edit(`  name = "acme"`, "  name = \"renamed\"\n  "+createFirst)
				s.Edit(byReference, fmt.Sprintf("access_key_id = %q", owner.AccessKeyID))
			},
			fails: "Credential still owns object stores", credential: "acme renamed", stores: "acme other (new)", state: both,
		},
		{
			name: "deposed credential without stores", command: "apply", change: func(s *situation) {
				s.Edit(`  name = "acme"`, "  name = \"renamed\"\n  "+createFirst)
				for _, id := range s.ids {
					s.env.RemoveStore(id)
				}
			},
			credential: "renamed", stores: "acme (new)", state: both,
		},
		{name: "target, destroyed store", command: "destroy -target=" + address, credential: "renamed", state: "store_credential"},
		{
			name: "create_before_destroy of a credential that fails", command: "apply", change: func(s *situation) { // as the warning says
				s.Apply()
				s.fill()
				s.env.AddCredential(civosim.Credential{Name: "taken"})
				s.Edit(`  name = "acme"`, "  name = \"taken\"\n  "+createFirst)
			},
			fails:      "Terraform can delete the object store before it creates a new credential",
			credential: "acme taken", state: "store_credential",
		},
		{
			name: "without a refresh", command: "plan -refresh=false -detailed-exitcode", change: func(s *situation) {
				s.Apply()
				s.env.RemoveStore(only(s.t, s.env).ID)
			},
			credential: "acme taken", state: both,
		},
		{
			name: "target, destroyed credential", command: "destroy -target=" + credentialAddress, change: func(s *situation) { s.Apply() },
			credential: "taken",
		},
	}
}

// Each step begins with the configuration of setUp, and with what the step before it left in the state and at Civo. All stores contain
// objects.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments []string // of the store
		steps     []step
	}{
		"protected": {steps: protectedSteps()},
		"forced":    {arguments: []string{forceDestroy}, steps: forcedSteps()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setUp(t, test.arguments...)
			config := s.Read("main.tf")
			for _, step := range test.steps {
				if step.least != nil && !s.IsAtLeast(step.least) {
					continue
				}
				s.Write("main.tf", config)
				for _, id := range s.ids {
					s.env.ChangeStore(id, fill)
				}
				if step.change != nil {
					step.change(s)
				}
				command := strings.Fields(step.command)
				if command[0] != "plan" {
					command = append(command, "-auto-approve")
				}
				output, code := s.Run(command...)
				if (code != 0) != (step.fails != "") || !strings.Contains(acctest.Words(output), step.fails) {
					t.Fatalf("%s: the code is %d: %s", step.name, code, output)
				}
				if got, want := s.found(), [3]string{step.credential, step.stores, step.state}; got != want {
					t.Fatalf("%s: at Civo and in the state are %q, not %q: %s", step.name, got, want, output)
				}
			}
		})
	}
}
