// Requests: parsing and dispatch.

package civosim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Kinds of request, as in [Request].Kind and [Fault].Kind.
const (
	KindListRegions      = "list regions"
	KindGetQuota         = "get quota"
	KindListCredentials  = "list credentials"
	KindGetCredential    = "get credential"    //nolint:gosec // a label
	KindCreateCredential = "create credential" //nolint:gosec // a label
	KindUpdateCredential = "update credential" //nolint:gosec // a label
	KindDeleteCredential = "delete credential" //nolint:gosec // a label
	KindListStores       = "list stores"
	KindGetStore         = "get store"
	KindStoreStats       = "store stats"
	KindCreateStore      = "create store"
	KindUpdateStore      = "update store"
	KindDeleteStore      = "delete store"
	KindOther            = "other" // ping, and requests that the API does not know
)

// elsewhere is the target of the redirect fault. The record contains a request for it if a client follows the redirect.
const elsewhere = "/elsewhere"

// call is a parsed request.
type call struct {
	kind   string
	path   string
	id     string // of the object, if the path has one
	region string // as the client wrote it, "" if there is none
	query  url.Values
	body   []byte
}

func newCall(r *http.Request, body []byte) call {
	c := call{path: r.URL.Path, query: r.URL.Query(), body: body}
	c.kind, c.id = kindOf(r.Method, r.URL.Path)
	switch r.Method {
	case http.MethodPost, http.MethodPut:
		// Private installations of Civo ignore the query of these methods, and so does the simulator.
		if in, err := decode[struct{ Region string }](body); err == nil {
			c.region = in.Region
		}
	default:
		c.region = c.query.Get("region")
	}
	return c
}

func decode[T any](body []byte) (T, error) {
	var value T
	if err := json.Unmarshal(body, &value); err != nil {
		return value, errBadBody
	}
	return value, nil
}

const (
	regionsPath     = "/v2/regions"
	quotaPath       = "/v2/quota"
	credentialsPath = "/v2/objectstore/credentials" //nolint:gosec // a path, not a credential
	storesPath      = "/v2/objectstores"
)

// route is a method and a path, in which {id} replaces the ID of an object.
type route struct{ method, pattern string }

var kinds = map[route]string{
	{http.MethodGet, regionsPath}:                  KindListRegions,
	{http.MethodGet, quotaPath}:                    KindGetQuota,
	{http.MethodGet, credentialsPath}:              KindListCredentials,
	{http.MethodPost, credentialsPath}:             KindCreateCredential,
	{http.MethodGet, credentialsPath + "/{id}"}:    KindGetCredential,
	{http.MethodPut, credentialsPath + "/{id}"}:    KindUpdateCredential,
	{http.MethodDelete, credentialsPath + "/{id}"}: KindDeleteCredential,
	{http.MethodGet, storesPath}:                   KindListStores,
	{http.MethodPost, storesPath}:                  KindCreateStore,
	{http.MethodGet, storesPath + "/{id}"}:         KindGetStore,
	{http.MethodGet, storesPath + "/{id}/stats"}:   KindStoreStats,
	{http.MethodPut, storesPath + "/{id}"}:         KindUpdateStore,
	{http.MethodDelete, storesPath + "/{id}"}:      KindDeleteStore,
}

func kindOf(method, path string) (kind, id string) {
	pattern := path
	for _, collection := range []string{credentialsPath, storesPath} {
		rest, ok := strings.CutPrefix(path, collection+"/")
		if !ok || rest == "" {
			continue
		}
		id, _, _ = strings.Cut(rest, "/")
		pattern = collection + "/{id}" + rest[len(id):]
	}
	return cmp.Or(kinds[route{method, pattern}], KindOther), id
}

// operations has the function that executes each kind of request. The caller holds the lock and has called settle.
var operations = map[string]func(*Server, call) (any, error){
	KindListRegions:      (*Server).listRegions,
	KindGetQuota:         (*Server).getQuota,
	KindListCredentials:  (*Server).listCredentials,
	KindGetCredential:    (*Server).getCredential,
	KindCreateCredential: (*Server).createCredential,
	KindUpdateCredential: (*Server).updateCredential,
	KindDeleteCredential: (*Server).deleteCredential,
	KindListStores:       (*Server).listStores,
	KindGetStore:         (*Server).getStore,
	KindStoreStats:       (*Server).storeStats,
	KindCreateStore:      (*Server).createStore,
	KindUpdateStore:      (*Server).updateStore,
	KindDeleteStore:      (*Server).deleteStore,
}

// carryOut executes a request. The error is an *apiError or errNoSuchPage.
func (s *Server) carryOut(c call, authorization string) (any, error) {
	operation, ok := operations[c.kind]
	if !ok {
		return other(c.path)
	}
	if err := s.authenticate(authorization); err != nil {
		return nil, err
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if err := s.sync(); err != nil {
		return nil, err
	}
	if c.kind != KindListRegions && c.kind != KindGetQuota {
		region, err := s.objectStoreRegion(c.region)
		if err != nil {
			return nil, err
		}
		c.region = region
	}
	value, err := operation(s, c)
	if err == nil {
		err = s.sync()
	}
	return value, err
}

// other answers the requests that have no kind of their own. None of them needs a token.
func other(path string) (any, error) {
	switch path {
	case "/v2/ping":
		return result{Result: "ok"}, nil
	case elsewhere:
		return result{Result: "redirected"}, nil
	default:
		return nil, errNoSuchPage
	}
}

func (s *Server) authenticate(authorization string) error {
	scheme, token, _ := strings.Cut(authorization, " ")
	token = strings.TrimSpace(token)
	switch {
	case !strings.EqualFold(scheme, "bearer") || token == "":
		return errNoToken
	case token != s.Token():
		return errBadToken
	default:
		return nil
	}
}
