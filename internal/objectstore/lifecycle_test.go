package objectstore_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

const both = address + " " + credentialAddress

// lifecycle is a command, or a lifecycle argument and a command.
type lifecycle struct {
	least      *version.Version // of Terraform
	arguments  []string         // of the store
	change     func(*situation)
	command    string
	fails      string // part of the message
	credential string // the names of the credentials at Civo
	stores     string // the names of the stores at Civo
	resources  string // the state after the command
	next       func(*situation)
}

func renameCredential(s *situation) { s.edit(`  name = "acme"`, `  name = "renamed"`) }

func lifecycleCommands() map[string]lifecycle {
	return map[string]lifecycle{
		"target, replaced credential": {
			change: renameCredential, command: "apply -target=" + credentialAddress, fails: "Credential still owns object stores", credential: "acme", stores: "acme",
			resources: both,
		},
		"target, destroyed credential": {
			arguments: []string{forceDestroy}, command: "destroy -target=" + credentialAddress,
		},
		"target, destroyed store": {
			arguments: []string{forceDestroy}, command: "destroy -target=" + address, credential: "acme", resources: credentialAddress,
		},
		"replace the credential": {
			arguments: []string{forceDestroy}, command: "apply -replace=" + credentialAddress, credential: "acme", stores: "acme (new)",
			resources: both,
		},
		"replace the credential, objects": {
			command: "apply -replace=" + credentialAddress, fails: "Object store contains objects", credential: "acme", stores: "acme",
			resources: both,
		},
		"replace the credential, supplied keys": {
			least: tfversion.Version1_2_0, arguments: []string{forceDestroy, "lifecycle {\n    replace_triggered_by = [" + credentialAddress + ".id]\n  }"},
			change: func(s *situation) {
				s.edit(`  name = "acme"`, "  name = \"acme\"\n  access_key_id = \"key-one\"\n  secret_access_key = \"secret-one\"")
				s.apply()
			},
			command: "apply -replace=" + credentialAddress, credential: "acme", stores: "acme (new)", resources: both,
		},
		"replace the store": {
			arguments: []string{forceDestroy}, command: "apply -replace=" + address, credential: "acme", stores: "acme (new)",
			resources: both,
		},
		"without a refresh": {
			change:  func(s *situation) { s.env.RemoveStore(s.id) },
			command: "plan -refresh=false -detailed-exitcode", credential: "acme", resources: both,
			next: func(s *situation) { s.MustRun("destroy", "-auto-approve", "-refresh=false") },
		},
		"without a refresh, objects": {
			command: "destroy -refresh=false", fails: "Object store contains objects", credential: "acme", stores: "acme",
			resources: both,
		},
	}
}

func lifecycleArguments() map[string]lifecycle {
	const (
		createFirst = "lifecycle {\n    create_before_destroy = true\n  }"
		prevent     = "lifecycle {\n    prevent_destroy = true\n  }"
	)
	return map[string]lifecycle{
		"prevent_destroy": {
			arguments: []string{prevent}, command: "destroy", fails: "Instance cannot be destroyed", credential: "acme", stores: "acme",
			resources: both,
		},
		"prevent_destroy, replaced credential": {
			arguments: []string{prevent}, change: renameCredential, command: "apply", fails: "Instance cannot be destroyed", credential: "acme", stores: "acme",
			resources: both,
		},
		"removed": {
			least: tfversion.Version1_7_0,
			change: func(s *situation) {
				const removed = "removed {\n  from = ADDRESS\n  lifecycle {\n    destroy = false\n  }\n}\n"
				s.Write("main.tf", required+strings.ReplaceAll(removed, "ADDRESS", address)+strings.ReplaceAll(removed, "ADDRESS", credentialAddress))
			},
			command: "apply", credential: "acme", stores: "acme",
		},
		"deposed store": {
			arguments: []string{createFirst}, change: func(s *situation) { s.edit(`name          = "acme"`, `name = "new"`) },
			command: "apply", fails: "Object store contains objects", credential: "acme", stores: "acme new (new)",
			resources: both,
			next: func(s *situation) {
				s.env.ChangeStore(s.id, func(st *civosim.Store) { st.ObjectCount, st.UsedKB = 0, 0 })
				s.apply()
				s.MustRun("plan", "-detailed-exitcode")
			},
		},
		"create_before_destroy of a credential that fails": { // as the warning says
			arguments: []string{forceDestroy},
			change: func(s *situation) {
				s.env.AddCredential(civosim.Credential{Name: "taken"})
				s.edit(`  name = "acme"`, "  name = \"taken\"\n  "+createFirst)
			},
			command: "apply", fails: "Terraform can delete the object store before it creates a new credential", credential: "acme taken",
			resources: credentialAddress,
		},
		"deposed credential": {
			change: func(s *situation) {
				s.env.AddStore(civosim.Store{Name: "other", OwnerID: s.env.Credentials("")[0].ID})
				s.edit(`  name = "acme"`, "  name = \"renamed\"\n  "+createFirst)
				s.edit(byReference, fmt.Sprintf("access_key_id = %q", s.env.Credentials("")[0].AccessKeyID))
			},
			command: "apply", fails: "Credential still owns object stores", credential: "acme renamed", stores: "acme other (new)",
			resources: both,
			next: func(s *situation) {
				s.edit(fmt.Sprintf("access_key_id = %q", s.env.Credentials("")[0].AccessKeyID), byReference)
				for _, st := range s.env.Stores("") {
					s.env.RemoveStore(st.ID)
				}
				s.apply()
				s.MustRun("plan", "-detailed-exitcode")
			},
		},
		"ignore_changes of the write-only secret": {
			least: tfversion.Version1_11_0,
			change: func(s *situation) {
				s.edit(`  name = "acme"`, "  name = \"acme\"\n  secret_access_key_wo = \"one\"\n  secret_access_key_wo_version = 1\n")
				s.apply()
				s.edit("_version = 1\n", "_version = 2\n  lifecycle {\n    ignore_changes = [secret_access_key_wo]\n  }")
			},
			command: "apply", fails: "lifecycle.ignore_changes contains secret_access_key_wo", credential: "acme", stores: "acme",
			resources: both,
		},
	}
}

// Each row is a line of the tables of commands and lifecycle arguments in the documentation of the credential and the object store.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	rows := lifecycleCommands()
	maps.Copy(rows, lifecycleArguments())
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setUp(t, civosim.Options{}, row.arguments...)
			if row.least != nil {
				s.Version(row.least)
			}
			if row.change != nil {
				row.change(s)
			}
			command := strings.Fields(row.command)
			if command[0] != "plan" {
				command = append(command, "-auto-approve")
			}
			output, code := s.Run(command...)
			if (code != 0) != (row.fails != "") || !strings.Contains(words(output), row.fails) {
				t.Fatalf("the code is %d: %s", code, output)
			}
			if got, want := s.found(), [3]string{row.credential, row.stores, row.resources}; got != want {
				t.Errorf("at Civo and in the state are %q, not %q: %s", got, want, output)
			}
			if row.next != nil {
				row.next(s)
			}
		})
	}
}

// found returns the names of the credentials and of the stores at Civo, and the resources in the state.
func (s *situation) found() [3]string {
	var credentials, stores []string
	for _, c := range s.env.Credentials("") {
		credentials = append(credentials, c.Name)
	}
	for _, st := range s.env.Stores("") {
		if stores = append(stores, st.Name); st.ID != s.id {
			stores = append(stores, "(new)")
		}
	}
	return [3]string{strings.Join(credentials, " "), strings.Join(stores, " "), words(s.MustRun("state", "list"))}
}
