// The table of S3 calls. A real Ceph gateway is the judge: testdata/ceph.txt contains its responses and its version.

package civosim_test

import (
	"bytes"
	stdcmp "cmp"
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // S3 requires it for Content-MD5
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
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/ceph"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

var update = flag.Bool("update", false, "write testdata/ceph.txt")

// inMemory contains the calls to which the data plane in memory responds in another way, because its library does not support them.
var inMemory = map[string]string{
	"anonymous read of a public object":     "403 AccessDenied",
	"bucket with an ACL that allows reads":  "501 NotImplemented",
	"presigned V2":                          "403 AccessDenied",
	"signature V2":                          "400 UnsupportedAlgorithm",
	"put and get CORS":                      "501 NotImplemented",
	"put and get lifecycle":                 "501 NotImplemented",
	"versioning keeps two versions":         "501 NotImplemented",
	"conditional write with versioning":     "501 NotImplemented",
	"statistics count an unfinished upload": "0 objects, 0 kB, then 204, 0 objects",
	"replace an object with its ETag":       "200",
}

// calls is the state of one run of the table: a server with the store "data" of a credential, and another credential with "other-data".
type calls struct {
	s3Client

	server      *civosim.Server
	other       s3Client
	store       civosim.Store
	key         string // path of an object that only this row uses
	payload     string // of chunks; "" for signed ones without a trailer
	setMaxBytes func(bytes int)
}

var rows = []struct {
	name string
	call func(*calls) string
}{
	// Buckets.
	{"list buckets", func(c *calls) string {
		return strconv.FormatBool(slices.Contains(c.ok(http.MethodGet, "/", "").Buckets, "data"))
	}},
	{"head a bucket", func(c *calls) string { return c.answer(http.MethodHead, "/data", "") }},
	{"head a missing bucket", func(c *calls) string { return c.answer(http.MethodHead, "/missing-bucket", "") }},
	{"list a missing bucket", func(c *calls) string { return c.answer(http.MethodGet, "/missing-bucket", "") }},
	{"head another's bucket", func(c *calls) string { return c.answer(http.MethodHead, "/other-data", "") }},
	{"list another's bucket", func(c *calls) string { return c.answer(http.MethodGet, "/other-data", "") }},
	{"create a bucket", func(c *calls) string { return c.answer(http.MethodPut, "/created-bucket", "") }},
	{"create one's own bucket again", func(c *calls) string { return c.answer(http.MethodPut, "/data", "") }},
	{"create another's bucket", func(c *calls) string { return c.answer(http.MethodPut, "/other-data", "") }},
	{"create a bucket with a location", func(c *calls) string { return c.answer(http.MethodPut, "/located-bucket", location) }},
	{"create one's own bucket with a location", func(c *calls) string { return c.answer(http.MethodPut, "/data", location) }},
	{"create a bucket with an upper-case name", func(c *calls) string { return c.answer(http.MethodPut, "/Upper-Case", "") }},
	{"create a bucket with an underscore", func(c *calls) string { return c.answer(http.MethodPut, "/under_score", "") }},
	{"create a bucket with a short name", func(c *calls) string { return c.answer(http.MethodPut, "/ab", "") }},
	{"create a bucket with a long name", func(c *calls) string {
		return c.answer(http.MethodPut, "/"+strings.Repeat("a", 64), "")
	}},
	{"create a bucket with a hyphen at the end", func(c *calls) string { return c.answer(http.MethodPut, "/hyphen-", "") }},
	{"create a bucket with a dot next to a hyphen", func(c *calls) string { return c.answer(http.MethodPut, "/dot.-hyphen", "") }},
	{"create a bucket with two dots", func(c *calls) string { return c.answer(http.MethodPut, "/two..dots", "") }},
	{"create a bucket named like an address", func(c *calls) string { return c.answer(http.MethodPut, "/192.168.0.1", "") }},
	{"create a bucket named like an address with large numbers", func(c *calls) string {
		return c.answer(http.MethodPut, "/2026.11.28.1000", "")
	}},
	{"delete a missing bucket", func(c *calls) string { return c.answer(http.MethodDelete, "/missing-bucket", "") }},
	{"delete another's bucket", func(c *calls) string { return c.answer(http.MethodDelete, "/other-data", "") }},

	// Objects.
	{"put and get an object", func(c *calls) string { return c.putThen("content", http.MethodGet, "") }},
	{"put and get an empty object", func(c *calls) string { return c.putThen("", http.MethodGet, "") }},
	{"get a missing object", func(c *calls) string { return c.answer(http.MethodGet, c.key, "") }},
	{"head a missing object", func(c *calls) string { return c.answer(http.MethodHead, c.key, "") }},
	{"delete an object twice", func(c *calls) string {
		return c.putThen("content", http.MethodDelete, "") + ", " + c.answer(http.MethodDelete, c.key, "")
	}},
	{"put into a missing bucket", func(c *calls) string { return c.answer(http.MethodPut, "/missing-bucket/object", "x") }},
	{"put into another's bucket", func(c *calls) string { return c.answer(http.MethodPut, "/other-data/object", "x") }},
	{"get another's object", func(c *calls) string {
		c.other.ok(http.MethodPut, "/other-data/object", "x")
		return c.answer(http.MethodGet, "/other-data/object", "")
	}},
	{"delete another's object", func(c *calls) string { return c.answer(http.MethodDelete, "/other-data/object", "") }},
	{"key with special characters", func(c *calls) string {
		c.key += "/a%20b%2Bc%C3%A4%26%3D"
		return c.putThen("content", http.MethodGet, "")
	}},
	{"delete several objects", func(c *calls) string {
		c.ok(http.MethodPut, c.key, "x")
		body := "<Delete><Object><Key>" + strings.TrimPrefix(c.key, "/data/") + "</Key></Object></Delete>"
		sum := md5.Sum([]byte(body)) //nolint:gosec // as above
		answer := c.answer(http.MethodPost, "/data?delete=", body, "Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
		return answer + ", " + c.answer(http.MethodGet, c.key, "")
	}},
	{"range", func(c *calls) string { return c.putThen("0123456789", http.MethodGet, "", "Range", "bytes=2-4") }},
	{"range from the end", func(c *calls) string { return c.putThen("0123456789", http.MethodGet, "", "Range", "bytes=-3") }},
	{"range past the end", func(c *calls) string { return c.putThen("0123456789", http.MethodGet, "", "Range", "bytes=20-30") }},
	{"storage class STANDARD", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "x", "X-Amz-Storage-Class", "STANDARD")
	}},
	{"unknown storage class", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "x", "X-Amz-Storage-Class", "GLACIER")
	}},

	// Conditions.
	{"create an object that exists", func(c *calls) string { return c.putThen("x", http.MethodPut, "y", "If-None-Match", "*") }},
	{"create an object that does not exist", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "x", "If-None-Match", "*")
	}},
	{"replace an object with its ETag", func(c *calls) string {
		return c.putThen("x", http.MethodPut, "y", "If-Match", `"`+md5Hex("x")+`"`)
	}},
	{"replace an object with another ETag", func(c *calls) string {
		return c.putThen("x", http.MethodPut, "y", "If-Match", `"`+md5Hex("z")+`"`)
	}},
	{"get an object with its ETag", func(c *calls) string {
		return c.putThen("x", http.MethodGet, "", "If-None-Match", `"`+md5Hex("x")+`"`)
	}},
	{"get an object with another ETag", func(c *calls) string {
		return c.putThen("x", http.MethodGet, "", "If-Match", `"`+md5Hex("z")+`"`)
	}},

	// Copies.
	{"copy", func(c *calls) string {
		c.ok(http.MethodPut, c.key, "content")
		return c.answer(http.MethodPut, c.key+"-copy", "", "X-Amz-Copy-Source", c.key) + ", " + c.answer(http.MethodGet, c.key+"-copy", "")
	}},
	{"copy a missing object", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "", "X-Amz-Copy-Source", "/data/missing")
	}},
	{"copy from a missing bucket", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "", "X-Amz-Copy-Source", "/missing-bucket/object")
	}},
	{"copy another's object", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "", "X-Amz-Copy-Source", "/other-data/object")
	}},

	// Multipart uploads.
	{"upload in parts", func(c *calls) string {
		answer := c.upload(c.key, strings.Repeat("a", 5<<20), "b")
		return fmt.Sprintf("%s, %d bytes", short(answer), len(c.ok(http.MethodGet, c.key, "").Body))
	}},
	{"upload in small parts", func(c *calls) string { return short(c.upload(c.key, "a", "b")) }},
	{"part of an unknown upload", func(c *calls) string {
		return c.answer(http.MethodPut, c.key+"?partNumber=1&uploadId=unknown", "x")
	}},
	{"abort an upload", func(c *calls) string {
		id := c.begin()
		return c.answer(http.MethodDelete, c.key+"?uploadId="+id, "") + ", " +
			c.answer(http.MethodPut, c.key+"?partNumber=1&uploadId="+id, "x")
	}},
	{"complete an upload with a wrong ETag", func(c *calls) string {
		id := c.begin()
		c.ok(http.MethodPut, c.key+"?partNumber=1&uploadId="+id, "x")
		return c.answer(http.MethodPost, c.key+"?uploadId="+id, "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"+
			md5Hex("y")+"</ETag></Part></CompleteMultipartUpload>")
	}},
	{"statistics count an unfinished upload", func(c *calls) string {
		before := c.stats()
		id := c.begin()
		c.ok(http.MethodPut, c.key+"?partNumber=1&uploadId="+id, strings.Repeat("x", 1024))
		c.ok(http.MethodPut, c.key+"?partNumber=2&uploadId="+id, strings.Repeat("x", 2048))
		after := c.stats()
		answer := c.answer(http.MethodDelete, c.key+"?uploadId="+id, "")
		return fmt.Sprintf("%d objects, %d kB, then %s, %d objects", after.ObjectCount-before.ObjectCount, after.UsedKB-before.UsedKB,
			answer, c.stats().ObjectCount-before.ObjectCount)
	}},

	// Lists.
	{"list with a prefix and a delimiter", func(c *calls) string {
		prefix := c.put("a", "b/1", "b/2", "c")
		list := c.ok(http.MethodGet, "/data?list-type=2&delimiter=/&prefix="+prefix, "")
		return fmt.Sprint(list.names(prefix))
	}},
	{"list in pages", func(c *calls) string {
		prefix := c.put("a", "b", "c")
		first := c.ok(http.MethodGet, "/data?list-type=2&max-keys=2&prefix="+prefix, "")
		second := c.ok(http.MethodGet, "/data?list-type=2&max-keys=2&prefix="+prefix+"&continuation-token="+url.QueryEscape(first.Next), "")
		return fmt.Sprint(first.names(prefix), second.names(prefix))
	}},
	{"list after a key", func(c *calls) string {
		prefix := c.put("a", "b", "c")
		return fmt.Sprint(c.ok(http.MethodGet, "/data?list-type=2&start-after="+prefix+"a&prefix="+prefix, "").names(prefix))
	}},
	{"list with version 1", func(c *calls) string {
		prefix := c.put("a", "b", "c")
		return fmt.Sprint(c.ok(http.MethodGet, "/data?max-keys=2&marker="+prefix+"a&prefix="+prefix, "").names(prefix))
	}},

	// Signatures and presigned URLs.
	{"unknown access key", func(c *calls) string { return c.with("UNKNOWN", "secret").answer(http.MethodGet, "/data", "") }},
	{"wrong secret", func(c *calls) string { return c.with(c.keys.AccessKeyID, "wrong").answer(http.MethodGet, "/data", "") }},
	{"without a signature", func(c *calls) string { return short(c.get(c.url + "/data")) }},
	{"any region in the signature", func(c *calls) string {
		c.region = "elsewhere"
		return c.answer(http.MethodGet, "/data?max-keys=1", "")
	}},
	{"presigned V4", func(c *calls) string {
		c.ok(http.MethodPut, "/data/object", "content")
		return shortBody(c.get(c.presign(http.MethodGet, time.Now(), time.Minute)))
	}},
	{"presigned V4, expired", func(c *calls) string {
		return short(c.get(c.presign(http.MethodGet, time.Now().Add(-time.Hour), time.Minute)))
	}},
	{"presigned V4, wrong secret", func(c *calls) string {
		wrong := c.with(c.keys.AccessKeyID, "wrong")
		return short(wrong.get(wrong.presign(http.MethodGet, time.Now(), time.Minute)))
	}},
	{"presigned V2", func(c *calls) string {
		c.ok(http.MethodPut, c.key, "content")
		expires := strconv.FormatInt(time.Now().Add(time.Minute).Unix(), 10)
		query := url.Values{"AWSAccessKeyId": {c.keys.AccessKeyID}, "Expires": {expires}}
		query.Set("Signature", signV2(c.keys.SecretAccessKey, "GET\n\n\n"+expires+"\n"+c.key))
		return shortBody(c.get(c.url + c.key + "?" + query.Encode()))
	}},
	{"signature V2", func(c *calls) string {
		date := time.Now().UTC().Format(http.TimeFormat)
		request := c.request(http.MethodGet, "/data", nil, "Date", date)
		request.Header.Set("Authorization", "AWS "+c.keys.AccessKeyID+":"+signV2(c.keys.SecretAccessKey, "GET\n\n\n"+date+"\n/data"))
		return short(c.do(request))
	}},

	// Bodies: hashes, checksums, chunks and trailers, over TLS.
	{"unsigned payload", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "x", "X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	}},
	{"body that differs from the signed hash", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "x", "X-Amz-Content-Sha256", emptyHash)
	}},
	{"wrong Content-MD5", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "x", "Content-MD5", base64.StdEncoding.EncodeToString(make([]byte, 16)))
	}},
	{"signed chunks", func(c *calls) string { return c.chunks(5, nil) + ", " + c.answer(http.MethodGet, c.key, "") }},
	{"chunk with a wrong signature", func(c *calls) string {
		return c.chunks(5, func(body string) string { return strings.Replace(body, "hello", "jello", 1) })
	}},
	{"signed chunks with a wrong length", func(c *calls) string { return c.chunks(4, nil) }},
	{"signed chunks without the last one", func(c *calls) string {
		return c.chunks(5, func(body string) string { return body[:strings.LastIndex(body, "0;chunk")] })
	}},
	{"signed chunks with a trailer", func(c *calls) string {
		c.payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
		answer := c.chunks(5, func(body string) string {
			return strings.TrimSuffix(body, "\r\n") + "x-amz-checksum-crc32:NhCmhg==\r\n\r\n"
		})
		c.payload = ""
		return answer
	}},
	{"unsigned trailer", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n",
			"X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "X-Amz-Decoded-Content-Length", "5",
			"Content-Encoding", "aws-chunked", "X-Amz-Trailer", "x-amz-checksum-crc32")
	}},
	{"checksum header", func(c *calls) string {
		return c.answer(http.MethodPut, c.key, "hello", "X-Amz-Checksum-Crc32", "NhCmhg==")
	}},

	// Settings of a bucket.
	{"location", func(c *calls) string { return c.answer(http.MethodGet, "/data?location=", "") }},
	{"put and get CORS", func(c *calls) string {
		return c.answer(http.MethodPut, "/data?cors=", "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod>"+
			"<AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>", "Content-MD5", md5Base64(
			"<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>"))
	}},
	{"put and get lifecycle", func(c *calls) string {
		const rule = "<LifecycleConfiguration><Rule><ID>r</ID><Filter><Prefix>tmp/</Prefix></Filter><Status>Enabled</Status>" +
			"<Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>"
		return c.answer(http.MethodPut, "/data?lifecycle=", rule, "Content-MD5", md5Base64(rule))
	}},
	{"bucket with an ACL that allows reads", func(c *calls) string {
		return c.answer(http.MethodPut, "/acl-data?acl=", "", "X-Amz-Acl", "public-read")
	}},
	{"anonymous read of a public object", func(c *calls) string {
		c.ok(http.MethodPut, c.key, "public", "X-Amz-Acl", "public-read")
		return shortBody(c.get(c.url + c.key))
	}},
	{"anonymous read of a private object", func(c *calls) string {
		c.ok(http.MethodPut, c.key, "private")
		return short(c.get(c.url + c.key))
	}},
	{"versioning keeps two versions", func(c *calls) string {
		answer := c.answer(http.MethodPut, "/versioned?versioning=", versioning)
		if answer != "200" {
			return answer
		}
		c.ok(http.MethodPut, "/versioned/object", "1")
		c.ok(http.MethodPut, "/versioned/object", "2")
		return strconv.Itoa(strings.Count(c.ok(http.MethodGet, "/versioned?versions=", "").Body, "<Version>"))
	}},
	{"conditional write with versioning", func(c *calls) string {
		answer := c.answer(http.MethodPut, "/versioned?versioning=", versioning)
		if answer != "200" {
			return answer
		}
		c.ok(http.MethodPut, "/versioned/lock", "x")
		return c.answer(http.MethodPut, "/versioned/lock", "y", "If-None-Match", "*")
	}},

	// Changes through the API. They come last.
	{"write that exceeds the quota", func(c *calls) string {
		c.setMaxBytes(2048)
		defer c.setMaxBytes(0)
		return c.answer(http.MethodPut, "/quota-data/object", strings.Repeat("x", 4096))
	}},
	{"old secret after a rotation", func(c *calls) string {
		old := c.other
		c.server.ChangeCredential("other", func(changed *civosim.Credential) { changed.SecretAccessKey = "rotated" })
		c.other.keys.SecretAccessKey = "rotated"
		return short(old.send(http.MethodGet, "/other-data", "")) + ", " + short(c.other.send(http.MethodGet, "/other-data", ""))
	}},
	{"old keys after a rotation of both", func(c *calls) string {
		old := c.other
		c.server.ChangeCredential("other", func(changed *civosim.Credential) { changed.AccessKeyID = "ROTATED" })
		c.other.keys.AccessKeyID = "ROTATED"
		return short(old.send(http.MethodGet, "/other-data", "")) + ", " + short(c.other.send(http.MethodGet, "/other-data", ""))
	}},
	{"suspended credential", func(c *calls) string {
		c.server.ChangeCredential("other", func(changed *civosim.Credential) { changed.Suspended = true })
		return short(c.other.send(http.MethodGet, "/other-data", ""))
	}},
	{"credential that is active again", func(c *calls) string {
		c.server.ChangeCredential("other", func(changed *civosim.Credential) { changed.Suspended = false })
		return short(c.other.send(http.MethodGet, "/other-data", ""))
	}},
	{"deleted store", func(c *calls) string {
		c.server.RemoveStore("other-store")
		return short(c.other.send(http.MethodGet, "/other-data/object", ""))
	}},
	{"deleted credential", func(c *calls) string {
		c.server.RemoveCredential("other")
		return short(c.other.send(http.MethodGet, "/", ""))
	}},
}

const (
	location   = "<CreateBucketConfiguration><LocationConstraint>lon1</LocationConstraint></CreateBucketConfiguration>"
	versioning = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
)

func md5Base64(text string) string {
	sum := md5.Sum([]byte(text)) //nolint:gosec // as above
	return base64.StdEncoding.EncodeToString(sum[:])
}

func signV2(secret, text string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// short returns the status of a response, and the code of an error.
func short(a s3Answer) string { return strings.TrimSpace(a.failure()) }

// shortBody also returns the body of a response that is no XML.
func shortBody(a s3Answer) string {
	if a.Body == "" || strings.HasPrefix(a.Body, "<") {
		return short(a)
	}
	return short(a) + " " + a.Body
}

func (c *calls) answer(method, path, body string, headers ...string) string {
	c.t.Helper()
	return shortBody(c.send(method, path, body, headers...))
}

// putThen puts an object and sends another request for it.
func (c *calls) putThen(content, method, body string, headers ...string) string {
	c.t.Helper()
	c.ok(http.MethodPut, c.key, content)
	return c.answer(method, c.key, body, headers...)
}

// put puts objects and returns the common part of their keys.
func (c *calls) put(names ...string) string {
	c.t.Helper()
	for _, name := range names {
		c.ok(http.MethodPut, c.key+"/"+name, name)
	}
	return strings.TrimPrefix(c.key, "/data/") + "/"
}

// names returns the keys and common prefixes in a list, without a prefix.
func (a s3Answer) names(prefix string) []string {
	var names []string
	for _, name := range append(a.Keys, a.Common...) {
		names = append(names, strings.TrimPrefix(name, prefix))
	}
	return names
}

func (c *calls) with(accessKey, secret string) *calls {
	changed := *c
	changed.keys.AccessKeyID, changed.keys.SecretAccessKey = accessKey, secret
	return &changed
}

// begin begins an upload in parts.
func (c *calls) begin() string {
	c.t.Helper()
	return url.QueryEscape(c.ok(http.MethodPost, c.key+"?uploads=", "").Upload)
}

// stats returns the store with its usage.
func (c *calls) stats() civosim.Store {
	for _, st := range c.server.Stores("") {
		if st.ID == c.store.ID {
			return st
		}
	}
	return civosim.Store{}
}

// chunks puts the object "hello" in signed chunks. change changes the body after it has been signed.
func (c *calls) chunks(length int, change func(string) string) string {
	c.t.Helper()
	const content = "hello"
	payload := stdcmp.Or(c.payload, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
	request := c.request(http.MethodPut, c.key, nil, "X-Amz-Content-Sha256", payload,
		"X-Amz-Decoded-Content-Length", strconv.Itoa(length), "Content-Encoding", "aws-chunked")
	now := time.Now()
	request.ContentLength = int64(len(content)) + 2*int64(len(";chunk-signature=\r\n\r\n")+64+1)
	if err := newSigner().SignHTTP(c.t.Context(), c.keys, request, payload, "s3", c.region, now); err != nil {
		c.t.Fatal(err)
	}
	_, seed, _ := strings.Cut(request.Header.Get("Authorization"), "Signature=")
	raw, err := hex.DecodeString(seed)
	if err != nil {
		c.t.Fatal(err)
	}
	stream := signer.NewStreamSigner(c.keys, "s3", c.region, raw)
	var body strings.Builder
	for _, chunk := range []string{content, ""} {
		signature, err := stream.GetSignature(c.t.Context(), nil, []byte(chunk), now)
		if err != nil {
			c.t.Fatal(err)
		}
		fmt.Fprintf(&body, "%x;chunk-signature=%x\r\n%s\r\n", len(chunk), signature, chunk)
	}
	sent := body.String()
	if change != nil {
		sent = change(sent)
	}
	signed := c.request(http.MethodPut, c.key, []byte(sent))
	signed.Header = request.Header
	return short(c.do(signed))
}

// newCalls starts the table on a server. transport is for the client.
func newCalls(t *testing.T, server *civosim.Server, tlsURL string) *calls {
	t.Helper()
	owner := server.AddCredential(civosim.Credential{ID: "owner", Name: "owner"})
	other := server.AddCredential(civosim.Credential{ID: "other", Name: "other"})
	server.AddStore(civosim.Store{ID: "other-store", Name: "other-data", OwnerID: "other"})
	for _, name := range []string{"acl-data", "versioned", "quota-data"} {
		server.AddStore(civosim.Store{ID: name, Name: name, OwnerID: "owner"})
	}
	c := &calls{
		server: server, store: server.AddStore(civosim.Store{Name: "data", OwnerID: "owner"}),
		s3Client: newS3Client(t, server, owner), other: newS3Client(t, server, other),
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // a certificate made by this test
	t.Cleanup(transport.CloseIdleConnections)
	c.http = &http.Client{Transport: transport, Timeout: 5 * time.Minute}
	c.url, c.other.url, c.other.http = tlsURL, tlsURL, c.http
	return c
}

// run runs the table and returns the responses by the names of the calls.
func (c *calls) run() map[string]string {
	responses := map[string]string{}
	for i, row := range rows {
		c.key = fmt.Sprintf("/data/row-%d", i)
		before := c.s3Client
		responses[row.name] = row.call(c)
		c.s3Client = before
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
	c := newCalls(t, server, tlsURL)
	c.setMaxBytes = func(bytes int) {
		server.ChangeStore("quota-data", func(st *civosim.Store) {
			if bytes > 0 {
				st.UsedKB = st.MaxSizeGB*1_000_000 - bytes/1024
			}
		})
	}
	want := expected(t)
	for name, response := range inMemory {
		if want[name] == response || want[name] == "" {
			t.Errorf("%s: Ceph responds with %q, so that the call is no difference", name, want[name])
		}
		want[name] = response
	}
	if diff := cmp.Diff(want, c.run()); diff != "" {
		t.Errorf("responses (-want +got):\n%s", diff)
	}
}

func TestS3_CallsOnCeph(t *testing.T) {
	t.Parallel()
	gateway, option := simtest.Ceph(t)
	server, _ := start(t, civosim.Options{S3CreatesBuckets: true, Gateway: option})
	c := newCalls(t, server, gateway.TLSURL)
	c.setMaxBytes = func(bytes int) { simtest.SetQuota(t, gateway, "owner", "quota-data", bytes) }
	got := c.run()
	if *update {
		writeExpected(t, gateway, got)
	}
	if diff := cmp.Diff(expected(t), got); diff != "" {
		t.Errorf("responses of Ceph %s (-want +got):\n%s", gateway.Version, diff)
	}
}

func writeExpected(t *testing.T, gateway *ceph.Gateway, responses map[string]string) {
	t.Helper()
	var text bytes.Buffer
	fmt.Fprintf(&text, "# The responses of Ceph %s to the calls in s3_calls_test.go. Generated by: go test -run CallsOnCeph -update\n", gateway.Version)
	for _, row := range rows {
		fmt.Fprintf(&text, "%s: %s\n", row.name, responses[row.name])
	}
	if err := os.WriteFile(filepath.Join("testdata", "ceph.txt"), text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// emptyHash is the SHA-256 hash of an empty body.
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
