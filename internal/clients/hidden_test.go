package clients_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
)

// What a list of objects does not show prevents a destroy. The commands in the error list and delete it, and the next destroy succeeds.
func TestHiddenObjects_Advice(t *testing.T) {
	t.Parallel()
	p := onCeph(t) // the plane in memory has neither versions nor counts unfinished uploads
	r := newRunner(t, client{name: "aws", function: "s3_environment"}, p)
	owner := p.Scenario(t, acctest.Object{"objectstore_endpoint": p.url})
	owner.Apply(acctest.Object{"name": "hidden"})
	store := owner.Of("civo_objectstore")
	store.Apply(acctest.Object{"name": "hidden", "access_key_id": owner.Get("access_key_id")})
	environment := "export AWS_ACCESS_KEY_ID=" + owner.Get("access_key_id") + " AWS_SECRET_ACCESS_KEY=" + owner.Get("secret_access_key") +
		" AWS_DEFAULT_REGION=LON1 AWS_HOST=" + p.url + " AWS_ENDPOINT_URL_S3=" + p.url +
		" AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required"
	shell := func(command string) string { return r.succeeds(environment, "hidden", command) }
	id := strings.TrimSpace(shell("head -c 16777216 /dev/zero > part; aws s3api create-multipart-upload --bucket hidden --key unfinished --query UploadId --output text"))
	shell(`aws s3api upload-part --bucket hidden --key unfinished --part-number 1 --body part --upload-id ` + id + `
		aws s3api put-bucket-versioning --bucket hidden --versioning-configuration Status=Enabled
		aws s3api put-object --bucket hidden --key old --body part
		aws s3api delete-object --bucket hidden --key old`)
	waitForObjects(t, p, true)

	message := store.Refuse(nil, "Object store contains objects").String()
	commands := regexp.MustCompile(`(?m)^ *(aws s3api .*)$`).FindAllStringSubmatch(message, -1)
	if len(commands) != 4 {
		t.Fatalf("the message has %d commands: %s", len(commands), message)
	}
	for i, query := range []string{"Uploads[].[Key, UploadId]", "[Versions, DeleteMarkers][].[Key, VersionId]"} {
		listed := strings.TrimSpace(shell(commands[2*i][1] + " --output text --query '" + query + "'"))
		for line := range strings.Lines(listed) {
			item := strings.Fields(line)
			shell(strings.NewReplacer("KEY", item[0], "-id ID", "-id "+item[1]).Replace(commands[2*i+1][1]))
		}
	}
	waitForObjects(t, p, false)
	store.Apply(nil)
}

// waitForObjects waits until the usage that Civo reports for the only store contains objects, or none.
func waitForObjects(t *testing.T, p plane, want bool) {
	t.Helper()
	store := p.Stores("")[0]
	for until := time.Now().Add(5 * time.Minute); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		usage, err := p.Client(t).ObjectStoreUsage(t.Context(), store.Region, store.ID)
		if err != nil {
			t.Fatal(err)
		}
		if (usage.Objects > 0) == want {
			return
		}
	}
	t.Fatal("the usage does not change")
}
