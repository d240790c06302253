package clients_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// An unfinished upload prevents a destroy. The commands in the error list and abort it, and the next destroy succeeds.
func TestUnfinishedUpload_Advice(t *testing.T) {
	t.Parallel()
	gateway, option := simtest.Ceph(t) // the plane in memory does not count unfinished uploads
	p := plane{acctest.Simulated(t, civosim.Options{Gateway: option}), true, gateway.TLSURL, gateway.Certificate}
	r := newRunner(t, client{name: "aws"}, p)
	ws := workspace(t, p, required+`
resource "civo_objectstore_credential" "uploads" {
  name = "uploads"
}

resource "civo_objectstore" "uploads" {
  name          = "uploads"
  access_key_id = civo_objectstore_credential.uploads.access_key_id
}

output "environment" {
  value     = provider::civo::s3_environment(civo_objectstore_credential.uploads)
  sensitive = true
}
`)
	apply(ws, "1")
	environment := ws.MustRun("output", "-raw", "environment")
	shell := func(command string) string {
		return r.succeeds(environment, []string{"sh", "-c", ". ./config && " + command})
	}
	r.write("part", make([]byte, size))
	s3api := `aws s3api %s --bucket uploads ${AWS_OLD:+--endpoint-url "$AWS_HOST"} --key unfinished `
	id := strings.TrimSpace(shell(strings.Replace(s3api, "%s", "create-multipart-upload", 1) + "--query UploadId --output text"))
	shell(strings.Replace(s3api, "%s", "upload-part", 1) + "--part-number 1 --body part --upload-id " + id)
	waitForObjects(t, p, func(objects int64) bool { return objects > 0 })

	message, code := ws.Run("destroy", "-auto-approve", "-no-color")
	commands := regexp.MustCompile(`(?m)^│? *(aws s3api \S+-multipart-upload.*)$`).FindAllStringSubmatch(message, -1)
	if code == 0 || len(commands) != 2 {
		t.Fatalf("the destroy ends with %d, and the message has %d commands: %s", code, len(commands), message)
	}
	listed := shell(commands[0][1])
	upload := regexp.MustCompile(`"UploadId": "([^"]+)"`).FindStringSubmatch(listed)
	key := regexp.MustCompile(`"Key": "([^"]+)"`).FindStringSubmatch(listed)
	if upload == nil || key == nil {
		t.Fatalf("the list is %s", listed)
	}
	shell(strings.NewReplacer("--key KEY", "--key "+key[1], "--upload-id ID", "--upload-id "+upload[1]).Replace(commands[1][1]))
	waitForObjects(t, p, func(objects int64) bool { return objects == 0 })
	ws.MustRun("destroy", "-auto-approve")
}

// waitForObjects waits until the usage that Civo reports for the only store has a number of objects.
func waitForObjects(t *testing.T, p plane, isWanted func(int64) bool) {
	t.Helper()
	store := p.Stores("")[0]
	for until := time.Now().Add(5 * time.Minute); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		usage, err := p.Client(t).ObjectStoreUsage(t.Context(), store.Region, store.ID)
		if err != nil {
			t.Fatal(err)
		}
		if isWanted(usage.Objects) {
			return
		}
	}
	t.Fatal("the usage does not change")
}
