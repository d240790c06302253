// Golden files of diagnostics.

package acctest

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

var update = flag.Bool("update", false, "write the golden files of diagnostics")

// Diagnose causes diagnostics and returns them.
type Diagnose func(context.Context, *Env, *Driver) Diagnostics

// Message is one case of a golden file: a situation in which the provider returns diagnostics.
type Message struct {
	Name     string
	TypeName string // of the driver; default: the constant TypeName
	Options  civosim.Options
	Diagnose Diagnose
}

// CheckGolden compares the diagnostics of all messages with a golden file, which contains them as a user reads them. The flag -update
// writes the file. Placeholders replace the directory dir and values that differ from run to run. CheckGolden returns the content, or ""
// if -run excludes a message.
func CheckGolden(t *testing.T, file, dir string, all []Message) string {
	t.Helper()
	texts := make([]string, len(all))
	t.Run("situation", func(t *testing.T) {
		for i, m := range all {
			t.Run(m.Name, func(t *testing.T) {
				t.Parallel()
				w := Simulated(t, m.Options)
				diags := m.Diagnose(t.Context(), w, w.Driver(t).For(cmp.Or(m.TypeName, TypeName)))
				if len(diags) == 0 {
					t.Error("no diagnostics")
				}
				checkNoSecret(t, w, diags)
				texts[i] = m.markdown(diags, w, dir)
			})
		}
	})
	for i, text := range texts {
		if text == "" {
			t.Logf("the golden file is not compared: -run excludes %q", all[i].Name)
			return ""
		}
	}
	golden := "# Diagnostics of the provider\n\nWritten by " + t.Name() + ".\n" + strings.Join(texts, "")
	if *update {
		if err := os.WriteFile(file, []byte(golden), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file) //nolint:gosec // the test's own
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), golden); diff != "" {
		t.Errorf("the diagnostics differ from the golden file (-want +got):\n%s", diff)
	}
	return golden
}

// checkNoSecret verifies that no diagnostic contains the token or a secret that Civo generated.
func checkNoSecret(t *testing.T, w *Env, diags Diagnostics) {
	t.Helper()
	secrets := []string{w.Token()}
	for _, c := range w.Credentials("") {
		if len(c.SecretAccessKey) == 40 {
			secrets = append(secrets, c.SecretAccessKey)
		}
	}
	for _, secret := range secrets {
		if strings.Contains(diags.String(), secret) {
			t.Errorf("the token or a secret is in the message: %s", diags)
		}
	}
}

func (m Message) markdown(diags Diagnostics, w *Env, dir string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\n## %s\n", m.Name)
	for _, one := range diags {
		fmt.Fprintf(&text, "\n%s", one.Severity)
		if one.Attribute != nil {
			var names []string
			for _, match := range attributeName.FindAllStringSubmatch(one.Attribute.String(), -1) {
				names = append(names, match[1])
			}
			fmt.Fprintf(&text, " on `%s`", strings.Join(names, "."))
		}
		fmt.Fprintf(&text, ": **%s**\n\n%s\n", one.Summary, stable(one.Detail, w, dir))
	}
	return text.String()
}

var (
	anyID         = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	anyKey        = regexp.MustCompile(`\b[A-Z0-9]{20}\b`)
	anyPort       = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	attributeName = regexp.MustCompile(`AttributeName\("(.*?)"\)`)
)

// exampleID is an ID in a text of the provider, which is the same in every run.
const exampleID = "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f"

// stable replaces values that differ from run to run with placeholders, and Windows' words for a refused connection with those of Unix.
func stable(text string, w *Env, dir string) string {
	text = strings.NewReplacer(
		w.URL(), "ENDPOINT", dir, "DIRECTORY",
		"connectex: No connection could be made because the target machine actively refused it.", "connect: connection refused",
	).Replace(text)
	text = anyID.ReplaceAllStringFunc(text, func(id string) string {
		if id == exampleID {
			return id
		}
		return "ID"
	})
	text = anyKey.ReplaceAllString(text, "ACCESSKEYID")
	return anyPort.ReplaceAllString(text, "ADDRESS")
}
