// Faults that tests inject into chosen requests.

package civosim

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Fault applies an effect to the requests that match all of its filters, or to some of them.
type Fault struct {
	Name       string // for tables of faults; ignored by the server
	Kind       string // one of the Kind constants; "" is any
	Method     string // "" is any
	PathPrefix string // "" is any

	// Nth is the number of the first matching request that the fault applies to, counted from 1 since its injection; 0 is
	// every matching request.
	Nth int
	// Times is the number of consecutive matching requests that the fault applies to, from the Nth on; 0 is 1. It has no
	// meaning without Nth.
	Times int

	Effect Effect
	// Status and Body are the answer of EffectResponse.
	Status int
	Body   string
}

// Effect is what happens to a request. A request is executed only with the EffectAfter effects.
type Effect string

// Effects instead of the execution of a request.
const (
	Effect400           Effect = "400"             // JSON error
	Effect401           Effect = "401"             // JSON error, as without a token
	Effect403           Effect = "403"             // JSON error
	Effect404Text       Effect = "404-text"        // plain text page
	Effect404Account    Effect = "404-account"     // JSON error, as with a wrong token
	Effect429           Effect = "429"             // JSON error, without Retry-After
	Effect429RetryAfter Effect = "429-retry-after" // JSON error, Retry-After: 1
	Effect500           Effect = "500"             // JSON error
	EffectBusy          Effect = "busy"            // 409 while another operation is in progress
	EffectQuota         Effect = "quota"           // 500, although the client must not repeat the request
	EffectParameter     Effect = "parameter"       // 500, likewise
	Effect502HTML       Effect = "502-html"        // a proxy's HTML page
	Effect503           Effect = "503"             // JSON error
	EffectClose         Effect = "close"           // connection closed without an answer
	EffectHang          Effect = "hang"            // no answer until the client disconnects or the server is closed
	EffectEmpty200      Effect = "empty-200"       // no body
	EffectHTML200       Effect = "html-200"        // an HTML page
	EffectCut200        Effect = "cut-200"         // the beginning of a JSON answer, with a matching Content-Length
	EffectTypes200      Effect = "types-200"       // JSON with fields of the wrong types
	EffectFailed200     Effect = "failed-200"      // JSON with the result "failed", and otherwise an empty list and an empty store
	EffectEmpty203      Effect = "empty-203"       // JSON with an empty list and an empty store, with the status of a proxy that changed it
	EffectRedirect      Effect = "redirect"        // 302 to /elsewhere on the same server
	EffectResponse      Effect = "response"        // the Status and the Body of the fault; not in Effects
)

// Effects after the execution of a request.
const (
	EffectAfterClose Effect = "after-close" // connection closed without an answer
	EffectAfter500   Effect = "after-500"   // JSON error
	EffectAfter502   Effect = "after-502"   // a proxy's HTML page
	EffectAfterCut   Effect = "after-cut"   // half of the answer, then the connection is closed
	EffectAfterHang  Effect = "after-hang"  // no answer until the client disconnects or the server is closed
)

// delivery is the part of an answer that is sent.
type delivery int

const (
	whole   delivery = iota
	halved           // half of the body, then the connection is closed
	dropped          // nothing: the connection is closed
	hanging          // nothing: the connection stays open
)

// behavior implements an effect. A request without a fault has the zero value.
type behavior struct {
	carriesOut bool
	instead    *answer // replaces the request's own answer
	delivery   delivery
}

// effectOrder contains each effect but EffectResponse once, in the order of Effects.
var effectOrder = []Effect{
	Effect400, Effect401, Effect403, Effect404Text, Effect404Account, Effect429, Effect429RetryAfter, Effect500,
	EffectBusy, EffectQuota, EffectParameter,
	Effect502HTML, Effect503, EffectClose, EffectHang, EffectEmpty200, EffectHTML200, EffectCut200, EffectTypes200,
	EffectFailed200, EffectEmpty203,
	EffectRedirect, EffectAfterClose, EffectAfter500, EffectAfter502, EffectAfterCut, EffectAfterHang,
}

var effects = map[Effect]behavior{
	Effect400: {instead: refuse(http.StatusBadRequest, "bad_request", "The request cannot be processed")},
	Effect401: {instead: newAnswer(nil, errNoToken)},
	Effect403: {instead: refuse(http.StatusForbidden, "authentication_access_denied", "Access denied")},

	Effect404Text:       {instead: newAnswer(nil, errNoSuchPage)},
	Effect404Account:    {instead: newAnswer(nil, errBadToken)},
	Effect429:           {instead: newAnswer(nil, errTooMany)},
	Effect429RetryAfter: {instead: retryAfterOneSecond()},

	Effect500:   {instead: internalError},
	EffectBusy:  {instead: refuse(http.StatusConflict, "database_quota_lock_failed", "Another operation is in progress")},
	EffectQuota: {instead: refuse(http.StatusInternalServerError, "quota_limit_reached", "The quota of the account is exceeded")},
	EffectParameter: {instead: newAnswer(nil, &apiError{
		Status: http.StatusInternalServerError, Code: "parameter_name_invalid", Reason: "Invalid parameter", Details: "The name is invalid",
	})},
	Effect502HTML: {instead: badGateway},
	Effect503:     {instead: refuse(http.StatusServiceUnavailable, "service_unavailable", "Try again later")},

	EffectClose: {delivery: dropped},
	EffectHang:  {delivery: hanging},

	EffectEmpty200: {instead: textAnswer(http.StatusOK, "application/json", "")},
	EffectHTML200:  {instead: textAnswer(http.StatusOK, htmlType, "<html><body><h1>Welcome</h1></body></html>\n")},
	EffectCut200:   {instead: textAnswer(http.StatusOK, "application/json", cutJSON)},
	EffectTypes200: {instead: textAnswer(http.StatusOK, "application/json", wrongTypes)},

	EffectFailed200: {instead: textAnswer(http.StatusOK, "application/json", `{"result":"failed",`+nothing)},
	EffectEmpty203:  {instead: textAnswer(http.StatusNonAuthoritativeInfo, "application/json", `{"result":"success",`+nothing)},

	EffectRedirect: {instead: &answer{status: http.StatusFound, contentType: htmlType, location: elsewhere}},

	EffectAfterClose: {carriesOut: true, delivery: dropped},
	EffectAfter500:   {carriesOut: true, instead: internalError},
	EffectAfter502:   {carriesOut: true, instead: badGateway},
	EffectAfterCut:   {carriesOut: true, delivery: halved},
	EffectAfterHang:  {carriesOut: true, delivery: hanging},
}

const (
	htmlType = "text/html; charset=utf-8"

	// nothing is an empty list and the usage of an empty store.
	nothing = `"page":1,"per_page":20,"pages":1,"items":[],"size_kb_utilised":0,"max_size_kb":500000000,"num_objects":0}`

	// Both have the fields of lists and of objects, so that they are wrong as an answer to any request.
	cutJSON = `{"id":"5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f","page":1,"per_page":20,"pages":1,"result":"success",` +
		`"items":[{"id":"5f0b1d2e-3c4a-`
	wrongTypes = `{"id":17,"name":{"first":"a"},"access_key_id":[1],"secret_access_key_id":false,"max_size_gb":"much",` +
		`"max_size":"much","suspended":"no","status":3,"owner_info":"nobody","objectstore_endpoint":9,` +
		`"page":"one","per_page":{},"pages":"many","items":"none","result":5}`
)

var (
	internalError = refuse(http.StatusInternalServerError, "internal_error", "Internal server error")
	badGateway    = textAnswer(http.StatusBadGateway, htmlType,
		"<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n")
)

func refuse(status int, code, reason string) *answer {
	return newAnswer(nil, &apiError{Status: status, Code: code, Reason: reason})
}

func retryAfterOneSecond() *answer {
	a := newAnswer(nil, errTooMany)
	a.retryAfter = "1"
	return a
}

// Effects returns all effects, always in the same order.
func Effects() []Effect { return append([]Effect(nil), effectOrder...) }

// IsRefusal reports whether a client that receives the effect must not repeat the request.
func (e Effect) IsRefusal() bool {
	return slices.Contains([]Effect{Effect400, Effect401, Effect403, Effect404Account, EffectQuota, EffectParameter}, e)
}

// CarriesOut reports whether a request with the effect is executed, so that only its answer is lost.
func (e Effect) CarriesOut() bool { return effects[e].carriesOut }

// faults are the injected faults, each with the number of requests that matched it.
type faults struct {
	mu       sync.Mutex
	injected []*injected
}

type injected struct {
	Fault

	matched int
}

// Inject adds faults. If several faults apply to a request, the one that was injected first takes precedence, but all count
// the request. Inject panics if an effect does not exist.
func (s *Server) Inject(f ...Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	for _, fault := range f {
		if _, ok := effects[fault.Effect]; !ok && fault.Effect != EffectResponse {
			panic("civosim: no such effect: " + string(fault.Effect))
		}
		s.faults.injected = append(s.faults.injected, &injected{Fault: fault})
	}
}

// ClearFaults removes all faults. It does not affect requests that already hang.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.injected = nil
}

// next returns the effect on a request that has just arrived, "" for none, and its behavior.
func (fs *faults) next(kind, method, path string) (effect Effect, what behavior) {
	if path == elsewhere {
		return "", what // prevents endless redirects
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range fs.injected {
		if f.applies(kind, method, path) && effect == "" {
			effect, what = f.Effect, effects[f.Effect]
			if effect == EffectResponse {
				what.instead = textAnswer(f.Status, "application/json", f.Body)
			}
		}
	}
	return effect, what
}

// applies counts a request that the filters match, and reports whether the fault applies to it.
func (f *injected) applies(kind, method, path string) bool {
	if f.Kind != "" && f.Kind != kind || f.Method != "" && f.Method != method || !strings.HasPrefix(path, f.PathPrefix) {
		return false
	}
	f.matched++
	return f.Nth == 0 || f.matched >= f.Nth && f.matched < f.Nth+max(1, f.Times)
}
