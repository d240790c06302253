// An S3 client for tests: net/http and the signer of the AWS SDK.

package civosim_test

import (
	"bytes"
	"cmp"
	"crypto/md5" //nolint:gosec // S3 requires it for ETags and Content-MD5
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
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
	t          *testing.T
	url        string
	keys       aws.Credentials
	region     string // in the credential scope
	http       *http.Client
	beforeBody func() // if not nil, called before a body is sent; with "Expect: 100-continue", the server has then checked the request

	upload string // ID of the latest upload in parts
	next   string // token of the next page of the latest list
}

func newS3Client(t *testing.T, server *civosim.Server, c civosim.Credential) *s3Client {
	t.Helper()
	return &s3Client{
		t: t, url: server.S3URL(), region: "us-east-1", http: newClient(t, server).http,
		keys: aws.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey},
	}
}

// newSigner returns a signer that does not encode paths twice, as S3 requires.
func newSigner() *signer.Signer {
	return signer.NewSigner(func(o *signer.SignerOptions) { o.DisableURIPathEscaping = true })
}

// with returns a client with other keys.
func (c *s3Client) with(accessKey, secret string) *s3Client {
	changed := *c
	changed.keys.AccessKeyID, changed.keys.SecretAccessKey = accessKey, secret
	return &changed
}

// do sends a request and returns a summary of the response: the status and the code of an error, the names in a list, or a short body.
// The form of a request is METHOD PATH BODY; HEADER: VALUE; … A text can contain UPLOAD, the ID of the latest upload, NEXT, the token of
// the next page, {x*N} for N letters, and {md5 TEXT} for a hash.
func (c *s3Client) do(text string) string {
	c.t.Helper()
	text = strings.NewReplacer("UPLOAD", url.QueryEscape(c.upload), "NEXT", url.QueryEscape(c.next)).Replace(text)
	parts := strings.Split(expand(text), "; ")
	method, rest, _ := strings.Cut(parts[0], " ")
	path, body, _ := strings.Cut(rest, " ")
	request := c.request(method, path, body)
	for _, header := range parts[1:] {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	for _, parameter := range []string{"delete", "cors", "lifecycle"} { // which require the hash of the body
		if request.URL.Query().Has(parameter) {
			sum := md5.Sum([]byte(body)) //nolint:gosec // as above
			request.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
		}
	}
	sum := sha256.Sum256([]byte(body))
	hash := cmp.Or(request.Header.Get("X-Amz-Content-Sha256"), hex.EncodeToString(sum[:]))
	request.Header.Set("X-Amz-Content-Sha256", hash)
	if err := newSigner().SignHTTP(c.t.Context(), c.keys, request, hash, "s3", c.region, time.Now()); err != nil {
		c.t.Fatal(err)
	}
	if c.beforeBody != nil {
		request.Body = io.NopCloser(io.MultiReader(eventReader(c.beforeBody), strings.NewReader(body)))
	}
	return c.send(request)
}

var (
	repeated = regexp.MustCompile(`\{(.)\*(\d+)\}`)
	hashed   = regexp.MustCompile(`\{md5 (.+?)\}`)
)

// expand replaces {x*N}, {md5 TEXT}, and \r\n.
func expand(text string) string {
	text = strings.ReplaceAll(text, `\r\n`, "\r\n")
	text = repeated.ReplaceAllStringFunc(text, func(match string) string {
		parts := repeated.FindStringSubmatch(match)
		n, _ := strconv.Atoi(parts[2])
		return strings.Repeat(parts[1], n)
	})
	return hashed.ReplaceAllStringFunc(text, func(match string) string {
		sum := md5.Sum([]byte(hashed.FindStringSubmatch(match)[1])) //nolint:gosec // as above
		return hex.EncodeToString(sum[:])
	})
}

// eventReader is an empty body that calls a function when it is read.
type eventReader func()

func (r eventReader) Read([]byte) (int, error) { r(); return 0, io.EOF }

func (c *s3Client) request(method, path, body string) *http.Request {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	return request
}

// presign returns the path and the query of a URL of the object "object" in the store "data" that was signed at a time and expires later.
func (c *s3Client) presign(method string, at time.Time, expires time.Duration) string {
	c.t.Helper()
	request := c.request(method, "/data/object", "")
	request.URL.RawQuery = "X-Amz-Expires=" + strconv.Itoa(int(expires.Seconds()))
	signed, _, err := newSigner().PresignHTTP(c.t.Context(), c.keys, request, "UNSIGNED-PAYLOAD", "s3", c.region, at)
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.TrimPrefix(signed, c.url)
}

// get requests a path without a signature of its own.
func (c *s3Client) get(path string) string { return c.send(c.request(http.MethodGet, path, "")) }

// send sends a request as it is, and returns a summary of the response.
func (c *s3Client) send(request *http.Request) string {
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
	var answer struct {
		Code    string   `xml:"Code"` // of an error
		Buckets []string `xml:"Buckets>Bucket>Name"`
		Keys    []string `xml:"Contents>Key"`
		Common  []string `xml:"CommonPrefixes>Prefix"`
		Next    string   `xml:"NextContinuationToken"`
		Upload  string   `xml:"UploadId"`
		Version []string `xml:"Version>Key"`
	}
	summary := strconv.Itoa(response.StatusCode)
	if !bytes.HasPrefix(body, []byte("<?xml")) {
		if len(body) > 100 {
			return fmt.Sprintf("%s %d bytes", summary, len(body))
		}
		return strings.TrimSpace(summary + " " + string(body))
	}
	if err := xml.Unmarshal(body, &answer); err != nil {
		c.t.Fatalf("%s: %s", err, body)
	}
	c.upload, c.next = cmp.Or(answer.Upload, c.upload), answer.Next
	names := append(append(append(answer.Buckets, answer.Keys...), answer.Common...), answer.Version...)
	if bytes.Contains(body, []byte("<List")) {
		return fmt.Sprint(summary, " ", names)
	}
	return strings.TrimSpace(summary + " " + answer.Code)
}
