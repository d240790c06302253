// The S3 data plane in memory: authentication, and the accounts that serve authenticated requests.

package civosim

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/signature"
)

// memoryPlane is the data plane that needs nothing but this process. It reads the credentials and stores of the server at each request.
type memoryPlane struct {
	server   *Server
	listener *listener
	accounts map[string]*account // by the ID of the credential
	synced   int                 // version of the server's credentials and stores that sync has seen
}

func newMemoryPlane(ctx context.Context, s *Server) (*memoryPlane, error) {
	p := &memoryPlane{server: s, accounts: map[string]*account{}}
	var err error
	p.listener, err = listen(ctx, s.options.S3Addr, p.serve, nil)
	return p, err
}

func (p *memoryPlane) url() string { return p.listener.url }

func (p *memoryPlane) close() error { return p.listener.close() }

// sync removes the buckets of stores that no longer exist, and the accounts of credentials that no longer exist and own no stores.
func (p *memoryPlane) sync() error {
	if version := p.server.version(); version != p.synced {
		p.synced = version
		for id, a := range p.accounts {
			a.removeOldBuckets()
			if _, ok := p.server.credentials.byID[id]; !ok && len(a.buckets) == 0 {
				delete(p.accounts, id)
			}
		}
	}
	return nil
}

func (p *memoryPlane) usage(st *store) (usage, error) {
	if a, ok := p.accounts[st.OwnerID]; ok && a.buckets[st.Name] == st {
		return a.usage[st.Name].total(), nil
	}
	return usage{}, nil
}

// S3Handler returns the data plane in memory without a listener, for tests that serve it over TLS; nil if the plane is another one.
func (s *Server) S3Handler() http.Handler {
	if p, ok := s.plane.(*memoryPlane); ok {
		return http.HandlerFunc(p.serve)
	}
	return nil
}

// serve handles an S3 request. The simulator does not record it, and applies no faults, latency or rate limit to it.
func (p *memoryPlane) serve(w http.ResponseWriter, r *http.Request) {
	served, keys, refusal := p.authenticate(r)
	if refusal == nil {
		refusal = verifyBody(r, keys)
	}
	if refusal != nil {
		writeError(w, refusal)
		return
	}
	request := &s3Request{storeID: served.storeID(r.URL.Path)}
	r = r.WithContext(context.WithValue(r.Context(), s3RequestKey{}, request))
	// The library does not check the bucket of all requests of an upload. It does so before it lists the parts.
	if request.storeID == "" && r.URL.Query().Get("uploadId") != "" {
		r.Method = http.MethodGet
	}
	if refusal := served.checkRequest(r); refusal != nil {
		writeError(w, refusal)
		return
	}
	served.handler.ServeHTTP(&s3Writer{w, request}, r)
}

// writeError responds with an error that the library does not know.
func writeError(w http.ResponseWriter, refusal *signature.APIError) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(refusal.HTTPStatusCode)
	_, _ = w.Write(signature.EncodeAPIErrorToResponse(*refusal))
}

// authenticate returns the account and the keys of the credential that signed the request.
// If credentials in several regions have the access key,
// it selects one whose secret matches the signature, preferably in the region of the request's credential scope. It rejects all session
// tokens, because Civo does not issue any.
func (p *memoryPlane) authenticate(r *http.Request) (*account, aws.Credentials, *signature.APIError) {
	if r.Header.Get("X-Amz-Security-Token") != "" || r.URL.Query().Get("X-Amz-Security-Token") != "" {
		return nil, aws.Credentials{}, &signature.APIError{
			Code: "InvalidToken", Description: "The provided token is malformed or otherwise not valid.", HTTPStatusCode: http.StatusBadRequest,
		}
	}
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.server.settle()
	scope := r.Header.Get("Authorization") + r.URL.Query().Get("X-Amz-Credential")
	for i := 0; ; i++ {
		var candidates []*credential
		code := signature.V4SignVerifyWithLookup(r, func(accessKey string) (string, bool) {
			candidates = p.activeCredentials(accessKey, scope)
			if i >= len(candidates) {
				return "", false
			}
			return candidates[i].SecretAccessKey, true
		})
		if code == signature.ErrNone {
			found := candidates[i]
			if found.Suspended {
				return nil, aws.Credentials{}, errSuspended
			}
			keys := aws.Credentials{AccessKeyID: found.AccessKeyID, SecretAccessKey: found.SecretAccessKey}
			return p.account(r.Context(), found), keys, nil
		}
		if i+1 >= len(candidates) {
			refusal := signature.GetAPIError(code)
			return nil, aws.Credentials{}, &refusal
		}
	}
}

var errSuspended = &signature.APIError{
	Code: "UserSuspended", Description: "The credential is suspended", HTTPStatusCode: http.StatusForbidden,
}

// activeCredentials returns the credentials with this access key that are ready, those in the region of the scope first.
func (p *memoryPlane) activeCredentials(accessKey, scope string) []*credential {
	var inScope, others []*credential
	for _, region := range p.server.options.Regions {
		for _, c := range p.server.credentials.byAccessKey[regional{region, accessKey}] {
			switch {
			case p.server.now(c).Status != "ready":
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
