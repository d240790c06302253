package s3config_test

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// refusals are configurations that make a plan fail, with a part of the message. The first of them already fails to validate.
var refusals = []map[string]string{
	{
		`value = provider::civo::s3cfg("text")`:    `Invalid value for "credential" parameter: object required`,
		`value = provider::civo::s3cfg(["a"])`:     `Invalid value for "credential" parameter: object required`,
		`value = provider::civo::s3cfg(null)`:      `Invalid value for "credential" parameter: argument must not be null`,
		`value = provider::civo::s3cfg({ a = 1 })`: `attributes "access_key_id", "endpoint", "region", and "secret_access_key" are required.`,
		`value = provider::civo::s3cfg({ access_key_id = "a", secret_access_key = null, region = "LON1", endpoint = "https://e" })`: //
		`Invalid value for "credential" parameter: the attribute secret_access_key is null or empty. If the credential has secret_in_state = false or ` +
			`secret_access_key_wo, pass the ephemeral resource civo_objectstore_credential instead.`,
	},
	{
		"value = provider::civo::s3cfg(civo_objectstore_credential.backups)": "Output refers to sensitive values",
		"value = provider::civo::s3cfg(civo_objectstore_credential.new)\n sensitive = true\n}\n" + //
			"resource \"civo_objectstore_credential\" \"new\" {\n name = \"new\"\n secret_in_state = false": "the attribute secret_access_key is null or empty.",
	},
}

// Terraform calls the functions with everything that a configuration can pass to them. The results are sensitive.
func TestTerraform_Calls(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{})
	ws := w.Workspace(t, "")
	ws.Version(tfversion.Version1_8_0)
	ws.Copy("testdata")
	ws.MustRun("test")
	runsCommand := runtime.GOOS != "windows" && ws.IsAtLeast(tfversion.Version1_10_0)
	if runsCommand {
		ws.Write("hidden.tf", ws.Read("hidden/main.tf"))
	}
	if plan := ws.MustRun("plan"); !strings.Contains(plan, "+ results = (sensitive value)") {
		t.Errorf("the plan is\n%s", plan)
	}
	ws.MustRun("apply", "-auto-approve")
	secrets := map[string]string{}
	for _, c := range w.Credentials("") {
		secrets[c.Name] = c.SecretAccessKey
	}
	var outputs struct {
		Same   struct{ Value bool }
		Secret struct{ Value string }
	}
	if err := json.Unmarshal([]byte(ws.MustRun("output", "-json")), &outputs); err != nil {
		t.Fatal(err)
	}
	if !outputs.Same.Value || outputs.Secret.Value != secrets["backups"] {
		t.Errorf("the outputs are %+v, and the secret is %q", outputs, secrets["backups"])
	}
	if runsCommand && !strings.Contains(ws.Read("environment"), "\nAWS_SECRET_ACCESS_KEY="+secrets["hidden"]+"\n") {
		t.Error("the command does not have the secret in its environment")
	}
	if runsCommand && strings.Contains(ws.Read("terraform.tfstate"), secrets["hidden"]) {
		t.Error("the state contains the secret")
	}
	ws.MustRun("plan", "-detailed-exitcode")
	for _, refused := range refusals {
		var outputs strings.Builder
		for output := range refused {
			outputs.WriteString("output \"" + acctest.Name(t) + "\" {\n" + output + "\n}\n")
		}
		ws.Write("refused.tf", outputs.String())
		printed, code := ws.Run("plan")
		words := strings.Join(strings.Fields(printed), " ")
		for output, want := range refused {
			if code != 1 || !strings.Contains(words, want) {
				t.Errorf("with %s, the plan ends with %d:\n%s", output, code, printed)
			}
		}
	}
}
