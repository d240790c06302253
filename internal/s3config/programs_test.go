package s3config_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
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

// run runs a program in an empty home directory with configurations in the files 0, 1 and so on. It returns the standard output, and
// skips the test if the program is not installed.
func run(t *testing.T, configs []string, command ...string) string {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		t.Skip(err)
	}
	home := t.TempDir()
	for i, config := range configs {
		if err := os.WriteFile(filepath.Join(home, fmt.Sprint(i)), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program := exec.CommandContext(t.Context(), command[0], command[1:]...) //nolint:gosec // the test's own command
	program.Dir, program.Env = home, []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
	var errors strings.Builder
	program.Stderr = &errors
	output, err := program.Output()
	if err != nil {
		t.Fatalf("%q: %v\n%s%s", command, err, output, errors.String())
	}
	return string(output)
}

// The shell, s3cmd and rclone read the secrets that were passed to the functions. A start of a program reads as many as it can.
func TestClients_ReadTheSecret(t *testing.T) {
	t.Parallel()
	acctest.SkipIfShort(t)
	read := func(t *testing.T, function string, reader func(configs []string) []string) {
		t.Helper()
		var configs []string
		for _, value := range secrets {
			configs = append(configs, text(t, function, secret(value)))
		}
		if got := reader(configs); !slices.Equal(got, secrets) {
			t.Errorf("the program reads %q, not %q", got, secrets)
		}
	}
	t.Run("sh", func(t *testing.T) {
		t.Parallel()
		read(t, "s3_environment", func(configs []string) []string {
			script := `for config in $(seq 0 "$1"); do . "./$config"; printf '%s\n' "$AWS_SECRET_ACCESS_KEY"; done`
			return strings.Split(strings.TrimSuffix(run(t, configs, "sh", "-c", script, "sh", fmt.Sprint(len(configs)-1)), "\n"), "\n")
		})
	})
	t.Run("rclone", func(t *testing.T) {
		t.Parallel()
		read(t, "rclone_config", func(configs []string) (got []string) {
			for i := range configs {
				configs[i] = strings.Replace(configs[i], "[civo]", fmt.Sprintf("[%d]", i), 1)
			}
			var remotes map[string]map[string]string
			dump := run(t, []string{strings.Join(configs, "")}, "rclone", "config", "dump", "--config=0")
			if err := json.Unmarshal([]byte(dump), &remotes); err != nil {
				t.Fatal(err)
			}
			for i := range configs {
				got = append(got, remotes[fmt.Sprint(i)]["secret_access_key"])
			}
			return got
		})
	})
	t.Run("s3cmd", func(t *testing.T) { // a configuration has three values, which the function writes in the same way
		t.Parallel()
		read(t, "s3cfg", func([]string) (got []string) {
			for three := range slices.Chunk(append(secrets, "a", "b", "c")[:(len(secrets)+2)/3*3], 3) {
				config := text(t, "s3cfg", attributes{
					"access_key_id": types.StringValue(three[0]), "region": types.StringValue(three[1]), "secret_access_key": types.StringValue(three[2]),
				})
				settings := run(t, []string{config}, "s3cmd", "--config=0", "--dump-config")
				for _, option := range []string{"access_key", "bucket_location", "secret_key"} {
					got = append(got, regexp.MustCompile(`(?m)^` + option + ` = (.*)$`).FindStringSubmatch(settings)[1])
				}
			}
			return got[:len(secrets)]
		})
	})
}
