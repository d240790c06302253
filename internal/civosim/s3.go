// The S3 data plane: authentication, and the accounts that serve authenticated requests.

package civosim

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/signature"
)

// S3URL returns the base URL of the S3 data plane, http://127.0.0.1:PORT, which can be the value of CIVO_OBJECTSTORE_ENDPOINT. It
// serves the stores of all regions. Clients must use path-style addressing and Signature Version 4.
func (s *Server) S3URL() string { return s.s3.url }

// serveS3 handles an S3 request. The simulator does not record it, and applies no faults, latency or rate limit to it.
func (s *Server) serveS3(w http.ResponseWriter, r *http.Request) {
	served, refusal := s.authenticateS3(r)
	if refusal != nil {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(refusal.HTTPStatusCode)
		_, _ = w.Write(signature.EncodeAPIErrorToResponse(*refusal)) //nolint:gosec // a constant
		return
	}
	// The library decodes the chunks of a signed payload without a trailer, and of an unsigned payload with one. A signed
	// payload with a trailer has the same format. The change must follow authentication, because the header is signed.
	if r.Header.Get("X-Amz-Content-Sha256") == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" {
		r.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
	}
	request := &s3Request{storeID: served.storeID(r.URL.Path)}
	r = r.WithContext(context.WithValue(r.Context(), s3RequestKey{}, request))
	// The library does not check the bucket of all requests of an upload. It does so before it lists the parts.
	if request.storeID == "" && r.URL.Query().Get("uploadId") != "" {
		r.Method = http.MethodGet
	}
	served.handler.ServeHTTP(&s3Writer{w, request}, r)
}

// authenticateS3 returns the account of the credential that signed the request. If credentials in several regions have the access key,
// it selects one whose secret matches the signature, preferably in the region of the request's credential scope. It rejects all session
// tokens, because Civo does not issue any.
func (s *Server) authenticateS3(r *http.Request) (*account, *signature.APIError) {
	if r.Header.Get("X-Amz-Security-Token") != "" || r.URL.Query().Get("X-Amz-Security-Token") != "" {
		return nil, &signature.APIError{
			Code: "InvalidToken", Description: "The provided token is malformed or otherwise not valid.", HTTPStatusCode: http.StatusBadRequest,
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	scope := r.Header.Get("Authorization") + r.URL.Query().Get("X-Amz-Credential")
	for i := 0; ; i++ {
		var candidates []*credential
		code := signature.V4SignVerifyWithLookup(r, func(accessKey string) (string, bool) {
			candidates = s.activeCredentials(accessKey, scope)
			if i >= len(candidates) {
				return "", false
			}
			return candidates[i].SecretAccessKey, true
		})
		if code == signature.ErrNone {
			return s.account(r.Context(), candidates[i]), nil
		}
		if i+1 >= len(candidates) {
			refusal := signature.GetAPIError(code)
			return nil, &refusal
		}
	}
}

// activeCredentials returns the usable credentials with this access key, those in the region of the scope first.
func (s *Server) activeCredentials(accessKey, scope string) []*credential {
	var inScope, others []*credential
	for _, region := range s.options.Regions {
		for _, c := range s.credentials.byAccessKey[regional{region, accessKey}] {
			switch {
			case c.Suspended || s.now(c).Status != "ready":
			case strings.Contains(strings.ToLower(scope), "/"+strings.ToLower(region)+"/s3/"):
				inScope = append(inScope, c)
			default:
				others = append(others, c)
			}
		}
	}
	return slices.Concat(inScope, others)
}

// s3Request is the state of a request.
type s3Request struct {
	storeID string // ID of the store that had the bucket's name when the request began, or "" if there was none
	status  int    // if not 0, overrides the status of an error
}

// s3RequestKey is the key of the *s3Request in a request's context.
type s3RequestKey struct{}

// s3StoreID returns the storeID of the request with this context.
func s3StoreID(ctx context.Context) string {
	if request, ok := ctx.Value(s3RequestKey{}).(*s3Request); ok {
		return request.storeID
	}
	return ""
}

// s3Writer writes a response. The library responds to unknown errors with status 500. s3Writer replaces it with the status that s3Error
// set.
type s3Writer struct {
	http.ResponseWriter

	request *s3Request
}

func (w *s3Writer) WriteHeader(status int) {
	if status == http.StatusInternalServerError && w.request.status != 0 {
		status = w.request.status
	}
	w.ResponseWriter.WriteHeader(status)
}

// s3Error returns an S3 error that the library does not define, and sets the status of the response.
func s3Error(ctx context.Context, status int, code gofakes3.ErrorCode, message string) error {
	if request, ok := ctx.Value(s3RequestKey{}).(*s3Request); ok {
		request.status = status
	}
	return gofakes3.ErrorMessage(code, message)
}
