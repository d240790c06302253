package s3config_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// refusals are configurations that make a plan fail, with a part of the message. The first of them already fails to validate.
var refusals = []map[string]string{
	{
		`value = provider::civo::s3cfg(null)`:      `Invalid value for "credential" parameter: argument must not be null`,
		`value = provider::civo::s3cfg({ a = 1 })`: `attributes "access_key_id", "endpoint", "region", and "secret_access_key" are required.`,
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
	if got := ws.MustRun("output", "-raw", "secret"); got != secrets["backups"] {
		t.Errorf("the output is %q, and the secret is %q", got, secrets["backups"])
	}
	if secret := secrets["hidden"]; runsCommand && (!strings.Contains(ws.Read("environment"), "\nAWS_SECRET_ACCESS_KEY="+secret+"\n") ||
		strings.Contains(ws.Read("terraform.tfstate"), secret)) {
		t.Error("the command does not have the secret in its environment, or the state contains it")
	}
	ws.MustRun("plan", "-detailed-exitcode")
	for _, refused := range refusals {
		var outputs strings.Builder
		for output := range refused {
			outputs.WriteString("output \"" + acctest.Name(t) + "\" {\n" + output + "\n}\n")
		}
		ws.Write("refused.tf", outputs.String())
		printed, code := ws.Run("plan")
		for output, want := range refused {
			if code != 1 || !strings.Contains(acctest.Words(printed), want) {
				t.Errorf("with %s, the plan ends with %d:\n%s", output, code, printed)
			}
		}
	}
}

// secrets are values that a shell or a parser of configurations could misread.
var secrets = []string{
	"not-a-real-secret", `a'b`, `'a'`, `'\''`, `"a"`, `""`, `"a"b"`, `"`, `"""a`, `"""`, "`a`", "``", "`", "a`",
	"#a", ";a", "a#b;c", `\n\`, "a=b:c", "[civo]", "a$HOME", `"$HOME"`, "a${HOME}`id`$(id)", "a*?!~", "%", "%%", "%(bucket)", "a%2Fb/+=",
}

// Each program reads the secrets that were passed to the functions.
func TestClients_ReadTheSecret(t *testing.T) {
	t.Parallel()
	acctest.SkipIfShort(t)
	for program, row := range map[string]struct {
		function string
		command  string // prints the secret in the file $config
	}{
		"sh":     {"s3_environment", `. "./$config"; printf '%s\n' "$AWS_SECRET_ACCESS_KEY"`},
		"s3cmd":  {"s3cfg", `s3cmd --config="$config" --dump-config | sed -n 's/^secret_key = //p'`},
		"rclone": {"rclone_config", `rclone --config="$config" config show civo | sed -n 's/^secret_access_key = //p'`},
	} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(program); err != nil {
				t.Skip(err)
			}
			home := t.TempDir()
			for i, value := range secrets {
				config := text(t, row.function, secret(value))
				if err := os.WriteFile(filepath.Join(home, strconv.Itoa(i)), []byte(config), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			script := fmt.Sprintf("for config in $(seq 0 %d); do %s; done", len(secrets)-1, row.command)
			shell := exec.CommandContext(t.Context(), "sh", "-c", script) //nolint:gosec // the commands of this test
			shell.Dir, shell.Env = home, []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
			printed, err := shell.Output()
			if got := strings.Split(strings.TrimSuffix(string(printed), "\n"), "\n"); err != nil || !slices.Equal(got, secrets) {
				t.Errorf("%v: the program reads\n%q\nnot\n%q", err, got, secrets)
			}
		})
	}
}
