package civosim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Kinds of request, as in [Request].Kind and [Fault].Kind.
const (
	KindListCredentials  = "list credentials"
	KindGetCredential    = "get credential"    //nolint:gosec // a label
	KindCreateCredential = "create credential" //nolint:gosec // a label
	KindUpdateCredential = "update credential" //nolint:gosec // a label
	KindDeleteCredential = "delete credential" //nolint:gosec // a label
	KindListStores       = "list stores"
	KindGetStore         = "get store"
	KindCreateStore      = "create store"
	KindUpdateStore      = "update store"
	KindDeleteStore      = "delete store"
	KindOther            = "other" // regions, ping, and whatever the API does not know
)

// elsewhere is where the redirect fault leads. A request for it in the record is a client that followed.
const elsewhere = "/elsewhere"

// call is a request taken apart.
type call struct {
	kind   string
	path   string
	id     string // of the object, if the path names one
	region string // as the client wrote it, "" if it named none
	query  url.Values
	body   []byte
}

func newCall(r *http.Request, body []byte) call {
	c := call{path: r.URL.Path, query: r.URL.Query(), body: body}
	c.kind, c.id = kindOf(r.Method, r.URL.Path)
	c.region = c.query.Get("region")
	// A write names its region in the body, where it counts more than in the query.
	if in, err := decode[struct{ Region string }](body); err == nil && in.Region != "" {
		c.region = in.Region
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
	credentialsPath = "/v2/objectstore/credentials" //nolint:gosec // a path, not a credential
	storesPath      = "/v2/objectstores"
)

// route is what tells the kinds of request apart: the method, and a collection or one object of it.
type route struct {
	method, collection string
	one                bool
}

var kinds = map[route]string{
	{http.MethodGet, credentialsPath, false}:   KindListCredentials,
	{http.MethodPost, credentialsPath, false}:  KindCreateCredential,
	{http.MethodGet, credentialsPath, true}:    KindGetCredential,
	{http.MethodPut, credentialsPath, true}:    KindUpdateCredential,
	{http.MethodDelete, credentialsPath, true}: KindDeleteCredential,
	{http.MethodGet, storesPath, false}:        KindListStores,
	{http.MethodPost, storesPath, false}:       KindCreateStore,
	{http.MethodGet, storesPath, true}:         KindGetStore,
	{http.MethodPut, storesPath, true}:         KindUpdateStore,
	{http.MethodDelete, storesPath, true}:      KindDeleteStore,
}

func kindOf(method, path string) (kind, id string) {
	for _, collection := range []string{credentialsPath, storesPath} {
		if path == collection {
			return cmp.Or(kinds[route{method, collection, false}], KindOther), ""
		}
		id, ok := strings.CutPrefix(path, collection+"/")
		if ok && id != "" && !strings.Contains(id, "/") {
			return cmp.Or(kinds[route{method, collection, true}], KindOther), id
		}
	}
	return KindOther, ""
}

// operations carry out a kind of request each. The lock is held, and what has gone by now is gone.
var operations = map[string]func(*Server, call) (any, error){
	KindListCredentials:  (*Server).listCredentials,
	KindGetCredential:    (*Server).getCredential,
	KindCreateCredential: (*Server).createCredential,
	KindUpdateCredential: (*Server).updateCredential,
	KindDeleteCredential: (*Server).deleteCredential,
	KindListStores:       (*Server).listStores,
	KindGetStore:         (*Server).getStore,
	KindCreateStore:      (*Server).createStore,
	KindUpdateStore:      (*Server).updateStore,
	KindDeleteStore:      (*Server).deleteStore,
}

// carryOut does what a request asks for. The error is an *apiError or errNoSuchPage.
func (s *Server) carryOut(c call, authorization string) (any, error) {
	operation, ok := operations[c.kind]
	if !ok {
		return s.other(c, authorization)
	}
	if err := s.authenticate(authorization); err != nil {
		return nil, err
	}
	region, err := s.regionOf(c.region)
	if err != nil {
		return nil, err
	}
	c.region = region

	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	return operation(s, c)
}

// other answers what is neither about credentials nor about stores, as far as the CLI asks for it.
func (s *Server) other(c call, authorization string) (any, error) {
	switch c.path {
	case "/v2/ping":
		return success{Result: "ok"}, nil
	case elsewhere:
		return success{Result: "redirected"}, nil
	case "/v2/regions":
		return s.regionList(), s.authenticate(authorization)
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

// regionOf is the code of the region asked for, in upper case.
func (s *Server) regionOf(asked string) (string, error) {
	if asked == "" {
		return s.options.Regions[0], nil
	}
	code := strings.ToUpper(asked)
	if !slices.Contains(s.options.Regions, code) {
		return "", &apiError{
			Status: http.StatusBadRequest, Code: "region_unavailable",
			Reason: "The region " + asked + " is not available",
		}
	}
	return code, nil
}
