package s3config_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
)

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
		for _, secret := range secrets {
			configs = append(configs, text(t, function, plain.with("secret_access_key", secret)))
		}
		for i, got := range reader(configs) {
			if got != secrets[i] {
				t.Errorf("%q is read, not %q", got, secrets[i])
			}
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
				config := text(t, "s3cfg", plain.with("access_key_id", three[0]).with("region", three[1]).with("secret_access_key", three[2]))
				settings := run(t, []string{config}, "s3cmd", "--config=0", "--dump-config")
				for _, option := range []string{"access_key", "bucket_location", "secret_key"} {
					got = append(got, regexp.MustCompile(`(?m)^` + option + ` = (.*)$`).FindStringSubmatch(settings)[1])
				}
			}
			return got[:len(secrets)]
		})
	})
}
