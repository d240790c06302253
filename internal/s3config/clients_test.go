package s3config_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
)

// run runs a program in an empty home directory with a configuration in the file "config". It returns the standard output, and
// skips the test if the program is not installed.
func run(t *testing.T, config string, command ...string) string {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		t.Skip(err)
	}
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
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

// The shell, s3cmd and rclone read the secret that was passed to the function.
func TestClients_ReadTheSecret(t *testing.T) {
	t.Parallel()
	acctest.SkipIfShort(t)
	secrets := []string{
		"not-a-real-secret", `a'b`, `'a'`, `'\''`, `"a"`, `""`, `"a"b"`, `"`, `"""a`, `"""`, "`a`", "``", "`", "a`",
		"#a", ";a", "a#b;c", `\n\`, "a=b:c", "[civo]", "a$HOME", `"$HOME"`, "a${HOME}`id`$(id)", "a*?!~", "%", "%%", "%(bucket)", "a%2Fb/+=",
	}
	for _, program := range []struct {
		name, function string
		read           func(t *testing.T, config string) string
	}{
		{"sh", "s3_environment", func(t *testing.T, config string) string {
			t.Helper()
			return run(t, config, "sh", "-c", `. ./config && printf %s "$AWS_SECRET_ACCESS_KEY"`)
		}},
		{"s3cmd", "s3cfg", func(t *testing.T, config string) string {
			t.Helper()
			settings := run(t, config, "s3cmd", "--config=config", "--dump-config")
			return regexp.MustCompile(`(?m)^secret_key = (.*)$`).FindStringSubmatch(settings)[1]
		}},
		{"rclone", "rclone_config", func(t *testing.T, config string) string {
			t.Helper()
			var remotes map[string]map[string]string
			if err := json.Unmarshal([]byte(run(t, config, "rclone", "config", "dump", "--config=config")), &remotes); err != nil {
				t.Fatal(err)
			}
			return remotes["civo"]["secret_access_key"]
		}},
	} {
		for _, secret := range secrets {
			t.Run(program.name+"/"+secret, func(t *testing.T) {
				t.Parallel()
				config := text(t, program.function, plain.with("secret_access_key", secret))
				if got := program.read(t, config); got != secret {
					t.Errorf("%s reads %q, not %q, from\n%s", program.name, got, secret, config)
				}
			})
		}
	}
}
