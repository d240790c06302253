package civosim_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// Between the checks of a request and its body, something happens that changes the response.
func TestS3_Races(t *testing.T) {
	t.Parallel()
	const create = "PUT /created <CreateBucketConfiguration/>"
	for name, test := range map[string]struct {
		before, request string
		happens         func(api client, owner, other *s3Client)
		want            string
		wantStores      int
	}{
		"another writer creates the object": {
			"PUT /data", "PUT /data/lock first; If-None-Match: *",
			func(_ client, owner, _ *s3Client) { owner.do("PUT /data/lock second; If-None-Match: *") }, "412 PreconditionFailed", 1,
		},
		"another credential takes the name": {
			"GET /", create, func(_ client, _, other *s3Client) { other.do(create) }, "409 BucketAlreadyExists", 1,
		},
		"the owner is being deleted": {"GET /", create, func(api client, _, _ *s3Client) {
			api.ok(http.MethodDelete, credentialsPath+"/owner", "")
		}, "403 AccessDenied", 0},
	} {
		server, api := start(t, civosim.Options{S3CreatesBuckets: true, CredentialGoneAfter: time.Hour})
		owner := newS3Client(t, server, server.AddCredential(civosim.Credential{ID: "owner"}))
		other := newS3Client(t, server, server.AddCredential(civosim.Credential{ID: "other"}))
		owner.do(test.before)
		slow := *owner
		slow.beforeBody = func() { test.happens(api, owner, other) }
		got := slow.do(test.request + "; Expect: 100-continue")
		if n := len(server.Stores("")); got != test.want || n != test.wantStores {
			t.Errorf("%s: %s, %d stores", name, got, n)
		}
	}
}
