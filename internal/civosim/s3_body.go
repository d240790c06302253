// The bodies of S3 requests to the data plane in memory: what the signature says about a body must hold, as on Ceph.

package civosim

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/rclone/gofakes3/signature"
)

// signedChunks is the only X-Amz-Content-Sha256 of a body in chunks that Ceph accepts. It rejects those with a trailer.
const signedChunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"

// verifyBody reads the body of an authenticated request and compares it with the signed hash, or verifies and removes the chunks.
func verifyBody(r *http.Request, keys aws.Credentials) *signature.APIError {
	hash := r.Header.Get("X-Amz-Content-Sha256")
	switch {
	case hash == "" || hash == "UNSIGNED-PAYLOAD":
		return nil
	case strings.HasPrefix(hash, "STREAMING-") && hash != signedChunks:
		return errBodyMismatch
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return &signature.APIError{Code: "IncompleteBody", Description: "The body is incomplete", HTTPStatusCode: http.StatusBadRequest}
	}
	if hash == signedChunks {
		var refusal *signature.APIError
		if body, refusal = readChunks(r, body, keys); refusal != nil {
			return refusal
		}
		r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
		r.Header.Del("X-Amz-Decoded-Content-Length")
		if r.Header.Get("Content-Encoding") == "aws-chunked" {
			r.Header.Del("Content-Encoding")
		}
		r.ContentLength = int64(len(body))
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	} else if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != hash {
		return errBodyMismatch
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// readChunks verifies the signature of each chunk and returns the content. Each chunk consists of a line with its length and its signature,
// and the data. The last chunk is empty: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
func readChunks(r *http.Request, body []byte, keys aws.Credentials) ([]byte, *signature.APIError) {
	authorization := r.Header.Get("Authorization")
	_, scope, _ := strings.Cut(authorization, "Credential=")
	fields := strings.Split(scope, "/")
	_, seed, _ := strings.Cut(authorization, "Signature=")
	previous, err := hex.DecodeString(strings.TrimSpace(seed))
	signedAt, timeErr := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil || timeErr != nil || len(fields) < 3 {
		return nil, errSignatureMismatch
	}
	stream := signer.NewStreamSigner(keys, "s3", fields[2], previous)
	var content []byte
	for reader := bufio.NewReader(bytes.NewReader(body)); ; {
		chunk, signed, ok := readChunk(reader)
		if !ok {
			return nil, errSignatureMismatch
		}
		computed, err := stream.GetSignature(r.Context(), nil, chunk, signedAt)
		if err != nil || subtle.ConstantTimeCompare(computed, signed) == 0 {
			return nil, errBodyMismatch
		}
		if len(chunk) == 0 {
			break
		}
		content = append(content, chunk...)
	}
	if r.Header.Get("X-Amz-Decoded-Content-Length") != strconv.Itoa(len(content)) {
		return nil, errBodyMismatch
	}
	return content, nil
}

// readChunk reads the next chunk. It returns false if there is none, or if it is not complete.
func readChunk(reader *bufio.Reader) (chunk, signed []byte, ok bool) {
	line, err := reader.ReadString('\n')
	if err != nil {
		return nil, nil, false
	}
	length, text, _ := strings.Cut(strings.TrimSuffix(line, "\r\n"), ";chunk-signature=")
	size, err := strconv.ParseUint(length, 16, 31)
	if err != nil || size > maxChunk {
		return nil, nil, false
	}
	if signed, err = hex.DecodeString(text); err != nil {
		return nil, nil, false
	}
	data := make([]byte, size+2)
	if _, err := io.ReadFull(reader, data); err != nil || string(data[size:]) != "\r\n" {
		return nil, nil, false
	}
	return data[:size], signed, true
}

// maxChunk limits the size of a chunk, in bytes. Clients send much smaller ones.
const maxChunk = 64 << 20

var (
	errBodyMismatch = &signature.APIError{
		Code: "XAmzContentSHA256Mismatch", Description: "The body does not match its signature", HTTPStatusCode: http.StatusBadRequest,
	}
	errSignatureMismatch = &signature.APIError{
		Code: "SignatureDoesNotMatch", Description: "The signature of a chunk is missing", HTTPStatusCode: http.StatusForbidden,
	}
)

// minPart is the minimum size of each part of an upload except the last.
const minPart = 5 << 20

// checkRequest returns an error for requests that the library accepts, but Ceph does not.
func (a *account) checkRequest(r *http.Request) *signature.APIError {
	query := r.URL.Query()
	class := r.Header.Get("X-Amz-Storage-Class")
	switch {
	case class != "" && class != "STANDARD":
		return &signature.APIError{Code: "InvalidArgument", Description: "The storage class does not exist", HTTPStatusCode: http.StatusBadRequest}
	case r.Method == http.MethodPost && query.Get("uploadId") != "" && a.hasSmallPart(r.Context(), r.URL.Path, query.Get("uploadId")):
		return &signature.APIError{
			Code: "EntityTooSmall", Description: fmt.Sprintf("A part has fewer than %d bytes", minPart), HTTPStatusCode: http.StatusBadRequest,
		}
	case r.Method == http.MethodPut && len(query) == 0 && strings.Count(strings.Trim(r.URL.Path, "/"), "/") == 0 && hasLocation(r):
		return &signature.APIError{
			Code: "InvalidLocationConstraint", Description: "The location does not exist", HTTPStatusCode: http.StatusBadRequest,
		}
	}
	return nil
}

// hasLocation reports whether the body of a request that creates a bucket contains a location. It keeps the body.
func hasLocation(r *http.Request) bool {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxBody))
	r.Body = io.NopCloser(bytes.NewReader(body))
	var configuration struct {
		LocationConstraint string `xml:"LocationConstraint"`
	}
	return xml.Unmarshal(body, &configuration) == nil && configuration.LocationConstraint != ""
}

// hasSmallPart reports whether a part of an upload, except the last, is too small.
func (a *account) hasSmallPart(ctx context.Context, path, uploadID string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "/", http.NoBody)
	if err != nil {
		return false
	}
	request.URL.Path, request.URL.RawQuery = path, url.Values{"uploadId": {uploadID}}.Encode()
	listed := &bufferedWriter{header: http.Header{}}
	a.handler.ServeHTTP(listed, request)
	var parts struct {
		Sizes []int `xml:"Part>Size"`
	}
	if xml.Unmarshal(listed.body.Bytes(), &parts) != nil {
		return false // the library rejects the request
	}
	for _, size := range parts.Sizes[:max(0, len(parts.Sizes)-1)] {
		if size < minPart {
			return true
		}
	}
	return false
}

// bufferedWriter keeps the body of a response.
type bufferedWriter struct {
	header http.Header
	body   bytes.Buffer
}

func (w *bufferedWriter) Header() http.Header            { return w.header }
func (w *bufferedWriter) WriteHeader(int)                {}
func (w *bufferedWriter) Write(data []byte) (int, error) { return w.body.Write(data) }
