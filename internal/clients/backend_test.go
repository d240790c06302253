package clients_test

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
)

// The backend of the guide "Use the keys" stores and locks a state. It reads the keys of a credential from the environment.
func TestBackend_StateInAStore(t *testing.T) {
	t.Parallel()
	onPlanes(t, testBackend)
}

func testBackend(t *testing.T, p plane) {
	t.Helper()
	keys := workspace(t, p, required+`
resource "civo_objectstore_credential" "state" {
  name                = "state"
  rotate_when_changed = { generation = var.generation }
}

resource "civo_objectstore" "state" {
  name          = "acme-backups"
  access_key_id = civo_objectstore_credential.state.access_key_id
}

output "environment" {
  value     = provider::civo::s3_environment(civo_objectstore_credential.state)
  sensitive = true
}
`)
	apply(keys, "1")

	backend, err := os.ReadFile(filepath.Join("..", "..", "examples", "guides", "use-the-keys", "backend", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	ws := newBackend(t, p, string(backend), "in the store")
	setKeys(keys, ws, "")
	checkBackend(t, p, ws, "in the store")

	// The keys and the variables for checksums alone, as in a CI system, with the endpoint in the block.
	byHand := newBackend(t, p, strings.Replace(string(backend), "use_path_style", `endpoints = { s3 = "`+p.url+`" }`+"\n    use_path_style", 1), "by hand")
	setKeys(keys, byHand, "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REQUEST_CHECKSUM_CALCULATION AWS_RESPONSE_CHECKSUM_VALIDATION")
	checkBackend(t, p, byHand, "by hand")

	apply(keys, "2")
	if output, code := byHand.Run("plan", "-no-color"); code == 0 || !strings.Contains(output, "SignatureDoesNotMatch") {
		t.Errorf("with the old secret, the plan ends with %d:\n%s", code, output)
	}
	setKeys(keys, byHand, "")
	if output, code := byHand.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("with the new secret, the plan ends with %d:\n%s", code, output)
	}
}

// newBackend returns a workspace with a backend, and a configuration with one output.
func newBackend(t *testing.T, p plane, backend, kept string) *acctest.Workspace {
	t.Helper()
	ws := p.Workspace(t, "output \"kept\" {\n  value = \""+kept+"\"\n}\n")
	ws.Write("backend.tf", backend)
	ws.Version(tfversion.Version1_10_0)
	ws.Setenv("AWS_CA_BUNDLE", p.certificate)
	return ws
}

// checkBackend stores and locks a state, and reads it back.
func checkBackend(t *testing.T, p plane, ws *acctest.Workspace, want string) {
	t.Helper()
	output, code := ws.Run("init", "-no-color")
	if strings.Contains(output, "There is no backend type named") {
		t.Skip("this Terraform was built without the S3 backend; released ones have it")
	}
	if code != 0 {
		t.Fatalf("init ends with %d:\n%s", code, output)
	}
	checkLock(t, ws)
	if kept := ws.MustRun("output", "-raw", "kept"); kept != want {
		t.Errorf("the state contains %q", kept)
	}
	if stored := p.Stores("")[0].ObjectCount; stored != 1 {
		t.Errorf("the store contains %d objects, not the state alone", stored)
	}
}

// setKeys reads environment variables from the output of one workspace and sets them in another: those in a list, or all.
func setKeys(keys, ws *acctest.Workspace, only string) {
	for line := range strings.Lines(keys.MustRun("output", "-raw", "environment")) {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		if only == "" || strings.Contains(only, name) {
			ws.Setenv(name, strings.Trim(value, "'"))
		}
	}
}

// checkLock applies a configuration. While Terraform waits for the approval, it holds the lock, and another plan fails.
func checkLock(t *testing.T, ws *acctest.Workspace) {
	t.Helper()
	waiting := ws.Command(t.Context(), "apply", "-no-color")
	answer, err := waiting.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	shown, err := waiting.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := waiting.Start(); err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	for lines := bufio.NewScanner(shown); lines.Scan() && !strings.Contains(lines.Text(), "Only 'yes' will be accepted"); {
		printed.WriteString(lines.Text() + "\n")
	}
	if output, code := ws.Run("plan", "-no-color"); code == 0 || !strings.Contains(output, "Error acquiring the state lock") {
		t.Errorf("while another run holds the lock, the plan ends with %d:\n%s", code, output)
	}
	if _, err := answer.Write([]byte("yes\n")); err != nil {
		t.Error(err)
	}
	if _, err := io.Copy(&printed, shown); err != nil {
		t.Error(err)
	}
	if err := waiting.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, printed.String())
	}
}
