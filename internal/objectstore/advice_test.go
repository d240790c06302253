package objectstore_test

import (
	"maps"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// words returns the output of Terraform without the frames of diagnostics and line breaks.
func words(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}

func (s *situation) apply(arguments ...string) {
	s.MustRun(append([]string{"apply", "-auto-approve"}, arguments...)...)
}

// shell runs the command in a message that begins with a prefix, with a shell.
func (s *situation) shell(t *testing.T, message, prefix string) {
	t.Helper()
	line := regexp.MustCompile(`(?m)^│? *(` + prefix + `.*)$`).FindStringSubmatch(message)
	if line == nil {
		t.Fatalf("the message contains no command %q: %s", prefix, message)
	}
	model := s.Command(t.Context())
	command := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(line[1], "terraform", model.Path, 1)) //nolint:gosec // our own message
	command.Dir, command.Env = model.Dir, model.Env
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", line[1], err, output)
	}
}

const (
	byReference = "access_key_id = " + credentialAddress + ".access_key_id"
	anotherOne  = "resource \"civo_objectstore_credential\" \"new\" {\n  name = \"new\"\n}\n"
)

const kept, replaced, destroyed = "kept", "replaced", "destroyed"

// advice is a piece of advice in a message of the provider.
type advice struct {
	options civosim.Options
	least   *version.Version // of Terraform
	setUp   func(*situation) // after the first apply
	command string           // whose message contains the advice; default: apply
	advice  string
	follow  func(t *testing.T, s *situation, message string)
	wants   string // what happens to the store; the next plan is empty
}

func adviceAboutObjects() map[string]advice {
	return map[string]advice{
		"contains objects: set force_destroy": {
			command: "destroy",
			advice:  "set force_destroy = true and apply. Then destroy",
			follow: func(_ *testing.T, s *situation, _ string) {
				s.force()
				s.apply()
				s.MustRun("destroy", "-auto-approve")
			},
			wants: destroyed,
		},
		"contains objects: revert the change": {
			setUp:  func(s *situation) { s.edit(`name          = "acme"`, `name          = "acme-new"`) },
			advice: "If a change in the configuration replaces the object store, first revert that change.",
			follow: func(_ *testing.T, s *situation, _ string) {
				s.edit(`"acme-new"`, `"acme"`)
				s.force()
				s.apply()
				s.edit(`name          = "acme"`, `name          = "acme-new"`)
				s.apply()
			},
			wants: replaced,
		},
		"contains objects: untaint": {
			setUp:  func(s *situation) { s.MustRun("taint", address) },
			advice: "If the object store is tainted, first run terraform untaint.",
			follow: func(_ *testing.T, s *situation, _ string) {
				s.MustRun("untaint", address)
				s.force()
				s.apply()
				s.MustRun("taint", address)
				s.apply()
			},
			wants: replaced,
		},
		"contains objects: keep it, and then its owner": {
			command: "destroy",
			advice: "To keep the object store and its objects, revert the change if the plan replaces the object store. " +
				"Otherwise, remove the object store from the state, and remove its resource block from the configuration.",
			follow: func(t *testing.T, s *situation, message string) {
				t.Helper()
				s.shell(t, strings.ReplaceAll(message, "civo_objectstore.NAME", address), "terraform state rm")
				s.Write("main.tf", required+"resource \"civo_objectstore_credential\" \"test\" {\n  name = \"acme\"\n}\n")
				message, _ = s.Run("destroy", "-auto-approve")
				if !strings.Contains(words(message), "To keep the object stores and their objects,") || !strings.Contains(words(message), "civo objectstore delete "+s.id+" --region LON1") {
					t.Fatalf("the message does not contain the advice: %s", message)
				}
				s.shell(t, strings.ReplaceAll(message, "civo_objectstore_credential.NAME", credentialAddress), "terraform state rm")
				s.Write("main.tf", required)
				s.MustRun("destroy", "-auto-approve")
			},
			wants: kept,
		},
		"contains objects: keep the owner": {
			setUp:  func(s *situation) { s.MustRun("taint", credentialAddress) },
			advice: "If the plan replaces the object store because of its credential, set access_key_id = \"",
			follow: func(t *testing.T, s *situation, message string) {
				t.Helper()
				key := regexp.MustCompile(`set access_key_id = ("[A-Z0-9]+")`).FindStringSubmatch(words(message))
				s.force()
				s.edit(byReference, "access_key_id = "+key[1])
				s.apply("-target=" + address)
				s.edit("access_key_id = "+key[1], byReference)
				s.apply()
			},
			wants: replaced,
		},
		"contains objects: delete it outside of Terraform, deposed": {
			setUp: func(s *situation) {
				s.edit(byReference, byReference+"\n  lifecycle {\n    create_before_destroy = true\n  }")
				s.edit(`name          = "acme"`, `name          = "acme-new"`)
			},
			advice: "even if the object store is deposed. Run this command, then try again: civo objectstore delete ",
			follow: func(_ *testing.T, s *situation, _ string) { s.env.RemoveStore(s.id); s.apply() },
			wants:  replaced,
		},
	}
}

func adviceAboutOwners() map[string]advice {
	const suppliedKeys = "  name = \"acme\"\n  access_key_id     = \"key-one\"\n  secret_access_key = \"secret-one\""
	return map[string]advice{
		"owner not known: apply the owner": {
			least: tfversion.Version1_4_0,
			setUp: func(s *situation) {
				s.edit(`  name = "acme"`, "  name = \"acme\"\n  access_key_id = terraform_data.key.output\n  secret_access_key = \"secret\"")
				s.Write("key.tf", "resource \"terraform_data\" \"key\" {\n  input = \"key-one\"\n}\n")
			},
			command: "plan",
			advice:  "If the plan updates the current owner in place, first apply the owner with -target, then plan again. The provider then keeps the object store.",
			follow:  func(_ *testing.T, s *situation, _ string) { s.apply("-target=" + credentialAddress) },
			wants:   kept,
		},
		"name not known: apply its source": {
			least: tfversion.Version1_4_0,
			setUp: func(s *situation) {
				s.edit(`name          = "acme"`, `name = terraform_data.name.output`)
				s.Write("name.tf", "resource \"terraform_data\" \"name\" {\n  input = \"acme\"\n}\n")
			},
			command: "plan",
			advice:  "name is not known before apply, so Terraform plans a replacement, even if the value stays the same. To make the value known, first use -target to apply the resource that provides the value",
			follow:  func(_ *testing.T, s *situation, _ string) { s.apply("-target=terraform_data.name") },
			wants:   kept,
		},
		"another owner: replace": {
			options: civosim.Options{OmitOwnerCredentialID: true},
			setUp: func(s *situation) {
				s.force()
				s.apply()
				s.env.RemoveCredential(s.env.Credentials("")[0].ID)
				s.apply("-target=" + credentialAddress)
			},
			advice: "To replace the object store and delete its objects, run terraform apply with -replace.",
			follow: func(_ *testing.T, s *situation, _ string) { s.apply("-replace=" + address) },
			wants:  replaced,
		},
		"another owner: set force_destroy first": {
			options: civosim.Options{OmitOwnerCredentialID: true},
			setUp: func(s *situation) {
				s.env.RemoveCredential(s.env.Credentials("")[0].ID)
				s.apply("-target=" + credentialAddress)
			},
			advice: "To set force_destroy first, change access_key_id back to the value in the state, set force_destroy = true, and apply.",
			follow: func(t *testing.T, s *situation, _ string) {
				t.Helper()
				state := s.MustRun("state", "show", "-no-color", address)
				inState := regexp.MustCompile(`access_key_id *= "[A-Z0-9]+"`).FindString(state)
				s.force()
				s.edit(byReference, inState)
				s.apply()
				s.edit(inState, byReference)
				s.apply("-replace=" + address)
			},
			wants: replaced,
		},
		"credential owns stores: replace them too": {
			setUp: func(s *situation) {
				s.edit(`  name = "acme"`, suppliedKeys)
				s.force()
				s.apply()
				s.edit(`  name = "acme"`, `  name = "renamed"`)
			},
			advice: "If the plan replaces the credential but not the stores, also replace the stores with -replace.",
			follow: func(_ *testing.T, s *situation, _ string) { s.apply("-replace=" + address) },
			wants:  replaced,
		},
		"credential owns stores: refer to it": {
			setUp: func(s *situation) {
				s.edit(`  name = "acme"`, suppliedKeys)
				s.force()
				s.apply()
				s.edit(byReference, `access_key_id = "key-one"`)
				s.apply()
			},
			command: "destroy -target=" + credentialAddress,
			advice:  "set their access_key_id to the access_key_id of this resource. Terraform then deletes the stores before the credential.",
			follow: func(_ *testing.T, s *situation, _ string) {
				s.edit(`  access_key_id = "key-one"`+"\n  "+forceDestroy, byReference+"\n  "+forceDestroy)
				s.apply()
				s.MustRun("destroy", "-auto-approve", "-target="+credentialAddress)
			},
			wants: destroyed,
		},
	}
}

func adviceAboutNames() map[string]advice {
	return map[string]advice{
		"name taken: import, with for_each": {
			setUp: func(s *situation) {
				s.MustRun("state", "rm", address)
				s.edit(`"civo_objectstore" "test" {`, "\"civo_objectstore\" \"test\" {\n  for_each = toset([\"a\"])")
			},
			advice: "Replace civo_objectstore.NAME with the address of the resource in the plan, including the key if the resource uses for_each, as in civo_objectstore.NAME[\"KEY\"]:",
			follow: func(t *testing.T, s *situation, message string) {
				t.Helper()
				s.shell(t, strings.ReplaceAll(message, "civo_objectstore.NAME", address+`["a"]`), "terraform import")
			},
			wants: kept,
		},
		"name taken: moved block": {
			least:  tfversion.Version1_1_0,
			setUp:  func(s *situation) { s.edit(`"civo_objectstore" "test"`, `"civo_objectstore" "renamed"`) },
			advice: "If you renamed the resource in the configuration, add a moved block.",
			follow: func(_ *testing.T, s *situation, _ string) {
				s.Write("moved.tf", "moved {\n  from = "+address+"\n  to   = civo_objectstore.renamed\n}\n")
				s.apply()
			},
			wants: kept,
		},
		"lookup in the same run: refer to the ID": {
			setUp: func(s *situation) {
				s.Write("lookup.tf", anotherOne+"data \"civo_objectstore_credential\" \"new\" {\n  name = \"new\"\n}\n")
			},
			advice: "use the ID of the resource instead of name. Replace NAME with the name of the resource: id = civo_objectstore_credential.NAME.id",
			follow: func(_ *testing.T, s *situation, _ string) {
				s.Write("lookup.tf", anotherOne+"data \"civo_objectstore_credential\" \"new\" {\n  id = civo_objectstore_credential.new.id\n}\n")
				s.apply()
			},
			wants: kept,
		},
		"region from the provider": {
			setUp: func(s *situation) {
				s.Setenv("CIVO_REGION", "LON9\n")
				s.Write("new.tf", anotherOne)
			},
			command: "plan",
			advice:  "Regions with object storage in your account: lon1, fra1, nyc1, mum1. This resource does not set region. The region comes from CIVO_REGION.",
			follow:  func(_ *testing.T, s *situation, _ string) { s.Setenv("CIVO_REGION", "lon1\n"); s.apply() },
			wants:   kept,
		},
	}
}

// Each row follows a piece of advice in a message literally, and expects that it helps.
func TestAdvice(t *testing.T) {
	t.Parallel()
	rows := adviceAboutObjects()
	maps.Copy(rows, adviceAboutOwners())
	maps.Copy(rows, adviceAboutNames())
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setUp(t, row.options)
			if row.least != nil {
				s.Version(row.least)
			}
			if row.setUp != nil {
				row.setUp(s)
			}
			command := strings.Fields(row.command)
			switch {
			case row.command == "":
				command = []string{"apply", "-auto-approve"}
			case row.command != "plan":
				command = append(command, "-auto-approve")
			}
			message, _ := s.Run(command...)
			if !strings.Contains(words(message), row.advice) {
				t.Fatalf("the message does not contain the advice: %s", message)
			}
			row.follow(t, s, message)
			if row.wants != destroyed {
				s.MustRun("plan", "-detailed-exitcode")
			}
			stores := s.env.Stores("")
			if ok := map[string]bool{kept: s.holds(), replaced: len(stores) == 1 && !s.holds(), destroyed: len(stores) == 0}[row.wants]; !ok {
				t.Errorf("Civo has %+v", stores)
			}
		})
	}
}

// force sets force_destroy for the store.
func (s *situation) force() { s.edit(byReference, byReference+"\n  "+forceDestroy) }
