// The S3 client of the demo.

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// bucket is a bucket and the keys to access it.
type bucket struct {
	url    string
	region string
	keys   aws.Credentials
}

// client sends the S3 requests. The timeout applies to each request.
var client = http.Client{Timeout: 30 * time.Second}

// send sends a signed request for an object, with content as its body. It returns the status of the response, such as "200 OK", and its
// body.
func (b bucket) send(ctx context.Context, method, object, content string) (status, body string, err error) {
	request, err := http.NewRequestWithContext(ctx, method, b.url+"/"+object, strings.NewReader(content))
	if err != nil {
		return "", "", err
	}
	sum := sha256.Sum256([]byte(content))
	hash := hex.EncodeToString(sum[:])
	request.Header.Set("X-Amz-Content-Sha256", hash)
	s3 := signer.NewSigner(func(o *signer.SignerOptions) { o.DisableURIPathEscaping = true }) // S3 encodes a path only once
	if err := s3.SignHTTP(ctx, b.keys, request, hash, "s3", b.region, time.Now()); err != nil {
		return "", "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return "", "", fmt.Errorf("reading the response to %s %s: %w", method, object, err)
	}
	return response.Status, string(data), nil
}
