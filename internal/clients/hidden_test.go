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

// What a list of objects does not show prevents a destroy. The commands in the error list and delete it, and the next destroy succeeds.
func TestHiddenObjects_Advice(t *testing.T) {
	t.Parallel()
	gateway, option := simtest.Ceph(t) // the plane in memory has neither versions nor counts unfinished uploads
	p := plane{acctest.Simulated(t, civosim.Options{Gateway: option}), true, gateway.TLSURL, gateway.Certificate}
	r := newRunner(t, client{name: "aws"}, p)
	ws := workspace(t, p, required+`
resource "civo_objectstore_credential" "hidden" {
  name = "hidden"
}

resource "civo_objectstore" "hidden" {
  name          = "hidden"
  access_key_id = civo_objectstore_credential.hidden.access_key_id
}

output "environment" {
  value     = provider::civo::s3_environment(civo_objectstore_credential.hidden)
  sensitive = true
}
`)
	apply(ws, "1")
	environment := ws.MustRun("output", "-raw", "environment")
	shell := func(command string) string {
		return r.succeeds(environment, []string{"sh", "-c", ". ./config && " + command})
	}
	s3api := func(command, arguments string) string {
		return shell("aws s3api " + command + ` --bucket hidden ${AWS_OLD:+--endpoint-url "$AWS_HOST"} ` + arguments)
	}
	r.write("part", make([]byte, size))
	id := strings.TrimSpace(s3api("create-multipart-upload", "--key unfinished --query UploadId --output text"))
	s3api("upload-part", "--key unfinished --part-number 1 --body part --upload-id "+id)
	s3api("put-bucket-versioning", "--versioning-configuration Status=Enabled")
	s3api("put-object", "--key old --body part")
	s3api("delete-object", "--key old")
	waitForObjects(t, p, func(objects int64) bool { return objects > 0 })

	message, code := ws.Run("destroy", "-auto-approve", "-no-color")
	commands := regexp.MustCompile(`(?m)^│? *(aws s3api .*)$`).FindAllStringSubmatch(message, -1)
	if code == 0 || len(commands) != 4 {
		t.Fatalf("the destroy ends with %d, and the message has %d commands: %s", code, len(commands), message)
	}
	for i, query := range []string{"Uploads[].[Key, UploadId]", "[Versions, DeleteMarkers][].[Key, VersionId]"} {
		listed := strings.TrimSpace(shell(commands[2*i][1] + " --output text --query '" + query + "'"))
		for line := range strings.Lines(listed) {
			item := strings.Fields(line)
			shell(strings.NewReplacer("KEY", item[0], "-id ID", "-id "+item[1]).Replace(commands[2*i+1][1]))
		}
	}
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
