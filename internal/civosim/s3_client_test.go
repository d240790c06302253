// An S3 client for tests: net/http and the signer of the AWS SDK.

package civosim_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// s3Client signs requests with one key pair.
type s3Client struct {
	t      *testing.T
	url    string
	keys   aws.Credentials
	region string // in the credential scope
	http   *http.Client

	beforeBody func() // if not nil, called before the body of a request is sent
}

// lateBody is a request body that calls a function before the first read.
type lateBody struct {
	io.Reader

	before func()
}

func (b *lateBody) Read(p []byte) (int, error) {
	if b.before != nil {
		b.before()
		b.before = nil
	}
	return b.Reader.Read(p)
}

func newS3Client(t *testing.T, server *civosim.Server, c civosim.Credential) s3Client {
	t.Helper()
	return s3Client{
		t: t, url: server.S3URL(), region: "us-east-1", http: newClient(t, server).http,
		keys: aws.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey},
	}
}

// newSigner returns a signer that does not encode paths twice, as S3 requires.
func newSigner() *signer.Signer {
	return signer.NewSigner(func(o *signer.SignerOptions) { o.DisableURIPathEscaping = true })
}

// s3Answer is a response. The XML of errors and of lists is decoded.
type s3Answer struct {
	Status  int      `xml:"-"`
	Body    string   `xml:"-"`
	Code    string   `xml:"Code"` // of an error
	Buckets []string `xml:"Buckets>Bucket>Name"`
	Keys    []string `xml:"Contents>Key"`
	Sizes   []int    `xml:"Contents>Size"`
	Common  []string `xml:"CommonPrefixes>Prefix"`
	Next    string   `xml:"NextContinuationToken"`
	Upload  string   `xml:"UploadId"`
}

func (c s3Client) request(method, path string, body []byte, headers ...string) *http.Request {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for pair := range slices.Chunk(headers, 2) {
		request.Header.Set(pair[0], pair[1])
	}
	return request
}

// send signs a request, with the body's hash unless the headers contain one, and sends it. headers are names and values.
func (c s3Client) send(method, path, body string, headers ...string) s3Answer {
	c.t.Helper()
	request := c.request(method, path, []byte(body), headers...)
	hash := request.Header.Get("X-Amz-Content-Sha256")
	if hash == "" {
		sum := sha256.Sum256([]byte(body))
		hash = hex.EncodeToString(sum[:])
		request.Header.Set("X-Amz-Content-Sha256", hash)
	}
	if err := newSigner().SignHTTP(c.t.Context(), c.keys, request, hash, "s3", c.region, time.Now()); err != nil {
		c.t.Fatal(err)
	}
	if c.beforeBody != nil {
		request.Body = io.NopCloser(&lateBody{strings.NewReader(body), c.beforeBody})
	}
	return c.do(request)
}

// slow returns a client that calls a function before it sends a body. If the headers contain "Expect: 100-continue", the server has
// authenticated the request by then.
func (c s3Client) slow(beforeBody func()) s3Client {
	c.t.Helper()
	transport := &http.Transport{ExpectContinueTimeout: 5 * time.Minute}
	c.t.Cleanup(transport.CloseIdleConnections)
	c.http = &http.Client{Transport: transport, Timeout: 5 * time.Minute}
	c.beforeBody = beforeBody
	return c
}

// presign returns a URL of the object "object" in the store "data" that was signed at a time and expires later.
func (c s3Client) presign(method string, at time.Time, expires time.Duration) string {
	c.t.Helper()
	request := c.request(method, "/data/object", nil)
	query := request.URL.Query()
	query.Set("X-Amz-Expires", strconv.Itoa(int(expires.Seconds())))
	request.URL.RawQuery = query.Encode()
	signed, _, err := newSigner().PresignHTTP(c.t.Context(), c.keys, request, "UNSIGNED-PAYLOAD", "s3", c.region, at)
	if err != nil {
		c.t.Fatal(err)
	}
	return signed
}

// get requests a URL without a signature of its own.
func (c s3Client) get(rawURL string) s3Answer {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, rawURL, http.NoBody)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.do(request)
}

func (c s3Client) do(request *http.Request) s3Answer {
	c.t.Helper()
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	answer := s3Answer{Status: response.StatusCode, Body: string(body)}
	if bytes.HasPrefix(body, []byte("<?xml")) {
		if err := xml.Unmarshal(body, &answer); err != nil {
			c.t.Fatalf("%s: %s", err, body)
		}
	}
	return answer
}

// ok sends a request and expects success.
func (c s3Client) ok(method, path, body string, headers ...string) s3Answer {
	c.t.Helper()
	answer := c.send(method, path, body, headers...)
	if answer.Status/100 != 2 {
		c.t.Fatalf("%s %s: %d %s", method, path, answer.Status, answer.Body)
	}
	return answer
}

// refused sends a request and expects an error such as "403 AccessDenied".
func (c s3Client) refused(want, method, path, body string, headers ...string) {
	c.t.Helper()
	if got := c.send(method, path, body, headers...).failure(); got != want {
		c.t.Errorf("%s %s: %s, want %s", method, path, got, want)
	}
}

// failure returns the status and the code of an error.
func (a s3Answer) failure() string { return fmt.Sprintf("%d %s", a.Status, a.Code) }

// upload sends an object in parts and returns the answer to its completion.
func (c s3Client) upload(path string, parts ...string) s3Answer {
	c.t.Helper()
	id := url.QueryEscape(c.ok(http.MethodPost, path+"?uploads=", "").Upload)
	complete := "<CompleteMultipartUpload>"
	for i, part := range parts {
		c.ok(http.MethodPut, fmt.Sprintf("%s?partNumber=%d&uploadId=%s", path, i+1, id), part)
		complete += fmt.Sprintf("<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>", i+1, md5Hex(part))
	}
	return c.send(http.MethodPost, path+"?uploadId="+id, complete+"</CompleteMultipartUpload>")
}
