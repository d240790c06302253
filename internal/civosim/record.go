package civosim

import (
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Request is one that a client made, without anything secret.
type Request struct {
	Method    string
	Path      string // without the query
	Query     string // as sent
	Region    string // as the client wrote it, in body or query; "" if it named none
	Kind      string // one of the Kind constants
	Status    int    // answered; 0 if none was, or not yet
	Start     time.Time
	End       time.Time // when the answer was about to be sent or given up; zero until then
	UserAgent string
	Fault     string // effect of the fault that the request met, "" for none
}

// record is what was asked of a server.
type record struct {
	onRequest func(Request)

	mu          sync.Mutex
	requests    []*Request
	connections int
	inFlight    int
	peak        int // of inFlight
}

// begin puts a request on record when it has arrived, so that one that never gets an answer is there as well.
func (l *record) begin(r *http.Request, c call, effect Effect) *Request {
	entry := &Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Region: c.region, Kind: c.kind,
		Start: time.Now(), UserAgent: r.UserAgent(), Fault: string(effect),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, entry)
	l.inFlight++
	l.peak = max(l.peak, l.inFlight)
	return entry
}

// end completes a request's entry; only the first call for one does. It comes before the answer is sent: a client that
// asks again at once is not a second request at the same time.
func (l *record) end(entry *Request, status int) {
	l.mu.Lock()
	if !entry.End.IsZero() {
		l.mu.Unlock()
		return
	}
	entry.Status, entry.End = status, time.Now()
	l.inFlight--
	done := *entry
	l.mu.Unlock()
	if l.onRequest != nil {
		l.onRequest(done)
	}
}

func (l *record) connState(_ net.Conn, state http.ConnState) {
	if state != http.StateNew {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.connections++
}

// Requests are all since the start or the last ResetRecord, in the order of their arrival. A request is among them from
// its arrival, and complete before its client has the answer.
func (s *Server) Requests() []Request {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	list := make([]Request, len(s.record.requests))
	for i, entry := range s.record.requests {
		list[i] = *entry
	}
	return list
}

// Count is the number of requests of these kinds that are in Requests; of all, if no kind is given.
func (s *Server) Count(kinds ...string) int {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	if len(kinds) == 0 {
		return len(s.record.requests)
	}
	n := 0
	for _, entry := range s.record.requests {
		if slices.Contains(kinds, entry.Kind) {
			n++
		}
	}
	return n
}

// ResetRecord forgets the requests so far, and starts to count connections and requests at one time anew. Connections
// that are open are not counted again.
func (s *Server) ResetRecord() {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	s.record.requests = nil
	s.record.connections = 0
	s.record.peak = s.record.inFlight
}

// Connections is how many were opened since the start or the last ResetRecord.
func (s *Server) Connections() int {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	return s.record.connections
}

// MostInFlight is the largest number of requests at one time since the start or the last ResetRecord.
func (s *Server) MostInFlight() int {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	return s.record.peak
}
