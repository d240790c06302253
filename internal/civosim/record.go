// The record of the requests that a server received.

package civosim

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Request is a request that the server received. It contains nothing secret. Texts that clients choose are cut after 1,000 bytes.
type Request struct {
	Method    string
	Path      string // without the query
	Query     string // as sent
	Region    string // as written in the body of a POST or PUT, or in the query of others; "" if there is none
	Kind      string // one of the Kind constants
	Status    int    // of the answer; 0 if there is none, or none yet
	Start     time.Time
	End       time.Time // just before the answer was sent or the request abandoned; zero until then
	UserAgent string
	Fault     string // effect of the fault that was applied, "" for none
}

// maxRecordedText limits what a client can choose to add to the record, in bytes.
const maxRecordedText = 1000

// record is the history of a server's requests.
type record struct {
	limit     int // of requests; none if it is negative
	onRequest func(Request)

	mu          sync.Mutex
	requests    []*Request     // the latest
	counts      map[string]int // of all requests, by kind
	arrivals    []*arrival
	connections int
	inFlight    int
	hanging     int
	peak        int // of inFlight
}

// arrival is a function that is called when a request arrives.
type arrival struct {
	kind string
	left int // requests of the kind until the call
	do   func()
}

// OnArrival calls a function once: when the nth request of a kind since then has arrived, before it is executed. A test can so let
// something happen while the request is in progress, however slow the machine is.
func (s *Server) OnArrival(kind string, nth int, do func()) {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	s.record.arrivals = append(s.record.arrivals, &arrival{kind, nth, do})
}

// begin records a request when it arrives, so that the record includes requests that are never answered.
func (l *record) begin(r *http.Request, c call, effect Effect) *Request {
	// Parts of a request share its memory, so that even a short one would keep all of it.
	own := func(text string) string { return strings.Clone(text[:min(len(text), maxRecordedText)]) }
	entry := &Request{
		Method: own(r.Method), Path: own(r.URL.Path), Query: own(r.URL.RawQuery), Region: own(c.region), Kind: c.kind,
		Start: time.Now(), UserAgent: own(r.UserAgent()), Fault: string(effect),
	}
	l.mu.Lock()
	l.requests = append(l.requests, entry)
	l.counts[c.kind]++
	l.requests = slices.Delete(l.requests, 0, max(0, len(l.requests)-max(0, l.limit)))
	l.inFlight++
	l.peak = max(l.peak, l.inFlight)
	var due []func()
	for _, a := range l.arrivals {
		if a.kind == c.kind {
			a.left--
			if a.left == 0 {
				due = append(due, a.do)
			}
		}
	}
	l.mu.Unlock()
	for _, do := range due {
		do()
	}
	return entry
}

// end completes a request's entry; further calls for the same entry do nothing. The caller calls it before it sends the
// answer, so that a client's next request does not count as concurrent.
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

// hang counts a request that hangs, until its client disconnects or the server is closed.
func (l *record) hang(ctx context.Context) {
	add := func(n int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.hanging += n
	}
	add(1)
	<-ctx.Done()
	add(-1)
}

// Hanging returns the number of requests that hang now because of EffectHang or EffectAfterHang.
func (s *Server) Hanging() int {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	return s.record.hanging
}

func (l *record) connState(_ net.Conn, state http.ConnState) {
	if state != http.StateNew {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.connections++
}

// Requests returns the requests since the start or the last ResetRecord, in the order of their arrival: the latest ones if there are more
// than Options.RecordLimit. It includes a request from its arrival on, and the entry is complete before the client receives the answer.
func (s *Server) Requests() []Request {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	list := make([]Request, len(s.record.requests))
	for i, entry := range s.record.requests {
		list[i] = *entry
	}
	return list
}

// Count returns the number of all requests of these kinds since the start or the last ResetRecord, or of all kinds if there is no argument.
func (s *Server) Count(kinds ...string) int {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	n := 0
	for kind, count := range s.record.counts {
		if len(kinds) == 0 || slices.Contains(kinds, kind) {
			n += count
		}
	}
	return n
}

// ResetRecord discards the record and resets Connections and MostInFlight. Connections that are open are not counted
// again.
func (s *Server) ResetRecord() {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	s.record.requests, s.record.counts = nil, map[string]int{}
	s.record.connections = 0
	s.record.peak = s.record.inFlight
}

// Connections returns the number of connections opened since the start or the last ResetRecord.
func (s *Server) Connections() int {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	return s.record.connections
}

// MostInFlight returns the largest number of concurrent requests since the start or the last ResetRecord.
func (s *Server) MostInFlight() int {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	return s.record.peak
}
