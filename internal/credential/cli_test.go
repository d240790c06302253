package credential_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The tests in this file run the built binary with the installed Terraform, as a user does.

// required declares the provider as a user's configuration does.
const required = "terraform {\n  required_providers {\n    civo = {\n      source = \"seed-0e51fd2b/civo\"\n    }\n  }\n}\n"

func TestCLI_InterruptWhileWaiting(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent an interrupt on Windows")
	}
	w := acctest.Simulated(t, civosim.Options{ReadyAfter: 3 * time.Second})
	ws := w.Workspace(t, required+credentialNamed("some-name"))
	apply := ws.Command(t.Context(), "apply", "-auto-approve", "-no-color")
	var printed bytes.Buffer
	apply.Stdout, apply.Stderr = &printed, &printed
	if err := apply.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return w.Count(civosim.KindGetCredential) > 0 })
	if err := apply.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = apply.Wait() // it ends with an error, as it should
	before := only(t, w)
	if !strings.Contains(ws.Read("terraform.tfstate"), before.ID) {
		t.Fatalf("the state does not know %s after:\n%s", before.ID, &printed)
	}
	ws.MustRun("apply", "-auto-approve", "-no-color")
	if after := only(t, w); after.ID != before.ID || after.Status != "ready" {
		t.Errorf("the next apply made %+v of %+v", after, before)
	}
	if output := ws.MustRun("plan", "-no-color"); !strings.Contains(output, "No changes.") {
		t.Errorf("the plan after it is not empty:\n%s", output)
	}
}

func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); !condition(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what the test waits for did not happen")
		}
	}
}

// With pages of 20, the deletions of a destroy remove pages while they are read.
func TestCLI_ManyCredentials(t *testing.T) {
	t.Parallel()
	const count, parallelism = 250, 50
	w := acctest.Simulated(t, civosim.Options{ReadyAfter: 200 * time.Millisecond, Latency: 5 * time.Millisecond, PageCap: 20})
	ws := w.Workspace(t, required+fmt.Sprintf(`
resource "civo_objectstore_credential" "test" {
  count = %d
  name  = "many-${count.index}"
}
output "statuses" { value = distinct(civo_objectstore_credential.test[*].status) }
`, count))
	flag := fmt.Sprintf("-parallelism=%d", parallelism)
	ws.MustRun("apply", "-auto-approve", "-no-color", flag)
	if got := strings.Join(strings.Fields(ws.MustRun("output", "-json", "statuses")), ""); got != `["ready"]` {
		t.Errorf("the statuses are %s", got)
	}
	if there := byID(w.Credentials("LON1")); len(there) != count {
		t.Errorf("there are %d credentials, not %d", len(there), count)
	}
	if output := ws.MustRun("plan", "-no-color", flag); !strings.Contains(output, "No changes.") {
		t.Errorf("the plan after it is not empty:\n%s", output)
	}
	ws.MustRun("destroy", "-auto-approve", "-no-color", flag)
	if left := w.Credentials(""); len(left) > 0 {
		t.Errorf("%d are left", len(left))
	}
}
