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
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The backend of the guide "Use the keys" stores and locks a state. It reads the keys of a credential from the environment.
func TestBackend_StateInAStore(t *testing.T) {
	t.Parallel()
	w := acctest.Simulated(t, civosim.Options{S3Addr: "127.0.0.1:0"})
	keys := workspace(t, w, required+`
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
	ws := w.Workspace(t, "output \"kept\" {\n  value = \"in the store\"\n}\n")
	ws.Write("backend.tf", string(backend))
	ws.Version(tfversion.Version1_10_0)
	setKeys(keys, ws)
	output, code := ws.Run("init", "-no-color", `-backend-config=endpoints={s3="`+w.S3URL()+`"}`)
	if strings.Contains(output, "There is no backend type named") {
		t.Skip("this Terraform was built without the S3 backend; released ones have it")
	}
	if code != 0 {
		t.Fatalf("init ends with %d:\n%s", code, output)
	}
	checkLock(t, ws)
	if kept := ws.MustRun("output", "-raw", "kept"); kept != "in the store" {
		t.Errorf("the state contains %q", kept)
	}
	if stored := w.Stores("")[0].ObjectCount; stored != 1 {
		t.Errorf("the store contains %d objects, not the state alone", stored)
	}

	apply(keys, "2")
	if output, code := ws.Run("plan", "-no-color"); code == 0 || !strings.Contains(output, "SignatureDoesNotMatch") {
		t.Errorf("with the old secret, the plan ends with %d:\n%s", code, output)
	}
	setKeys(keys, ws)
	if output, code := ws.Run("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("with the new secret, the plan ends with %d:\n%s", code, output)
	}
}

// setKeys reads the environment variables from the output of one workspace and sets them in another.
func setKeys(keys, ws *acctest.Workspace) {
	for line := range strings.Lines(keys.MustRun("output", "-raw", "environment")) {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		ws.Setenv(name, strings.Trim(value, "'"))
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
