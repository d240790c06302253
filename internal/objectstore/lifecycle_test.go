package objectstore_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

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
	notEmpty     = "Object store contains objects"
	ownsStores   = "Credential still owns object stores"
)

// step is a line of the tables of commands and lifecycle arguments in the documentation of the credential and the object store.
type step struct {
	name    string
	change  func(*situation)
	command string
	fails   string    // part of the message
	leaves  [3]string // what situation.found then returns; default: nothing changes
}

// edits returns a change that replaces texts in the configuration.
func edits(pairs ...string) func(*situation) {
	return func(s *situation) {
		for i := 0; i+1 < len(pairs); i += 2 {
			s.Edit(pairs[i], pairs[i+1])
		}
	}
}

var renameStoreCreatingFirst = edits(byReference, byReference+"\n  "+createFirst, `name          = "acme"`, `name = "new"`)

// protectedSteps are the steps of a store with objects and without force_destroy.
func protectedSteps() []step {
	return []step{
		{name: "without a refresh", command: "destroy -refresh=false", fails: notEmpty},
		{
			name: "target, replaced credential", change: edits(`  name = "acme"`, `  name = "renamed"`),
			command: "apply -target=" + credentialAddress, fails: ownsStores,
		},
		{name: "replace the credential", command: "apply -replace=" + credentialAddress, fails: notEmpty},
		{
			name: "deposed store", change: renameStoreCreatingFirst, command: "apply", // the message contains advice
			fails: "even if the object store is deposed. Run this command, then try again: civo objectstore delete ", leaves: [3]string{"acme", "acme new (new)", both},
		},
		{
			name: "deleted store", command: "apply", change: func(s *situation) {
				renameStoreCreatingFirst(s)
				s.env.RemoveStore(s.ids[0])
			},
			leaves: [3]string{"acme", "new", both},
		},
	}
}

// forcedSteps are the steps of a store with objects and force_destroy.
func forcedSteps() []step {
	replaceCredential, oneReplaced := "apply -replace="+credentialAddress, [3]string{"acme", "acme (new)", both}
	return []step{
		{name: "replace the store", command: "apply -replace=" + address, leaves: oneReplaced},
		{name: "replace the credential", command: replaceCredential, leaves: oneReplaced},
		{
			name: "deleted credential", command: "apply",
			change: func(s *situation) { s.env.RemoveCredential(s.env.Credentials("")[0].ID) }, leaves: oneReplaced,
		},
		{name: "target, destroyed store", command: "destroy -target=" + address, leaves: [3]string{"acme", "", "store_credential"}},
		{
			name: "create_before_destroy of a credential that fails", command: "apply", change: func(s *situation) { // as the warning says
				s.Apply()
				s.fill()
				s.env.AddCredential(civosim.Credential{Name: "taken"})
				s.Edit(`  name = "acme"`, "  name = \"taken\"\n  "+createFirst)
			},
			fails:  "Terraform can delete the object store before it creates a new credential",
			leaves: [3]string{"acme taken", "", "store_credential"},
		},
		{
			name: "deposed credential", command: "apply", change: func(s *situation) {
				s.Apply()
				owner := s.env.Credentials("")[0]
				s.env.AddStore(civosim.Store{Name: "other", OwnerID: owner.ID})
				s.Edit(`  name = "acme"`, "  name = \"renamed\"\n  "+createFirst)
				s.Edit(byReference, fmt.Sprintf("access_key_id = %q", owner.AccessKeyID))
			},
			fails: ownsStores, leaves: [3]string{"acme taken renamed", "acme (new) other (new)", both},
		},
	}
}

// Each step begins with the configuration of setUp, and with what the step before it left in the state and at Civo. All stores contain
// objects.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	for argument, steps := range map[string][]step{"": protectedSteps(), forceDestroy: forcedSteps()} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			s := setUp(t, argument)
			config, left := s.Read("main.tf"), [3]string{"acme", "acme", both}
			for _, step := range steps {
				s.Write("main.tf", config)
				for _, id := range s.ids {
					s.env.ChangeStore(id, fill)
				}
				if step.change != nil {
					step.change(s)
				}
				output, code := s.Run(strings.Fields(step.command + " -auto-approve")...)
				if (code != 0) != (step.fails != "") || !strings.Contains(acctest.Words(output), step.fails) {
					t.Fatalf("%s: the code is %d: %s", step.name, code, output)
				}
				if step.leaves != [3]string{} {
					left = step.leaves
				}
				if got := s.found(); got != left {
					t.Fatalf("%s: at Civo and in the state are %q, not %q: %s", step.name, got, left, output)
				}
			}
		})
	}
}
