package credential_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Each change that an error about conflicting arguments recommends resolves the conflict.
func TestAdvice_ConflictingArguments(t *testing.T) {
	t.Parallel()
	const (
		secret, writeOnly, wo, rotates, hidden = "secret_access_key", "secret_access_key_wo", "secret_access_key_wo_version", "rotate_when_changed", "secret_in_state"
	)
	all := acctest.Object{secret: "a", writeOnly: "b", wo: int64(1), rotates: map[string]string{"month": "1"}, hidden: false}
	d := acctest.Simulated(t, civosim.Options{}).Driver(t)
	for _, row := range []struct {
		set    []string
		advice string
		remain []string // the arguments after the recommended change
	}{
		{[]string{secret, writeOnly, wo}, "Remove secret_access_key to keep the secret out of the state", []string{writeOnly, wo}},
		{[]string{secret, writeOnly}, "or remove secret_access_key_wo to store the secret in the state", []string{secret}},
		{[]string{secret, hidden}, "Remove secret_in_state = false", []string{secret}},
		{[]string{secret, hidden}, "or supply the secret in secret_access_key_wo instead", []string{writeOnly, wo, hidden}},
		{[]string{secret, rotates}, "Remove rotate_when_changed", []string{secret}},
		{[]string{secret, rotates}, "or remove secret_access_key", []string{rotates}},
		{[]string{writeOnly, wo, rotates}, "Remove rotate_when_changed", []string{writeOnly, wo}},
		{[]string{writeOnly}, "Add secret_access_key_wo_version = 1", []string{writeOnly, wo}},
		{[]string{wo}, "Add secret_access_key_wo", []string{writeOnly, wo}},
		{[]string{wo}, "or remove secret_access_key_wo_version", nil},
	} {
		config := func(names []string) acctest.Object {
			object := acctest.Object{"name": "backups"}
			for _, name := range names {
				object[name] = all[name]
			}
			return object
		}
		diags := d.Validate(t.Context(), config(row.set))
		checkSays(t, diags, []string{"Conflicting arguments", row.advice})
		if diags := d.Validate(t.Context(), config(row.remain)); diags.Failed() {
			t.Errorf("after %q: %s", row.advice, diags)
		}
	}
}

// Each row follows a piece of advice in a message literally, and expects that it helps: the next plan is empty.
func TestAdvice_Credential(t *testing.T) {
	t.Parallel()
	one := required + credentialNamed("backups")
	const lookup = "ephemeral \"civo_objectstore_credential\" \"test\" {\n  name = \"backups\"\n}\n"
	for name, row := range map[string]struct {
		least   *version.Version // of Terraform
		config  string           // of the failing run
		before  func(*acctest.Workspace, *acctest.Env)
		command string
		advice  string
		follow  func(*acctest.Workspace, *acctest.Env)
	}{
		"failed: replace": {
			config: one,
			before: func(ws *acctest.Workspace, w *acctest.Env) {
				ws.MustRun("apply", "-auto-approve")
				w.ChangeCredential(w.Credentials("")[0].ID, func(c *civosim.Credential) { c.Status = "failed" })
			},
			command: "plan", advice: "replace the credential with terraform apply -replace",
			follow: func(ws *acctest.Workspace, _ *acctest.Env) { ws.MustRun("apply", "-auto-approve", "-replace="+address) },
		},
		"ephemeral resource in the same run: refer to the ID": {
			least: tfversion.Version1_10_0, config: one + lookup, command: "plan",
			advice: "use the ID of the resource instead of name. Replace NAME with the name of the resource: id = civo_objectstore_credential.NAME.id",
			follow: func(ws *acctest.Workspace, _ *acctest.Env) {
				ws.Write("main.tf", one+strings.Replace(lookup, `name = "backups"`, "id = civo_objectstore_credential.test.id", 1))
				ws.MustRun("apply", "-auto-approve")
			},
		},
		"provider not configured: target": {
			least:  tfversion.Version1_4_0,
			config: one + "resource \"terraform_data\" \"region\" {\n  input = \"LON1\"\n}\nprovider \"civo\" {\n  region = terraform_data.region.output\n}\ndata \"civo_objectstore_credentials\" \"all\" {\n}\n",
			before: func(ws *acctest.Workspace, _ *acctest.Env) { ws.Setenv("CIVO_REGION", "") }, command: "plan",
			advice: "first use -target to apply the resource that provides the value, then apply again.",
			follow: func(ws *acctest.Workspace, _ *acctest.Env) {
				ws.MustRun("apply", "-auto-approve", "-target=terraform_data.region")
				ws.MustRun("apply", "-auto-approve")
				ws.MustRun("apply", "-auto-approve") // the data source lists the new credential
			},
		},
		"missing region: set the variable": {
			config: one, before: func(ws *acctest.Workspace, _ *acctest.Env) { ws.Setenv("CIVO_REGION", "") }, command: "plan",
			advice: "or set the environment variable CIVO_REGION",
			follow: func(ws *acctest.Workspace, _ *acctest.Env) {
				ws.Setenv("CIVO_REGION", "LON1")
				ws.MustRun("apply", "-auto-approve")
			},
		},
		"region of an existing credential: the error is about the configuration": {
			config: required + credentialNamed("backups", `region = "LON9"`),
			before: func(ws *acctest.Workspace, _ *acctest.Env) {
				broken := ws.Read("main.tf")
				ws.Write("main.tf", one)
				ws.MustRun("apply", "-auto-approve")
				ws.Write("main.tf", broken)
			},
			command: "plan", advice: "Regions with object storage in your account: lon1, fra1",
			follow: func(ws *acctest.Workspace, _ *acctest.Env) {
				ws.Write("main.tf", required+credentialNamed("backups", `region = "lon1"`))
			},
		},
		"name taken: import block": {
			least: tfversion.Version1_5_0, config: one,
			before: func(_ *acctest.Workspace, w *acctest.Env) {
				w.AddCredential(civosim.Credential{ID: "some-id", Name: "backups"})
			},
			command: "apply", advice: "import { to = civo_objectstore_credential.NAME id = \"LON1/some-id\" }",
			follow: func(ws *acctest.Workspace, _ *acctest.Env) {
				ws.Write("import.tf", "import {\n  to = civo_objectstore_credential.test\n  id = \"LON1/some-id\"\n}\n")
				ws.MustRun("apply", "-auto-approve")
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			ws := w.Workspace(t, row.config)
			if row.least != nil {
				ws.Version(row.least)
			}
			if row.before != nil {
				row.before(ws, w)
			}
			command := []string{row.command}
			if row.command == "apply" {
				command = append(command, "-auto-approve")
			}
			message, _ := ws.Run(command...)
			if words := strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(message)), " "); !strings.Contains(words, row.advice) {
				t.Fatalf("the message does not contain the advice: %s", message)
			}
			row.follow(ws, w)
			ws.MustRun("plan", "-detailed-exitcode")
		})
	}
}

// Untainting the credential of a create with an unknown outcome keeps it. Planning again creates one that no longer exists.
func TestAdvice_State(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	d := w.Driver(t)
	i, config := d.NewInstance(), acctest.Object{"name": "backups"}
	w.Inject(civosim.Fault{Kind: civosim.KindCreateCredential, Nth: 1, Effect: civosim.EffectAfterClose},
		civosim.Fault{Kind: civosim.KindListCredentials, Times: 100, Effect: civosim.Effect503})
	_, diags := d.Run(t.Context(), i, config)
	checkSays(t, diags, []string{"To keep the credential, run terraform untaint first."})
	w.ClearFaults()
	i.Tainted = false
	id := only(t, w).ID
	if _, diags := d.Run(t.Context(), i, config); diags.Failed() || i.Get("id") != id {
		t.Errorf("after untaint, the state has %q, not %q: %s", i.Get("id"), id, diags)
	}

	config["access_key_id"] = "another"
	plan, diags := d.Plan(t.Context(), i, config)
	if diags.Failed() {
		t.Fatal(diags)
	}
	w.RemoveCredential(id)
	checkSays(t, d.Apply(t.Context(), i, plan), []string{"Plan and apply again to create a new credential."})
	if _, diags := d.Run(t.Context(), i, config); diags.Failed() || only(t, w).AccessKeyID != "another" {
		t.Errorf("Civo has %+v: %s", w.Credentials(""), diags)
	}
}
