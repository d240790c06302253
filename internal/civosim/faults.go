package civosim

import (
	"net/http"
	"strings"
	"sync"
)

// Fault makes requests go wrong: those that all of its filters match, or some of them.
type Fault struct {
	Name       string // for whoever reads a table of faults; without effect
	Kind       string // one of the Kind constants; "" is any
	Method     string // "" is any
	PathPrefix string // "" is any

	// Nth is the first matching request to go wrong, counted from 1 since the fault was injected; 0 is every one.
	Nth int
	// Times is how many matching requests in a row go wrong from the Nth on; 0 is 1. Without Nth it has no meaning.
	Times int

	Effect Effect
}

// Effect is how a request goes wrong. Every effect that is not one of the EffectAfter ones keeps the request from being
// carried out.
type Effect string

// Effects before a request is carried out.
const (
	Effect400           Effect = "400"             // JSON error
	Effect401           Effect = "401"             // JSON error, as without a token
	Effect403           Effect = "403"             // JSON error
	Effect404Text       Effect = "404-text"        // plain text page
	Effect404Account    Effect = "404-account"     // JSON error, as with a wrong token
	Effect429           Effect = "429"             // JSON error, without Retry-After
	Effect429RetryAfter Effect = "429-retry-after" // JSON error, Retry-After: 1
	Effect500           Effect = "500"             // JSON error
	Effect502HTML       Effect = "502-html"        // a proxy's HTML page
	Effect503           Effect = "503"             // JSON error
	EffectClose         Effect = "close"           // connection closed without an answer
	EffectHang          Effect = "hang"            // no answer until the client goes away or the server is closed
	EffectEmpty200      Effect = "empty-200"       // no body
	EffectHTML200       Effect = "html-200"        // an HTML page
	EffectCut200        Effect = "cut-200"         // the beginning of a JSON answer, with the Content-Length it has
	EffectTypes200      Effect = "types-200"       // JSON with fields of the wrong types
	EffectRedirect      Effect = "redirect"        // 302 to /elsewhere on the same server, which records a visit
)

// Effects after a request was carried out.
const (
	EffectAfterClose Effect = "after-close" // connection closed without an answer
	EffectAfter500   Effect = "after-500"   // JSON error
	EffectAfter502   Effect = "after-502"   // a proxy's HTML page
	EffectAfterCut   Effect = "after-cut"   // half of the answer, then the connection is closed
	EffectAfterHang  Effect = "after-hang"  // no answer until the client goes away or the server is closed
)

// delivery is how much of an answer gets through.
type delivery int

const (
	whole   delivery = iota
	halved           // half of the body, then the connection is closed
	dropped          // nothing: the connection is closed
	hanging          // nothing, for as long as the client waits
)

// behaviour is what an effect does. The zero value is the one of no fault at all.
type behaviour struct {
	carriesOut bool
	instead    *answer // of the request's own answer, which only one that is carried out has
	delivery   delivery
}

// effectOrder has every effect once, as Effects returns them.
var effectOrder = []Effect{
	Effect400, Effect401, Effect403, Effect404Text, Effect404Account, Effect429, Effect429RetryAfter, Effect500,
	Effect502HTML, Effect503, EffectClose, EffectHang, EffectEmpty200, EffectHTML200, EffectCut200, EffectTypes200,
	EffectRedirect, EffectAfterClose, EffectAfter500, EffectAfter502, EffectAfterCut, EffectAfterHang,
}

var effects = map[Effect]behaviour{
	Effect400: {instead: refuse(http.StatusBadRequest, "bad_request", "The request cannot be processed")},
	Effect401: {instead: newAnswer(nil, errNoToken)},
	Effect403: {instead: refuse(http.StatusForbidden, "authentication_access_denied", "Access denied")},

	Effect404Text:       {instead: newAnswer(nil, errNoSuchPage)},
	Effect404Account:    {instead: newAnswer(nil, errBadToken)},
	Effect429:           {instead: newAnswer(nil, errTooMany)},
	Effect429RetryAfter: {instead: retryAfterOneSecond()},

	Effect500:     {instead: internalError},
	Effect502HTML: {instead: badGateway},
	Effect503:     {instead: refuse(http.StatusServiceUnavailable, "service_unavailable", "Try again later")},

	EffectClose: {delivery: dropped},
	EffectHang:  {delivery: hanging},

	EffectEmpty200: {instead: textAnswer(http.StatusOK, "application/json", "")},
	EffectHTML200:  {instead: textAnswer(http.StatusOK, htmlType, "<html><body><h1>Welcome</h1></body></html>\n")},
	EffectCut200:   {instead: textAnswer(http.StatusOK, "application/json", cutJSON)},
	EffectTypes200: {instead: textAnswer(http.StatusOK, "application/json", wrongTypes)},
	EffectRedirect: {instead: &answer{status: http.StatusFound, contentType: htmlType, location: elsewhere}},

	EffectAfterClose: {carriesOut: true, delivery: dropped},
	EffectAfter500:   {carriesOut: true, instead: internalError},
	EffectAfter502:   {carriesOut: true, instead: badGateway},
	EffectAfterCut:   {carriesOut: true, delivery: halved},
	EffectAfterHang:  {carriesOut: true, delivery: hanging},
}

const (
	htmlType = "text/html; charset=utf-8"

	// Both have the fields of a list as well as those of an object, so that they spoil the answer to any request.
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

// Effects are all there are, always in the same order.
func Effects() []Effect { return append([]Effect(nil), effectOrder...) }

// CarriesOut reports whether a request that meets the effect is carried out all the same, and only its answer is lost.
func (e Effect) CarriesOut() bool { return effects[e].carriesOut }

// faults are those injected, each with the number of requests it has matched.
type faults struct {
	mu       sync.Mutex
	injected []*injected
}

type injected struct {
	Fault

	matched int
}

// Inject adds faults to those there are. A request that several apply to meets the one injected first, and counts for
// all. An effect that does not exist is a mistake in the test, and panics.
func (s *Server) Inject(f ...Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	for _, fault := range f {
		if _, ok := effects[fault.Effect]; !ok {
			panic("civosim: no such effect: " + string(fault.Effect))
		}
		s.faults.injected = append(s.faults.injected, &injected{Fault: fault})
	}
}

// ClearFaults removes all faults; requests that hang go on hanging.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.injected = nil
}

// next is the effect on a request that has just arrived, "" for none.
func (fs *faults) next(kind, method, path string) Effect {
	if path == elsewhere {
		return "" // else a client that follows redirects would go round
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var effect Effect
	for _, f := range fs.injected {
		if f.meets(kind, method, path) && effect == "" {
			effect = f.Effect
		}
	}
	return effect
}

// meets counts a request that the filters match, and reports whether it is one of those to go wrong.
func (f *injected) meets(kind, method, path string) bool {
	if f.Kind != "" && f.Kind != kind || f.Method != "" && f.Method != method || !strings.HasPrefix(path, f.PathPrefix) {
		return false
	}
	f.matched++
	return f.Nth == 0 || f.matched >= f.Nth && f.matched < f.Nth+max(1, f.Times)
}
