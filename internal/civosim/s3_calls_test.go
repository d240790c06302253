// The table of S3 calls. A real Ceph gateway is the judge: testdata/ceph.txt contains its responses and its version.

package civosim_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Signature Version 2 requires it
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

var update = flag.Bool("update", false, "write the files in testdata")

// inMemory contains the calls to which the data plane in memory responds in another way: its library does not support them, or
// Civo issues no session tokens.
var inMemory = map[string]string{
	"anonymous read of a public object":     "403 AccessDenied",
	"bucket with an ACL that allows reads":  "501 NotImplemented",
	"presigned V2":                          "403 AccessDenied",
	"presigned V4, session token":           "400 InvalidToken",
	"session token":                         "400 InvalidToken",
	"signature V2":                          "400 UnsupportedAlgorithm",
	"put CORS":                              "501 NotImplemented",
	"put a lifecycle":                       "501 NotImplemented",
	"versioning keeps two versions":         "501 NotImplemented, 200, 200, 200 [object]",
	"conditional write with versioning":     "501 NotImplemented, 200, 412 PreconditionFailed",
	"statistics count an unfinished upload": "200, 200, 200, 0 objects, 0 kB, 204, 0 objects, 0 kB",
	"replace an object with its ETag":       "200, 200",
}

// calls is the state of one run of the table: a server with the store "data" of a credential, and another credential with "other-data".
type calls struct {
	*s3Client

	server      *civosim.Server
	other       *s3Client
	key         string        // path of an object that only this row uses
	before      civosim.Store // the store "data" before this row
	setMaxBytes func(bytes int)
}

// requests sends requests in turn. KEY is the path of an object that only this row uses, and OBJECT its key. STATS is no request, but
// reads what the statistics count since the row began.
func requests(texts ...string) func(*calls) string {
	return func(c *calls) string {
		c.t.Helper()
		responses := make([]string, len(texts))
		for i, text := range texts {
			if text == "STATS" {
				now := c.stats()
				responses[i] = fmt.Sprintf("%d objects, %d kB", now.ObjectCount-c.before.ObjectCount, now.UsedKB-c.before.UsedKB)
				continue
			}
			key := strings.TrimPrefix(c.key, "/data/")
			responses[i] = strings.ReplaceAll(c.do(strings.NewReplacer("KEY", c.key, "OBJECT", key).Replace(text)), key, "OBJECT")
		}
		return strings.Join(responses, ", ")
	}
}

const (
	location   = " <CreateBucketConfiguration><LocationConstraint>lon1</LocationConstraint></CreateBucketConfiguration>"
	versioning = "PUT /versioned?versioning= <VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
	complete   = "POST KEY?uploadId=UPLOAD <CompleteMultipartUpload>%s</CompleteMultipartUpload>"
	part       = "<Part><PartNumber>%d</PartNumber><ETag>{md5 %s}</ETag></Part>"
	cors       = " <CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>"
	lifecycle  = " <LifecycleConfiguration><Rule><ID>r</ID><Filter><Prefix>tmp/</Prefix></Filter><Status>Enabled</Status>" +
		"<Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>"
	trailer = "X-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER; X-Amz-Decoded-Content-Length: 5; " +
		"Content-Encoding: aws-chunked; X-Amz-Trailer: x-amz-checksum-crc32"
)

// emptyHash is the SHA-256 hash of an empty body.
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

var rows = []struct {
	name string
	call func(*calls) string
}{
	// Buckets.
	{"list buckets", requests("GET /")},
	{"head a bucket", requests("HEAD /data")},
	{"head a missing bucket", requests("HEAD /missing-bucket")},
	{"list a missing bucket", requests("GET /missing-bucket")},
	{"head another's bucket", requests("HEAD /other-data")},
	{"list another's bucket", requests("GET /other-data")},
	{"create a bucket", requests(
		"PUT /created-bucket", "PUT /created-bucket/object content", "GET /created-bucket/object", "PUT /created-bucket",
	)},
	{"create one's own bucket again", requests("PUT /data")},
	{"create another's bucket", requests("PUT /other-data")},
	{"create a bucket with a location", requests("PUT /located-bucket" + location)},
	{"create one's own bucket with a location", requests("PUT /data" + location)},
	{"create a bucket with an upper-case name", requests("PUT /Upper-Case")},
	{"create a bucket with an underscore", requests("PUT /under_score")},
	{"create a bucket with a short name", requests("PUT /ab")},
	{"create a bucket with a long name", requests("PUT /{a*64}")},
	{"create a bucket with a hyphen at the end", requests("PUT /hyphen-")},
	{"create a bucket with a dot next to a hyphen", requests("PUT /dot.-hyphen")},
	{"create a bucket with two dots", requests("PUT /two..dots")},
	{"create a bucket named like an address", requests("PUT /192.168.0.1")},
	{"create a bucket named like an address with large numbers", requests("PUT /2026.11.28.1000")},
	{"delete a missing bucket", requests("DELETE /missing-bucket")},
	{"delete another's bucket", requests("DELETE /other-data")},

	// Objects.
	{"put and get an object", requests("PUT KEY content", "GET KEY")},
	{"put and get an empty object", requests("PUT KEY", "GET KEY")},
	{"get a missing object", requests("GET KEY")},
	{"head a missing object", requests("HEAD KEY")},
	{"delete an object twice", requests("PUT KEY content", "DELETE KEY", "DELETE KEY")},
	{"put into a missing bucket", requests("PUT /missing-bucket/object x")},
	{"put into another's bucket", requests("PUT /other-data/object x")},
	{"delete another's object", requests("DELETE /other-data/object")},
	{"begin an upload in another's bucket", requests("POST /other-data/object?uploads=")},
	{"key with special characters", requests("PUT KEY/a%20b%2Bc%C3%A4%26%3D content", "GET KEY/a%20b%2Bc%C3%A4%26%3D")},
	{"delete several objects", requests(
		"PUT KEY x", "POST /data?delete= <Delete><Object><Key>OBJECT</Key></Object></Delete>", "GET KEY",
	)},
	{"range", requests("PUT KEY 0123456789", "GET KEY; Range: bytes=2-4")},
	{"range from the end", requests("PUT KEY 0123456789", "GET KEY; Range: bytes=-3")},
	{"range past the end", requests("PUT KEY 0123456789", "GET KEY; Range: bytes=20-30")},
	{"storage class STANDARD", requests("PUT KEY x; X-Amz-Storage-Class: STANDARD")},
	{"unknown storage class", requests("PUT KEY x; X-Amz-Storage-Class: GLACIER")},

	// Conditions.
	{"create an object that exists", requests("PUT KEY x", "PUT KEY y; If-None-Match: *")},
	{"create an object that does not exist", requests("PUT KEY x; If-None-Match: *")},
	{"replace an object with its ETag", requests("PUT KEY x", "PUT KEY y; If-Match: \"{md5 x}\"")},
	{"replace an object with another ETag", requests("PUT KEY x", "PUT KEY y; If-Match: \"{md5 z}\"")},
	{"get an object with its ETag", requests("PUT KEY x", "GET KEY; If-None-Match: \"{md5 x}\"")},
	{"get an object with another ETag", requests("PUT KEY x", "GET KEY; If-Match: \"{md5 z}\"")},

	// Copies.
	{"copy", requests("PUT KEY content", "PUT /versioned/copy; X-Amz-Copy-Source: KEY", "GET /versioned/copy")},
	{"copy a missing object", requests("PUT KEY; X-Amz-Copy-Source: /data/missing")},
	{"copy from a missing bucket", requests("PUT KEY; X-Amz-Copy-Source: /missing-bucket/object")},
	{"copy another's object", requests("PUT KEY; X-Amz-Copy-Source: /other-data/object")},
	{"copy into another's bucket", requests("PUT KEY x", "PUT /other-data/copy; X-Amz-Copy-Source: KEY")},
	{"copy another's object into a part", requests(
		"POST KEY?uploads=", "PUT KEY?partNumber=1&uploadId=UPLOAD; X-Amz-Copy-Source: /other-data/object",
	)},

	// Multipart uploads.
	{"upload in parts", requests(
		"POST KEY?uploads=", "PUT KEY?partNumber=1&uploadId=UPLOAD {a*5242880}", "PUT KEY?partNumber=2&uploadId=UPLOAD b",
		fmt.Sprintf(complete, fmt.Sprintf(part, 1, "{a*5242880}")+fmt.Sprintf(part, 2, "b")), "GET KEY",
	)},
	{"upload in small parts", requests(
		"POST KEY?uploads=", "PUT KEY?partNumber=1&uploadId=UPLOAD a", "PUT KEY?partNumber=2&uploadId=UPLOAD b",
		fmt.Sprintf(complete, fmt.Sprintf(part, 1, "a")+fmt.Sprintf(part, 2, "b")),
	)},
	{"part of an unknown upload", requests("PUT KEY?partNumber=1&uploadId=unknown x")},
	{"abort an upload", requests("POST KEY?uploads=", "DELETE KEY?uploadId=UPLOAD", "PUT KEY?partNumber=1&uploadId=UPLOAD x")},
	{"complete an upload with a wrong ETag", requests(
		"POST KEY?uploads=", "PUT KEY?partNumber=1&uploadId=UPLOAD x", fmt.Sprintf(complete, fmt.Sprintf(part, 1, "y")),
	)},

	// Statistics.
	{"statistics count an unfinished upload", requests(
		"POST KEY?uploads=", "PUT KEY?partNumber=1&uploadId=UPLOAD {x*1024}", "PUT KEY?partNumber=2&uploadId=UPLOAD {x*2048}",
		"STATS", "DELETE KEY?uploadId=UPLOAD", "STATS",
	)},
	{"statistics count what is replaced once", requests("PUT KEY {x*4096}", "PUT KEY {x*8192}", "STATS")},
	{"statistics count copies and uploads", requests(
		"PUT KEY {x*4096}", "PUT KEY-copy; X-Amz-Copy-Source: KEY", "POST KEY-parts?uploads=",
		"PUT KEY-parts?partNumber=1&uploadId=UPLOAD {x*4096}",
		strings.ReplaceAll(fmt.Sprintf(complete, fmt.Sprintf(part, 1, "{x*4096}")), "KEY", "KEY-parts"), "STATS",
	)},
	{"statistics do not count what is deleted twice", requests(
		"PUT KEY {x*4096}", "PUT KEY-2 {x*8192}", "DELETE KEY", "DELETE KEY", "STATS",
		"POST /data?delete= <Delete><Object><Key>OBJECT-2</Key></Object><Object><Key>OBJECT-2</Key></Object></Delete>", "STATS",
	)},

	// Lists.
	{"list with a prefix and a delimiter", requests(
		"PUT KEY/a", "PUT KEY/b/1", "PUT KEY/b/2", "PUT KEY/c", "GET /data?list-type=2&delimiter=/&prefix=OBJECT/",
	)},
	{"list in pages", requests(
		"PUT KEY/a", "PUT KEY/b", "PUT KEY/c", "GET /data?list-type=2&max-keys=2&prefix=OBJECT/",
		"GET /data?list-type=2&max-keys=2&prefix=OBJECT/&continuation-token=NEXT",
	)},
	{"list in pages with a delimiter", requests(
		"PUT KEY/a", "PUT KEY/b/1", "PUT KEY/b/2", "PUT KEY/c", "GET /data?list-type=2&max-keys=2&delimiter=/&prefix=OBJECT/",
		"GET /data?list-type=2&max-keys=2&delimiter=/&prefix=OBJECT/&continuation-token=NEXT",
	)},
	{"list with an empty delimiter", requests("PUT KEY/a", "PUT KEY/b/1", "GET /data?list-type=2&delimiter=&prefix=OBJECT/")},
	{"list after an object that was deleted", requests(
		"PUT KEY/a", "PUT KEY/b", "PUT KEY/c", "GET /data?list-type=2&max-keys=2&prefix=OBJECT/", "DELETE KEY/b",
		"GET /data?list-type=2&prefix=OBJECT/&continuation-token=NEXT",
	)},
	{"list after a key", requests("PUT KEY/a", "PUT KEY/b", "PUT KEY/c", "GET /data?list-type=2&start-after=OBJECT/a&prefix=OBJECT/")},
	{"list with version 1", requests("PUT KEY/a", "PUT KEY/b", "PUT KEY/c", "GET /data?max-keys=2&marker=OBJECT/a&prefix=OBJECT/")},

	// Bodies: hashes, checksums and trailers, over TLS.
	{"unsigned payload", requests("PUT KEY x; X-Amz-Content-Sha256: UNSIGNED-PAYLOAD")},
	{"body that differs from the signed hash", requests("PUT KEY x; X-Amz-Content-Sha256: " + emptyHash)},
	{"wrong Content-MD5", requests("PUT KEY x; Content-Md5: AAAAAAAAAAAAAAAAAAAAAA==")},
	{"unsigned trailer", requests("PUT KEY 5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n; " + trailer)},
	{"checksum header", requests("PUT KEY hello; X-Amz-Checksum-Crc32: NhCmhg==")},

	// Settings of a bucket.
	{"location", requests("GET /data?location=")},
	{"put CORS", requests("PUT /data?cors=" + cors)},
	{"put a lifecycle", requests("PUT /data?lifecycle=" + lifecycle)},
	{"bucket with an ACL that allows reads", requests("PUT /acl-data?acl=; X-Amz-Acl: public-read")},
	{"versioning keeps two versions", requests(
		versioning, "PUT /versioned/object 1", "PUT /versioned/object 2", "GET /versioned?versions=&prefix=object",
	)},
	{"conditional write with versioning", requests(versioning, "PUT /versioned/lock x", "PUT /versioned/lock y; If-None-Match: *")},

	// Signatures and presigned URLs.
	{"get another's object", func(c *calls) string {
		return c.other.do("PUT /other-data/object x") + ", " + c.do("GET /other-data/object")
	}},
	{"unknown access key", func(c *calls) string { return c.with("UNKNOWN", "secret").do("GET /data") }},
	{"wrong secret", func(c *calls) string { return c.wrong().do("GET /data") }},
	{"without a signature", func(c *calls) string { return c.get("/data") }},
	{"any region in the signature", func(c *calls) string { c.region = "elsewhere"; return c.do("HEAD /data") }},
	{"session token", func(c *calls) string { c.keys.SessionToken = "token"; return c.do("GET /data?location=") }},
	{"presigned V4", func(c *calls) string { return c.do("PUT /data/object x") + ", " + c.get(c.valid()) }},
	{"presigned V4, longest", func(c *calls) string { return c.get(c.presign("GET", "/data/object", time.Now(), 7*24*time.Hour)) }},
	{"presigned V4, expired", func(c *calls) string {
		return c.get(c.presign("GET", "/data/object", time.Now().Add(-time.Hour), time.Minute))
	}},
	{"presigned V4, wrong secret", func(c *calls) string { return c.get(c.wrong().presign("GET", "/data/object", time.Now(), time.Minute)) }},
	{"presigned V4, other method", func(c *calls) string { return c.get(c.presign("PUT", "/data/object", time.Now(), time.Minute)) }},
	{"presigned V4, other object", func(c *calls) string { return c.get(strings.Replace(c.valid(), "/object", "/other", 1)) }},
	{"presigned V4, session token", func(c *calls) string { c.keys.SessionToken = "token"; return c.get(c.valid()) }},
	{"presigned V2", func(c *calls) string {
		c.do("PUT " + c.key + " content")
		expires := strconv.FormatInt(time.Now().Add(time.Minute).Unix(), 10)
		query := url.Values{"AWSAccessKeyId": {c.keys.AccessKeyID}, "Expires": {expires}}
		query.Set("Signature", signV2(c.keys.SecretAccessKey, "GET\n\n\n"+expires+"\n"+c.key))
		return c.get(c.key + "?" + query.Encode())
	}},
	{"signature V2", func(c *calls) string {
		date := time.Now().UTC().Format(http.TimeFormat)
		request := c.request(http.MethodGet, "/data?max-keys=0", "")
		request.Header.Set("Date", date)
		request.Header.Set("Authorization", "AWS "+c.keys.AccessKeyID+":"+signV2(c.keys.SecretAccessKey, "GET\n\n\n"+date+"\n/data"))
		return c.send(request)
	}},
	{"anonymous read of a public object", func(c *calls) string {
		c.do("PUT " + c.key + " public; X-Amz-Acl: public-read")
		return c.get(c.key)
	}},
	{"anonymous read of a private object", func(c *calls) string { c.do("PUT " + c.key + " private"); return c.get(c.key) }},

	// Signed chunks.
	{"signed chunks", func(c *calls) string { return c.chunks("", 5, "", "") + ", " + c.do("GET "+c.key) }},
	{"chunk with a wrong signature", func(c *calls) string { return c.chunks("", 5, "hello", "jello") }},
	{"signed chunks with a wrong length", func(c *calls) string { return c.chunks("", 4, "", "") }},
	{"signed chunks without the last one", func(c *calls) string { return c.chunks("", 5, "0;chunk", "") }},
	{"signed chunks with a trailer", func(c *calls) string {
		return c.chunks("-TRAILER", 5, "\r\n\r\n", "\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")
	}},

	// Changes through the API. They come last.
	{"write that exceeds the quota", func(c *calls) string {
		c.setMaxBytes(2048)
		defer c.setMaxBytes(0)
		return c.do("PUT /quota-data/object {x*4096}")
	}},
	{"old secret after a rotation", func(c *calls) string {
		return c.rotate(func(changed *civosim.Credential) { changed.SecretAccessKey = "rotated" })
	}},
	{"old keys after a rotation of both", func(c *calls) string {
		return c.rotate(func(changed *civosim.Credential) { changed.AccessKeyID = "ROTATED" })
	}},
	{"suspended credential, then active again", func(c *calls) string {
		suspended := c.rotate(func(changed *civosim.Credential) { changed.Suspended = true })
		return suspended + ", then " + c.rotate(func(changed *civosim.Credential) { changed.Suspended = false })
	}},
	{"deleted store", func(c *calls) string {
		c.server.RemoveStore("other-store")
		return c.other.do("GET /other-data/object")
	}},
	{"deleted credential", func(c *calls) string { c.server.RemoveCredential("other"); return c.other.do("GET /") }},
}

func (c *calls) wrong() *s3Client { return c.with(c.keys.AccessKeyID, "wrong") }

func (c *calls) valid() string {
	return c.presign(http.MethodGet, "/data/object", time.Now(), time.Minute)
}

func signV2(secret, text string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// rotate changes the other credential, and uses its old keys and its new ones.
func (c *calls) rotate(change func(*civosim.Credential)) string {
	c.server.ChangeCredential("other", change)
	before := c.other.do("GET /other-data?location=")
	changed, _ := c.server.Credential("other")
	c.other = c.other.with(changed.AccessKeyID, changed.SecretAccessKey)
	return before + ", " + c.other.do("GET /other-data?location=")
}

// stats returns the store "data" with its usage.
func (c *calls) stats() civosim.Store {
	for _, st := range c.server.Stores("") {
		if st.Name == "data" {
			return st
		}
	}
	return civosim.Store{}
}

// chunks puts the object "hello" in signed chunks. After it has been signed, a text in the body is replaced, and the body ends after an
// empty replacement.
func (c *calls) chunks(trailer string, length int, old, replacement string) string {
	c.t.Helper()
	payload := "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + trailer
	signed := c.request(http.MethodPut, c.key, "")
	signed.Header = http.Header{
		"X-Amz-Content-Sha256": {payload}, "X-Amz-Decoded-Content-Length": {strconv.Itoa(length)}, "Content-Encoding": {"aws-chunked"},
	}
	signed.ContentLength = int64(len("hello")) + 2*int64(len(";chunk-signature=\r\n\r\n")+64+1)
	now := time.Now()
	if err := newSigner().SignHTTP(c.t.Context(), c.keys, signed, payload, "s3", c.region, now); err != nil {
		c.t.Fatal(err)
	}
	_, seed, _ := strings.Cut(signed.Header.Get("Authorization"), "Signature=")
	raw, err := hex.DecodeString(seed)
	if err != nil {
		c.t.Fatal(err)
	}
	stream := signer.NewStreamSigner(c.keys, "s3", c.region, raw)
	var body strings.Builder
	for _, chunk := range []string{"hello", ""} {
		signature, err := stream.GetSignature(c.t.Context(), nil, []byte(chunk), now)
		if err != nil {
			c.t.Fatal(err)
		}
		fmt.Fprintf(&body, "%x;chunk-signature=%x\r\n%s\r\n", len(chunk), signature, chunk)
	}
	sent, rest, found := strings.Cut(body.String(), old)
	switch {
	case old == "":
		sent = body.String()
	case found && replacement != "":
		sent += replacement + rest
	}
	request := c.request(http.MethodPut, c.key, sent)
	request.Header = signed.Header
	return c.send(request)
}

// run runs the table on a server and returns the responses by the names of the calls.
func run(t *testing.T, server *civosim.Server, tlsURL string, setMaxBytes func(int)) map[string]string {
	t.Helper()
	owner := server.AddCredential(civosim.Credential{ID: "owner", Name: "owner"})
	other := server.AddCredential(civosim.Credential{ID: "other", Name: "other"})
	server.AddStore(civosim.Store{ID: "other-store", Name: "other-data", OwnerID: "other"})
	for _, name := range []string{"data", "acl-data", "versioned", "quota-data"} {
		server.AddStore(civosim.Store{ID: name, Name: name, OwnerID: "owner"})
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // a certificate made by this test
	t.Cleanup(transport.CloseIdleConnections)
	secure := &http.Client{Transport: transport, Timeout: 5 * time.Minute}
	c := &calls{server: server, other: newS3Client(t, server, other), setMaxBytes: setMaxBytes}
	c.other.url, c.other.http = tlsURL, secure
	responses := map[string]string{}
	for _, row := range rows {
		c.s3Client = newS3Client(t, server, owner)
		c.url, c.http = tlsURL, secure
		c.key, c.before = "/data/"+strings.NewReplacer(" ", "-", "'", "", ",", "").Replace(row.name), c.stats()
		responses[row.name] = row.call(c)
	}
	return responses
}

// expected returns the responses of Ceph.
func expected(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "ceph.txt"))
	if err != nil {
		t.Fatal(err)
	}
	responses := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, response, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); ok && !strings.HasPrefix(line, "#") {
			responses[name] = response
		}
	}
	return responses
}

func TestS3_CallsInMemory(t *testing.T) {
	t.Parallel()
	server, _ := start(t, civosim.Options{S3CreatesBuckets: true})
	tlsURL, _ := simtest.ServeTLS(t, server)
	got := run(t, server, tlsURL, func(bytes int) {
		server.ChangeStore("quota-data", func(st *civosim.Store) {
			if bytes > 0 {
				st.UsedKB = st.MaxSizeGB*1_000_000 - bytes/1024
			}
		})
	})
	want := expected(t)
	for name, response := range inMemory {
		if want[name] == response || want[name] == "" {
			t.Errorf("%s: Ceph responds with %q, so that the call is no difference", name, want[name])
		}
		want[name] = response
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("responses (-want +got):\n%s", diff)
	}
}

func TestS3_CallsOnCeph(t *testing.T) {
	t.Parallel()
	gateway, option := simtest.Ceph(t)
	server, _ := start(t, civosim.Options{S3CreatesBuckets: true, Gateway: option})
	got := run(t, server, gateway.TLSURL, func(bytes int) { simtest.SetQuota(t, gateway, "owner", "quota-data", bytes) })
	if *update {
		var text bytes.Buffer
		fmt.Fprintf(&text, "# The responses of Ceph %s to the calls in s3_calls_test.go. Generated by: go test -run CallsOnCeph -update\n", gateway.Version)
		for _, row := range rows {
			fmt.Fprintf(&text, "%s: %s\n", row.name, got[row.name])
		}
		if err := os.WriteFile(filepath.Join("testdata", "ceph.txt"), text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(expected(t), got); diff != "" {
		t.Errorf("responses of Ceph %s (-want +got):\n%s", gateway.Version, diff)
	}
}
