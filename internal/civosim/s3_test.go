package civosim_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// If two writers find no object, only one of them creates it. The first writer sends its body after the server has checked the condition.
// By then, the second writer has created the object.
func TestS3_ConditionalWritesRace(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{})
	c := newS3Client(t, server, server.AddCredential(civosim.Credential{ID: "owner"}))
	server.AddStore(civosim.Store{Name: "data", OwnerID: "owner"})
	var second string
	slow := c.slow(func() { second = c.do("PUT /data/lock second; If-None-Match: *") })
	if first := slow.do("PUT /data/lock first; If-None-Match: *; Expect: 100-continue"); first != "412 PreconditionFailed" || second != "200" {
		t.Errorf("first writer: %s, second writer: %s", first, second)
	}
	if got := c.do("GET /data/lock"); got != "200 second" {
		t.Errorf("the object: %s", got)
	}
}

// Of several requests for a name, only one creates a store. The clients send their bodies when the server has authenticated all requests.
func TestS3_CreateBucketRace(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{S3CreatesBuckets: true})
	var clients []*s3Client
	for _, id := range []string{"first", "second"} {
		clients = append(clients, newS3Client(t, server, server.AddCredential(civosim.Credential{ID: id})))
	}
	results := make([]string, 10)
	var authenticated, group sync.WaitGroup
	authenticated.Add(len(results))
	for i := range results {
		slow := clients[i%2].slow(func() { authenticated.Done(); authenticated.Wait() })
		group.Go(func() { results[i] = slow.do("PUT /created <CreateBucketConfiguration/>; Expect: 100-continue") })
	}
	group.Wait()
	slices.Sort(results) // all requests of the owner of the new store succeed
	if n := len(server.Stores("")); n != 1 || results[4] != "200" || results[5] != "409 BucketAlreadyExists" {
		t.Errorf("%d stores: %q", n, results)
	}
}

// The credential is deleted between the authentication of the request and the creation of the store.
func TestS3_CreateBucketDeletedOwner(t *testing.T) {
	t.Parallel()
	for name, goneAfter := range map[string]time.Duration{"deleted": 0, "being deleted": time.Hour} {
		server, api := start(t, civosim.Options{S3CreatesBuckets: true, CredentialGoneAfter: goneAfter})
		c := newS3Client(t, server, server.AddCredential(civosim.Credential{ID: "owner"}))
		slow := c.slow(func() { api.ok(http.MethodDelete, credentialsPath+"/owner", "") })
		got := slow.do("PUT /created <CreateBucketConfiguration/>; Expect: 100-continue")
		if n := len(server.Stores("")); got != "403 AccessDenied" || n != 0 {
			t.Errorf("%s: %s, %d stores", name, got, n)
		}
	}
}
