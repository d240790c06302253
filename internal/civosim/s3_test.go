package civosim_test

import (
	"crypto/md5" //nolint:gosec // S3 requires it for ETags
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

func md5Hex(text string) string {
	sum := md5.Sum([]byte(text)) //nolint:gosec // as above
	return hex.EncodeToString(sum[:])
}

// startS3 starts a server with the store "data", and returns a client that uses its owner's keys.
func startS3(t *testing.T, o civosim.Options) (*civosim.Server, client, civosim.Store, s3Client) {
	t.Helper()
	server, api := start(t, o)
	owner := server.AddCredential(civosim.Credential{ID: "owner"})
	store := server.AddStore(civosim.Store{Name: "data", OwnerID: owner.ID})
	return server, api, store, newS3Client(t, server, owner)
}

func TestS3_Objects(t *testing.T) {
	t.Parallel()
	server, api, store, c := startS3(t, civosim.Options{Regions: []string{"LON1"}})
	for _, region := range []string{"us-east-1", "lon1", "LON1", "elsewhere"} {
		c.region = region
		c.ok(http.MethodPut, "/data/a/b%20c", "in "+region)
		if got := c.ok(http.MethodGet, "/data/a/b%20c", "").Body; got != "in "+region {
			t.Errorf("%s: %q", region, got)
		}
	}
	c.ok(http.MethodPut, "/data/empty", "")
	if diff := cmp.Diff([]string{"a/b c", "empty"}, c.ok(http.MethodGet, "/data?list-type=2", "").Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	c.ok(http.MethodDelete, "/data/a/b%20c", "")
	c.refused("404 NoSuchKey", http.MethodGet, "/data/a/b%20c", "")
	if diff := cmp.Diff([]string{"data"}, c.ok(http.MethodGet, "/", "").Buckets); diff != "" {
		t.Errorf("buckets (-want +got):\n%s", diff)
	}
	endpoint := api.ok(http.MethodGet, storesPath+"/"+store.ID, "").text("objectstore_endpoint")
	if "http://"+endpoint != server.S3URL() {
		t.Errorf("the endpoint of the store is %s, not %s", endpoint, server.S3URL())
	}
}

func TestS3_Rejections(t *testing.T) {
	t.Parallel()
	server, api, _, c := startS3(t, civosim.Options{TakenStoreNames: []string{"customer"}, ReadyAfter: time.Hour})
	server.AddStore(civosim.Store{Name: "other"})
	server.AddStore(civosim.Store{Name: "elsewhere", Region: "fra1"})
	server.AddStore(civosim.Store{Name: "new", OwnerID: "owner", Status: "creating"})
	server.AddStore(civosim.Store{Name: "broken", OwnerID: "owner", Status: "failed"})
	server.AddStore(civosim.Store{Name: "going", OwnerID: "owner", Status: "deleting"})
	for _, test := range []struct{ want, method, path string }{
		{"404 NoSuchBucket", http.MethodGet, "/none"},
		{"404 NoSuchBucket", http.MethodGet, "/elsewhere"},
		{"404 NoSuchBucket", http.MethodGet, "/new"},
		{"404 NoSuchBucket", http.MethodPut, "/new/object"},
		{"404 NoSuchBucket", http.MethodGet, "/broken"},
		{"200 ", http.MethodGet, "/going"},
		{"403 AccessDenied", http.MethodGet, "/other"},
		{"403 AccessDenied", http.MethodGet, "/customer"},
		{"403 AccessDenied", http.MethodGet, "/other/object"},
		{"403 AccessDenied", http.MethodPut, "/other/object"},
		{"403 AccessDenied", http.MethodDelete, "/other/object"},
		{"403 AccessDenied", http.MethodPost, "/other/object?uploads="},
		{"403 AccessDenied", http.MethodPut, "/none"},
		{"403 AccessDenied", http.MethodPut, "/other"},
		{"403 AccessDenied", http.MethodPut, "/data"},
		{"403 AccessDenied", http.MethodDelete, "/data"},
		{"403 AccessDenied", http.MethodDelete, "/other"},
		{"404 NoSuchBucket", http.MethodDelete, "/none"},
	} {
		c.refused(test.want, test.method, test.path, "")
	}
	if diff := cmp.Diff([]string{"data", "going"}, c.ok(http.MethodGet, "/", "").Buckets); diff != "" {
		t.Errorf("buckets (-want +got):\n%s", diff)
	}

	if got := c.get(c.url + "/data").failure(); got != "403 AccessDenied" {
		t.Errorf("without a signature: %s", got)
	}
	wrong := c
	wrong.keys.SecretAccessKey = "wrong"
	wrong.refused("403 SignatureDoesNotMatch", http.MethodGet, "/data", "")
	wrong.keys.AccessKeyID = "WRONG"
	wrong.refused("403 InvalidAccessKeyId", http.MethodGet, "/data", "")
	api.ok(http.MethodPost, credentialsPath, `{"name":"pending","access_key_id":"PENDING","secret_access_key_id":"s"}`)
	pending, _ := server.Credential(server.Credentials("")[len(server.Credentials(""))-1].ID)
	newS3Client(t, server, pending).refused("403 InvalidAccessKeyId", http.MethodGet, "/", "")
}

// S3 clients create no stores, unless an option lets them.
func TestS3_CreateBucket(t *testing.T) {
	t.Parallel()
	_, api, _, c := startS3(t, civosim.Options{})
	c.refused("403 AccessDenied", http.MethodPut, "/created", "")
	if got := api.ok(http.MethodGet, storesPath+"?region=lon1", "").items(); len(got) != 1 {
		t.Errorf("without the option: %v", got)
	}

	server, api := start(t, civosim.Options{S3CreatesBuckets: true, StoreReadyAfter: time.Hour})
	owner := server.AddCredential(civosim.Credential{ID: "owner", Name: "n", Region: "fra1", AccessKeyID: "KEY"})
	server.AddStore(civosim.Store{Name: "created"}) // in another region, so the name is free
	c = newS3Client(t, server, owner)
	c.ok(http.MethodPut, "/created", "")
	c.ok(http.MethodPut, "/created/object", "content")
	if got := c.ok(http.MethodGet, "/created/object", "").Body; got != "content" {
		t.Errorf("the object contains %q", got)
	}
	c.ok(http.MethodPut, "/created", "") // as on Ceph
	stores := api.ok(http.MethodGet, storesPath+"?region=fra1", "").items()
	if len(stores) != 1 {
		t.Fatalf("stores: %v", stores)
	}
	id := stores[0].text("id")
	want := object{
		"id": id, "name": "created", "max_size": 500.0, "status": "ready",
		"objectstore_endpoint": strings.TrimPrefix(server.S3URL(), "http://"),
		"owner_info":           map[string]any{"access_key_id": "KEY", "name": "n", "credential_id": "owner"},
	}
	if diff := cmp.Diff(want, stores[0]); diff != "" || id == "" {
		t.Errorf("store (-want +got):\n%s", diff)
	}
	if got := api.ok(http.MethodGet, storesPath+"/"+id+"/stats?region=fra1", "")["num_objects"]; got != 1.0 {
		t.Errorf("%v objects", got)
	}

	api.ok(http.MethodDelete, storesPath+"/"+id+"?region=fra1", "")
	c.refused("404 NoSuchBucket", http.MethodGet, "/created", "")
	if _, ok := server.Credential("owner"); !ok {
		t.Error("the credential was deleted with the store")
	}
	c.ok(http.MethodPut, "/created", "")
	c.refused("404 NoSuchKey", http.MethodGet, "/created/object", "")
}

func TestS3_CreateBucketRejections(t *testing.T) {
	t.Parallel()
	server, _, _, c := startS3(t, civosim.Options{S3CreatesBuckets: true, TakenStoreNames: []string{"customer"}})
	server.AddStore(civosim.Store{Name: "other"})
	server.AddStore(civosim.Store{Name: "new", OwnerID: "owner", Status: "creating"})
	for name, want := range map[string]string{
		"other": "409 BucketAlreadyExists", "customer": "409 BucketAlreadyExists",
		"new": "409 BucketAlreadyExists", "A": "400 InvalidBucketName",
	} {
		c.refused(want, http.MethodPut, "/"+name, "")
	}
	if n := len(server.Stores("")); n != 3 {
		t.Errorf("%d stores", n)
	}
}

// Of several requests for a name, only one creates a store. The clients send their bodies when the server has authenticated all requests.
func TestS3_CreateBucketRace(t *testing.T) {
	t.Parallel()
	server, _, _, c := startS3(t, civosim.Options{S3CreatesBuckets: true})
	clients := []s3Client{c, newS3Client(t, server, server.AddCredential(civosim.Credential{ID: "second"}))}
	results := make([]string, 10)
	var authenticated, group sync.WaitGroup
	authenticated.Add(len(results))
	for i := range results {
		slow := clients[i%2].slow(func() { authenticated.Done(); authenticated.Wait() })
		group.Go(func() {
			results[i] = slow.send(http.MethodPut, "/created", "<CreateBucketConfiguration/>", "Expect", "100-continue").failure()
		})
	}
	group.Wait()
	slices.Sort(results) // all requests of the owner of the new store succeed
	if n := len(server.Stores("")); n != 2 || results[4] != "200 " || results[5] != "409 BucketAlreadyExists" {
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
		got := slow.send(http.MethodPut, "/created", "<CreateBucketConfiguration/>", "Expect", "100-continue").failure()
		if n := len(server.Stores("")); got != "403 AccessDenied" || n != 0 {
			t.Errorf("%s: %s, %d stores", name, got, n)
		}
	}
}

// A change to a credential takes effect immediately.
func TestS3_CredentialChanges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*civosim.Server, client)
		want   string
	}{
		"suspended":     {change(func(c *civosim.Credential) { c.Suspended = true }), "403 UserSuspended"},
		"failed":        {change(func(c *civosim.Credential) { c.Status = "failed" }), "403 InvalidAccessKeyId"},
		"new secret":    {put(`{"secret_access_key_id":"changed"}`), "403 SignatureDoesNotMatch"},
		"new key":       {put(`{"access_key_id":"CHANGED"}`), "403 InvalidAccessKeyId"},
		"being deleted": {func(_ *civosim.Server, api client) { api.ok(http.MethodDelete, credentialsPath+"/owner", "") }, "403 InvalidAccessKeyId"},
		"deleted":       {func(s *civosim.Server, _ client) { s.RemoveCredential("owner") }, "403 InvalidAccessKeyId"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, api := start(t, civosim.Options{CredentialGoneAfter: time.Hour})
			c := newS3Client(t, server, server.AddCredential(civosim.Credential{ID: "owner"}))
			c.ok(http.MethodGet, "/", "")
			test.change(server, api)
			c.refused(test.want, http.MethodGet, "/", "")
			if after, ok := server.Credential("owner"); ok && after.Status == "ready" && !after.Suspended {
				newS3Client(t, server, after).ok(http.MethodGet, "/", "")
			}
		})
	}
}

func change(f func(*civosim.Credential)) func(*civosim.Server, client) {
	return func(s *civosim.Server, _ client) { s.ChangeCredential("owner", f) }
}

func put(body string) func(*civosim.Server, client) {
	return func(_ *civosim.Server, api client) { api.ok(http.MethodPut, credentialsPath+"/owner", body) }
}

// Credentials in two regions can have the same access key, and stores in two regions the same name.
func TestS3_SameKeyInTwoRegions(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{})
	var clients []s3Client
	for _, region := range []string{"lon1", "fra1"} {
		for _, access := range []struct{ name, key, secret string }{{"same", "SAME", "same"}, {"own", "SHARED", region}} {
			owner := server.AddCredential(civosim.Credential{
				Name: access.name, Region: region, AccessKeyID: access.key, SecretAccessKey: access.secret,
			})
			server.AddStore(civosim.Store{Name: access.name, OwnerID: owner.ID})
			c := newS3Client(t, server, owner)
			if access.name == "same" {
				c.region = region
			}
			c.ok(http.MethodPut, "/"+access.name+"/region", region)
			clients = append(clients, c)
		}
	}
	for i, want := range []string{"lon1 same", "lon1 own", "fra1 same", "fra1 own"} {
		region, name, _ := strings.Cut(want, " ")
		if got := clients[i].ok(http.MethodGet, "/"+name+"/region", "").Body; got != region {
			t.Errorf("%s: %q", want, got)
		}
	}
}

func TestS3_Stats(t *testing.T) {
	t.Parallel()
	server, api, store, c := startS3(t, civosim.Options{})
	expect := func(when string, objects, kb int) {
		t.Helper()
		stats := api.ok(http.MethodGet, storesPath+"/"+store.ID+"/stats", "")
		want := object{"num_objects": float64(objects), "size_kb_utilised": float64(kb), "max_size_kb": 500000000.0}
		if diff := cmp.Diff(want, stats); diff != "" {
			t.Errorf("%s: statistics (-want +got):\n%s", when, diff)
		}
		if got := server.Stores("")[0]; got.ObjectCount != objects || got.UsedKB != kb {
			t.Errorf("%s: %d objects, %d kB, want %d, %d", when, got.ObjectCount, got.UsedKB, objects, kb)
		}
	}
	expect("new", 0, 0)
	c.ok(http.MethodPut, "/data/one", "1")
	expect("one byte", 1, 1)
	c.ok(http.MethodPut, "/data/two", strings.Repeat("2", 2047))
	expect("2048 bytes", 2, 2)
	c.ok(http.MethodPut, "/data/one", "12")
	expect("2049 bytes", 2, 3)
	server.ChangeStore(store.ID, func(s *civosim.Store) { s.Status = "ready" })
	expect("other change", 2, 3)
	server.ChangeStore(store.ID, func(s *civosim.Store) { s.ObjectCount, s.UsedKB = 100, 1000 })
	expect("set", 100, 1000)
	c.ok(http.MethodDelete, "/data/two", "")
	expect("deleted", 99, 998)
}

// The statistics are counted at each write. They must equal the sum of a listing.
func TestS3_StatsEqualListing(t *testing.T) {
	t.Parallel()
	server, _, store, c := startS3(t, civosim.Options{})
	kb := func(n int) string { return strings.Repeat("x", 1024*n) }
	expect := func(when string, objects, size int) {
		t.Helper()
		listed, listedSize := c.ok(http.MethodGet, "/data?list-type=2", ""), 0
		for _, size := range listed.Sizes {
			listedSize += size
		}
		got := server.Stores("")[0]
		if diff := cmp.Diff([]int{objects, size, objects, size}, []int{got.ObjectCount, got.UsedKB, len(listed.Keys), listedSize / 1024}); diff != "" {
			t.Errorf("%s: statistics and listing (-want +got):\n%s", when, diff)
		}
	}
	c.ok(http.MethodPut, "/data/a", kb(3))
	c.ok(http.MethodPut, "/data/b", kb(5))
	c.ok(http.MethodPut, "/data/a", kb(2))
	expect("put", 2, 7)
	c.ok(http.MethodPut, "/data/c", "", "X-Amz-Copy-Source", "/data/b")
	c.ok(http.MethodPut, "/data/d", "", "X-Amz-Copy-Source", "/data/a")
	expect("copied", 4, 14)
	c.upload("/data/e", kb(4))
	expect("uploaded in parts", 5, 18)
	c.ok(http.MethodDelete, "/data/b", "")
	c.ok(http.MethodDelete, "/data/b", "")
	expect("deleted twice", 4, 13)
	remove := "<Delete><Object><Key>a</Key></Object><Object><Key>a</Key></Object><Object><Key>c</Key></Object></Delete>"
	sum := md5.Sum([]byte(remove)) //nolint:gosec // as above
	c.ok(http.MethodPost, "/data?delete=", remove, "Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
	expect("deleted together", 2, 6)
	server.RemoveStore(store.ID)
	server.AddStore(civosim.Store{Name: "data", OwnerID: "owner"})
	expect("new store", 0, 0)
}

func TestS3_Quota(t *testing.T) {
	t.Parallel()
	server, _, store, c := startS3(t, civosim.Options{})
	server.ChangeStore(store.ID, func(s *civosim.Store) { s.UsedKB = 500_000_000 - 10 })
	full := strings.Repeat("x", 10*1024)
	c.ok(http.MethodPut, "/data/full", full)
	c.refused("403 QuotaExceeded", http.MethodPut, "/data/more", "x")
	c.refused("403 QuotaExceeded", http.MethodPut, "/data/copy", "", "X-Amz-Copy-Source", "/data/full")
	if got := c.upload("/data/parts", "x").failure(); got != "403 QuotaExceeded" {
		t.Errorf("multipart upload: %s", got)
	}
	c.ok(http.MethodPut, "/data/full", full[1:])
	c.ok(http.MethodPut, "/data/more", "x")
	server.ChangeStore(store.ID, func(s *civosim.Store) { s.MaxSizeGB = 1000 })
	c.ok(http.MethodPut, "/data/larger", full)
}

func TestS3_DeletedStore(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options civosim.Options
		remove  func(*civosim.Server, client, civosim.Store)
	}{
		"API": {remove: func(_ *civosim.Server, api client, st civosim.Store) {
			api.ok(http.MethodDelete, storesPath+"/"+st.ID, "")
		}},
		"hook":    {remove: func(s *civosim.Server, _ client, st civosim.Store) { s.RemoveStore(st.ID) }},
		"slow":    {options: civosim.Options{StoreGoneAfter: 100 * time.Millisecond}, remove: removeSlowly},
		"renamed": {remove: func(s *civosim.Server, _ client, st civosim.Store) { s.ChangeStore(st.ID, rename) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, api, store, c := startS3(t, test.options)
			server.AddStore(civosim.Store{Name: "kept", OwnerID: "owner"})
			c.ok(http.MethodPut, "/data/object", "1")
			c.ok(http.MethodPut, "/kept/object", "2")
			upload := "/data/parts?uploadId=" + c.ok(http.MethodPost, "/data/parts?uploads=", "").Upload
			c.ok(http.MethodPut, upload+"&partNumber=1", "part")
			complete := "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + md5Hex("part") +
				"</ETag></Part></CompleteMultipartUpload>"
			test.remove(server, api, store)
			c.refused("404 NoSuchBucket", http.MethodGet, "/data/object", "")
			c.refused("404 NoSuchBucket", http.MethodPut, upload+"&partNumber=2", "part")
			c.refused("404 NoSuchBucket", http.MethodPost, upload, complete)
			created := server.AddStore(civosim.Store{Name: "data", OwnerID: "owner"})
			c.refused("404 NoSuchKey", http.MethodGet, "/data/object", "")
			c.refused("404 NoSuchUpload", http.MethodPut, upload+"&partNumber=2", "part")
			c.refused("404 NoSuchUpload", http.MethodPost, upload, complete)
			if created.ObjectCount != 0 || len(c.ok(http.MethodGet, "/data", "").Keys) != 0 {
				t.Error("the new store contains objects")
			}
			c.ok(http.MethodGet, "/kept/object", "")
		})
	}
}

func rename(s *civosim.Store) { s.Name = "renamed" }

// removeSlowly checks that a store keeps its objects while it is being deleted.
func removeSlowly(s *civosim.Server, api client, st civosim.Store) {
	api.t.Helper()
	owner, _ := s.Credential("owner")
	api.ok(http.MethodDelete, storesPath+"/"+st.ID, "")
	newS3Client(api.t, s, owner).ok(http.MethodGet, "/data/object", "")
	eventually(api.t, "the store is deleted", func() bool { return len(s.Stores("")) == 1 })
}

// Terraform locks a state with a write that must not replace an object.
func TestS3_ConditionalWrites(t *testing.T) {
	t.Parallel()
	_, _, _, c := startS3(t, civosim.Options{})
	c.ok(http.MethodPut, "/data/lock", "x", "If-None-Match", "*")
	c.refused("412 PreconditionFailed", http.MethodPut, "/data/lock", "y", "If-None-Match", "*")
	c.refused("412 PreconditionFailed", http.MethodPut, "/data/lock", "y", "If-Match", `"`+md5Hex("other")+`"`)
	c.ok(http.MethodPut, "/data/lock", "y", "If-Match", `"`+md5Hex("x")+`"`)
}

// If two writers find no object, only one of them creates it. The first writer sends its body after the server has checked the condition.
// By then, the second writer has created the object.
func TestS3_ConditionalWritesRace(t *testing.T) {
	t.Parallel()
	_, _, _, c := startS3(t, civosim.Options{})
	var second s3Answer
	slow := c.slow(func() { second = c.send(http.MethodPut, "/data/lock", "second", "If-None-Match", "*") })
	first := slow.send(http.MethodPut, "/data/lock", "first", "If-None-Match", "*", "Expect", "100-continue")
	if got := second.failure(); got != "200 " {
		t.Errorf("second writer: %s", got)
	}
	if got := first.failure(); got != "412 PreconditionFailed" {
		t.Errorf("first writer: %s", got)
	}
	if got := c.ok(http.MethodGet, "/data/lock", "").Body; got != "second" {
		t.Errorf("the object is %q", got)
	}
}

func TestS3_PresignedURLs(t *testing.T) {
	t.Parallel()
	_, _, _, c := startS3(t, civosim.Options{})
	c.ok(http.MethodPut, "/data/object", "content")
	wrong := c
	wrong.keys.SecretAccessKey = "wrong"
	now := time.Now()
	for name, test := range map[string]struct{ url, want, wantBody string }{
		"valid":        {c.presign(http.MethodGet, now, time.Minute), "200 ", "content"},
		"expired":      {c.presign(http.MethodGet, now.Add(-time.Hour), time.Minute), "403 AccessDenied", "expired"},
		"longest":      {c.presign(http.MethodGet, now, 7*24*time.Hour), "200 ", "content"},
		"other method": {c.presign(http.MethodPut, now, time.Minute), "403 SignatureDoesNotMatch", ""},
		"wrong secret": {wrong.presign(http.MethodGet, now, time.Minute), "403 SignatureDoesNotMatch", ""},
		"other object": {
			strings.Replace(c.presign(http.MethodGet, now, time.Minute), "/object", "/other", 1),
			"403 SignatureDoesNotMatch", "",
		},
	} {
		got := c.get(test.url)
		if got.failure() != test.want || !strings.Contains(got.Body, test.wantBody) {
			t.Errorf("%s: %d %s, want %s with %q", name, got.Status, got.Body, test.want, test.wantBody)
		}
	}
}

// Civo issues no session tokens.
func TestS3_SessionToken(t *testing.T) {
	t.Parallel()
	_, _, _, c := startS3(t, civosim.Options{})
	c.ok(http.MethodPut, "/data/object", "content")
	c.keys.SessionToken = "token" // the signer signs it
	c.refused("400 InvalidToken", http.MethodGet, "/data/object", "")
	if got := c.get(c.presign(http.MethodGet, time.Now(), time.Minute)).failure(); got != "400 InvalidToken" {
		t.Errorf("presigned URL: %s", got)
	}
}

func TestS3_Multipart(t *testing.T) {
	t.Parallel()
	_, _, _, c := startS3(t, civosim.Options{})
	first, second := strings.Repeat("a", 5<<20), "b"
	if got := c.upload("/data/large", first, second); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := c.ok(http.MethodGet, "/data/large", "").Body; got != first+second {
		t.Errorf("%d bytes, want %d", len(got), len(first)+len(second))
	}
}

func TestS3_Copy(t *testing.T) {
	t.Parallel()
	server, _, _, c := startS3(t, civosim.Options{})
	server.AddStore(civosim.Store{Name: "second", OwnerID: "owner"})
	other := server.AddCredential(civosim.Credential{ID: "other"})
	server.AddStore(civosim.Store{Name: "foreign", OwnerID: "other"})
	newS3Client(t, server, other).ok(http.MethodPut, "/foreign/object", "secret")
	c.ok(http.MethodPut, "/data/object", "content")
	c.ok(http.MethodPut, "/second/copy", "", "X-Amz-Copy-Source", "/data/object")
	if got := c.ok(http.MethodGet, "/second/copy", "").Body; got != "content" {
		t.Errorf("the copy contains %q", got)
	}
	c.refused("403 AccessDenied", http.MethodPut, "/data/stolen", "", "X-Amz-Copy-Source", "/foreign/object")
	c.refused("404 NoSuchBucket", http.MethodPut, "/data/stolen", "", "X-Amz-Copy-Source", "/none/object")
	c.refused("404 NoSuchKey", http.MethodPut, "/data/stolen", "", "X-Amz-Copy-Source", "/data/none")
	c.refused("403 AccessDenied", http.MethodPut, "/foreign/planted", "", "X-Amz-Copy-Source", "/data/object")
	id := c.ok(http.MethodPost, "/data/parts?uploads=", "").Upload
	c.refused("403 AccessDenied", http.MethodPut, "/data/parts?partNumber=1&uploadId="+id, "", "X-Amz-Copy-Source", "/foreign/object")
}

func TestS3_Pages(t *testing.T) {
	t.Parallel()
	_, _, _, c := startS3(t, civosim.Options{})
	for _, key := range []string{"a", "b/1", "b/2", "c", "d", "e"} {
		c.ok(http.MethodPut, "/data/"+key, key)
	}
	for query, want := range map[string][][]string{
		"":                {{"a", "b/1"}, {"b/2", "c"}, {"d", "e"}},
		"&delimiter=/":    {{"a", "b/"}, {"c", "d"}, {"e"}},
		"&delimiter=":     {{"a", "b/1"}, {"b/2", "c"}, {"d", "e"}},
		"&prefix=b/":      {{"b/1", "b/2"}},
		"&start-after=bb": {{"c", "d"}, {"e"}},
	} {
		var got [][]string
		for next := ""; len(got) == 0 || next != ""; {
			page := c.ok(http.MethodGet, "/data?list-type=2&max-keys=2"+query+next, "")
			got = append(got, append(page.Keys, page.Common...))
			next = ""
			if page.Next != "" {
				next = "&continuation-token=" + page.Next
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
	}

	// An object that is deleted between two pages.
	page := c.ok(http.MethodGet, "/data?list-type=2&max-keys=2", "")
	c.ok(http.MethodDelete, "/data/b/1", "")
	page = c.ok(http.MethodGet, "/data?list-type=2&max-keys=2&continuation-token="+page.Next, "")
	if diff := cmp.Diff([]string{"b/2", "c"}, page.Keys); diff != "" {
		t.Errorf("after a deletion (-want +got):\n%s", diff)
	}
}

func TestS3_NotRecorded(t *testing.T) {
	t.Parallel()
	server, _, _, c := startS3(t, civosim.Options{RateLimit: 0.001, Latency: time.Hour})
	server.Inject(civosim.Fault{Effect: civosim.Effect500})
	for range 3 {
		c.ok(http.MethodGet, "/", "")
	}
	if server.Count() != 0 || server.Connections() != 0 {
		t.Errorf("%d requests on %d connections in the record", server.Count(), server.Connections())
	}
}

// The README lists the features that are not supported.
func TestS3_Unsupported(t *testing.T) {
	t.Parallel()
	_, _, _, c := startS3(t, civosim.Options{})
	c.ok(http.MethodPut, "/data/object", "content")
	for _, test := range []struct{ want, path, body string }{
		{"501 NotImplemented", "/data?versioning=", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"},
		{"501 NotImplemented", "/data?acl=", "<AccessControlPolicy></AccessControlPolicy>"},
		{"501 NotImplemented", "/data?policy=", "{}"},
		{"501 NotImplemented", "/data?lifecycle=", "<LifecycleConfiguration></LifecycleConfiguration>"},
		{"409 InvalidBucketState", "/data?object-lock=", "<ObjectLockConfiguration></ObjectLockConfiguration>"},
	} {
		c.refused(test.want, http.MethodPut, test.path, test.body)
	}

	version2 := c.request(http.MethodGet, "/data/object", nil)
	version2.Header.Set("Authorization", "AWS "+c.keys.AccessKeyID+":c2lnbmF0dXJl")
	if got := c.do(version2).failure(); got != "400 UnsupportedAlgorithm" {
		t.Errorf("Signature Version 2: %s", got)
	}
}
