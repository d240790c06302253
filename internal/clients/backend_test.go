package clients_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
)

// backend is a workspace whose state is in a store: the backend of the guide "Use the keys", with the endpoint that the guide adds for a
// CI system.
type backend struct {
	*acctest.Workspace

	works bool // after create
}

func newBackend(t *testing.T, p plane) *backend {
	t.Helper()
	guide, guideErr := os.ReadFile("../../templates/guides/use-the-keys.md.tmpl")
	config, err := os.ReadFile("../../examples/guides/use-the-keys/backend/main.tf")
	if err = errors.Join(guideErr, err); err != nil {
		t.Fatal(err)
	}
	argument := regexp.MustCompile("`(endpoints = [^`]+)`").FindStringSubmatch(string(guide))
	if argument == nil {
		t.Fatal("the guide does not contain the endpoint")
	}
	endpoint := strings.Replace(argument[1], "https://objectstore.lon1.civo.com", p.url, 1)
	ws := p.Workspace(t, strings.Replace(string(config), "use_path_style", endpoint+"\n    use_path_style", 1))
	ws.Setenv("AWS_CA_BUNDLE", p.certificate)
	return &backend{Workspace: ws}
}

// setKeys sets the variables that the guide lists for a CI system: the keys, and those for checksums.
func (b *backend) setKeys(environment string) {
	for line := range strings.Lines(environment) {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		if strings.HasSuffix(name, "_KEY_ID") || strings.HasSuffix(name, "_ACCESS_KEY") || strings.Contains(name, "_CHECKSUM_") {
			b.Setenv(name, strings.Trim(value, "'"))
		}
	}
}

// create stores and locks a state. While Terraform waits for the approval, it holds the lock, and another plan fails.
func (b *backend) create(t *testing.T, p plane, environment string) {
	t.Helper()
	if !b.IsAtLeast(tfversion.Version1_10_0) {
		t.Skip("requires Terraform 1.10")
	}
	b.setKeys(environment)
	output, code := b.Run("init")
	if strings.Contains(output, "There is no backend type named") {
		t.Skip("this Terraform was built without the S3 backend; released ones have it")
	}
	if code != 0 {
		t.Fatalf("init ends with %d:\n%s", code, output)
	}
	waiting := b.Command(t.Context(), "apply")
	answer, inputErr := waiting.StdinPipe()
	shown, outputErr := waiting.StdoutPipe()
	if err := errors.Join(inputErr, outputErr, waiting.Start()); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(shown); lines.Scan() && !strings.Contains(lines.Text(), "Only 'yes' will be accepted"); {
		output += lines.Text() + "\n"
	}
	b.refused(t, "Error acquiring the state lock")
	if _, err := answer.Write([]byte("yes\n")); err != nil {
		t.Error(err)
	}
	rest, _ := io.ReadAll(shown)
	if err := waiting.Wait(); err != nil {
		t.Fatalf("%v\n%s%s", err, output, rest)
	}
	for _, store := range p.Stores("") {
		if store.Name == "acme-backups" && store.ObjectCount != 1 {
			t.Errorf("the store contains %d objects, not the state alone", store.ObjectCount)
		}
	}
	b.works = true
}

// rotate reads the state with a new secret. With the old one, a plan fails.
func (b *backend) rotate(t *testing.T, environment string) {
	t.Helper()
	if !b.works {
		t.Skip("there is no state")
	}
	b.refused(t, "SignatureDoesNotMatch")
	b.setKeys(environment)
	if output, code := b.Run("plan", "-detailed-exitcode"); code != 0 {
		t.Errorf("with the new secret, the plan ends with %d:\n%s", code, output)
	}
}

// refused runs a plan that must fail with an error.
func (b *backend) refused(t *testing.T, want string) {
	t.Helper()
	if output, code := b.Run("plan"); code == 0 || !strings.Contains(output, want) {
		t.Errorf("the plan does not fail with %q, but ends with %d:\n%s", want, code, output)
	}
}
