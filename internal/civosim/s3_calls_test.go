// The table of S3 calls is testdata/ceph.txt. A real Ceph gateway is the judge: the file contains its responses and its version.

package civosim_test

import (
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
	"slices"
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

// calls is the state of one run of the table: a server with the store "data" of a credential, and another credential with "other-data".
type calls struct {
	*s3Client

	server      *civosim.Server
	other       *s3Client
	setMaxBytes func(bytes int)
	section     string        // title of the present section
	key         string        // of an object that only this section uses
	before      civosim.Store // the store "data" before this section
}

// code contains the sections that are no simple requests.
var code = map[string]func(*calls) string{
	// Signatures and presigned URLs.
	"get another's object": func(c *calls) string {
		return c.other.do("PUT /other-data/object x") + ", " + c.do("GET /other-data/object")
	},
	"unknown access key":          func(c *calls) string { return c.with("UNKNOWN", "secret").do("GET /data") },
	"wrong secret":                func(c *calls) string { return c.wrong().do("GET /data") },
	"without a signature":         func(c *calls) string { return c.get("/data") },
	"any region in the signature": func(c *calls) string { c.region = "elsewhere"; return c.do("HEAD /data") },
	"session token":               func(c *calls) string { c.keys.SessionToken = "token"; return c.do("GET /data?location=") },
	"presigned V4":                func(c *calls) string { return c.do("PUT /data/object x") + ", " + c.get(c.valid()) },
	"presigned V4, longest":       func(c *calls) string { return c.get(c.presign("GET", time.Now(), 7*24*time.Hour)) },
	"presigned V4, expired": func(c *calls) string {
		return c.get(c.presign("GET", time.Now().Add(-time.Hour), time.Minute))
	},
	"presigned V4, wrong secret":  func(c *calls) string { return c.get(c.wrong().presign("GET", time.Now(), time.Minute)) },
	"presigned V4, other method":  func(c *calls) string { return c.get(c.presign("PUT", time.Now(), time.Minute)) },
	"presigned V4, other object":  func(c *calls) string { return c.get(strings.Replace(c.valid(), "/object", "/other", 1)) },
	"presigned V4, session token": func(c *calls) string { c.keys.SessionToken = "token"; return c.get(c.valid()) },
	"presigned V2": func(c *calls) string {
		c.do("PUT /data/" + c.key + " content")
		expires := strconv.FormatInt(time.Now().Add(time.Minute).Unix(), 10)
		query := url.Values{"AWSAccessKeyId": {c.keys.AccessKeyID}, "Expires": {expires}}
		query.Set("Signature", signV2(c.keys.SecretAccessKey, "GET\n\n\n"+expires+"\n/data/"+c.key))
		return c.get("/data/" + c.key + "?" + query.Encode())
	},
	"signature V2": func(c *calls) string {
		date := time.Now().UTC().Format(http.TimeFormat)
		request := c.request(http.MethodGet, "/data?max-keys=0", "")
		request.Header.Set("Date", date)
		request.Header.Set("Authorization", "AWS "+c.keys.AccessKeyID+":"+signV2(c.keys.SecretAccessKey, "GET\n\n\n"+date+"\n/data"))
		return c.send(request)
	},
	"anonymous read of a public object": func(c *calls) string {
		c.do("PUT /data/" + c.key + " public; X-Amz-Acl: public-read")
		return c.get("/data/" + c.key)
	},
	"anonymous read of a private object": func(c *calls) string { c.do("PUT /data/" + c.key + " private"); return c.get("/data/" + c.key) },

	// Signed chunks.
	"signed chunks":                      func(c *calls) string { return c.chunks("", 5, "", "") + ", " + c.do("GET /data/"+c.key) },
	"chunk with a wrong signature":       func(c *calls) string { return c.chunks("", 5, "hello", "jello") },
	"signed chunks with a wrong length":  func(c *calls) string { return c.chunks("", 4, "", "") },
	"signed chunks without the last one": func(c *calls) string { return c.chunks("", 5, "0;chunk", "") },
	"signed chunks with a trailer": func(c *calls) string {
		return c.chunks("-TRAILER", 5, "\r\n\r\n", "\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")
	},

	// Changes through the API. They come last.
	"write that exceeds the quota": func(c *calls) string {
		c.setMaxBytes(2048)
		defer c.setMaxBytes(0)
		return c.do("PUT /quota-data/object {x*4096}")
	},
	"old secret after a rotation": func(c *calls) string {
		return c.rotate(func(changed *civosim.Credential) { changed.SecretAccessKey = "rotated" })
	},
	"old keys after a rotation of both": func(c *calls) string {
		return c.rotate(func(changed *civosim.Credential) { changed.AccessKeyID = "ROTATED" })
	},
	"suspended credential, then active again": func(c *calls) string {
		suspended := c.rotate(func(changed *civosim.Credential) { changed.Suspended = true })
		return suspended + ", then " + c.rotate(func(changed *civosim.Credential) { changed.Suspended = false })
	},
	"deleted store": func(c *calls) string {
		c.server.RemoveStore("other-store")
		return c.other.do("GET /other-data/object")
	},
	"deleted credential": func(c *calls) string { c.server.RemoveCredential("other"); return c.other.do("GET /") },
}

func (c *calls) wrong() *s3Client { return c.with(c.keys.AccessKeyID, "wrong") }

func (c *calls) valid() string {
	return c.presign(http.MethodGet, time.Now(), time.Minute)
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
	stores := c.server.Stores("")
	return stores[slices.IndexFunc(stores, func(st civosim.Store) bool { return st.Name == "data" })]
}

// chunks puts the object "hello" in signed chunks. After it has been signed, a text in the body is replaced, and the body ends after an
// empty replacement.
func (c *calls) chunks(trailer string, length int, old, replacement string) string {
	c.t.Helper()
	payload := "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + trailer
	signed := c.request(http.MethodPut, "/data/"+c.key, "")
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
	sent := body.String()
	if start, rest, found := strings.Cut(sent, old); found && replacement != "" {
		sent = start + replacement + rest
	} else if old != "" {
		sent = start
	}
	request := c.request(http.MethodPut, "/data/"+c.key, sent)
	request.Header = signed.Header
	return c.send(request)
}

// call runs a line of the table: a request as in s3_client_test.go, in which KEY is the key of an object that only this section uses;
// STATS, which reads what the statistics count since the section began; or CODE, which runs the code of the section.
func (c *calls) call(line string) string {
	switch line {
	case "CODE":
		return code[c.section](c)
	case "STATS":
		now := c.stats()
		return fmt.Sprintf("%d objects, %d kB", now.ObjectCount-c.before.ObjectCount, now.UsedKB-c.before.UsedKB)
	default:
		return strings.ReplaceAll(c.do(strings.ReplaceAll(line, "KEY", c.key)), c.key, "KEY")
	}
}

// merged returns the lines for a response, of Ceph or without a version in memory. The other response is that of the lines before.
func merged(before []string, version, response string) []string {
	end := slices.IndexFunc(before, func(line string) bool { return !strings.HasPrefix(line, "  ") })
	onCeph, inMemory, _ := strings.Cut(strings.TrimPrefix(strings.Join(before[:max(end, 0)], "\n"), "  "), "\n  in memory: ")
	if version != "" {
		onCeph = response
	} else {
		inMemory = response
	}
	if inMemory == "" || inMemory == onCeph {
		return []string{"  " + onCeph}
	}
	return []string{"  " + onCeph, "  in memory: " + inMemory}
}

// testCalls runs the table on a server, and compares the responses with the file. The lines after a call contain the response of Ceph, and
// the response in memory if it is another. version is that of Ceph; "" is in memory.
func testCalls(t *testing.T, server *civosim.Server, tlsURL, version string, setMaxBytes func(int)) {
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

	path := filepath.Join("testdata", "ceph.txt")
	text, err := os.ReadFile(path) //nolint:gosec // a file of this package
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(text), "\n")
	got := []string{want[0]}
	if version != "" {
		got[0] = "# S3 calls, and the responses of Ceph " + version + "."
	}
	for i, line := range want[1:] {
		if section, ok := strings.CutPrefix(line, "## "); ok {
			c.s3Client = newS3Client(t, server, owner)
			c.url, c.http, c.section = tlsURL, secure, section
			c.key = strings.NewReplacer(" ", "-", "'", "", ",", "").Replace(section)
			if calls, _, _ := strings.Cut(strings.Join(want[i+2:], "\n"), "\n## "); strings.Contains(calls, "STATS") {
				c.before = c.stats()
			}
		}
		if !strings.HasPrefix(line, "  ") { // no response
			got = append(got, line)
		}
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "  ") {
			continue
		}
		got = append(got, merged(want[i+2:], version, c.call(line))...)
	}
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(got, "\n")), 0o600); err != nil { //nolint:gosec // as above
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(want[1:], got[1:]); diff != "" {
		t.Errorf("responses, not those in %s (-want +got):\n%s", want[0], diff)
	}
}

func TestS3_CallsOnCeph(t *testing.T) { //nolint:paralleltest // with -update, both tests write the file
	if !*update {
		t.Parallel()
	}
	gateway, option := simtest.Ceph(t)
	server, _ := start(t, civosim.Options{S3CreatesBuckets: true, Gateway: option})
	testCalls(t, server, gateway.TLSURL, gateway.Version, func(bytes int) { simtest.SetQuota(t, gateway, "owner", "quota-data", bytes) })
}

func TestS3_CallsInMemory(t *testing.T) { //nolint:paralleltest // with -update, both tests write the file
	if !*update {
		t.Parallel()
	}
	server, _ := start(t, civosim.Options{S3CreatesBuckets: true})
	tlsURL, _ := simtest.ServeTLS(t, server)
	testCalls(t, server, tlsURL, "", func(bytes int) {
		server.ChangeStore("quota-data", func(st *civosim.Store) {
			if bytes > 0 {
				st.UsedKB = st.MaxSizeGB*1_000_000 - bytes/1024
			}
		})
	})
}
