// Package civosim is a local Civo API: a real HTTP server that holds object store credentials and object stores in
// memory and answers as Civo does, odd corners included.
//
// It is for tests, which can look at and change what is "at Civo" behind a client's back, break chosen requests (see
// [Fault]) and read what was asked ([Server.Requests]); and for people without a Civo account, who run it as a command
// and point their tools at it. Nothing in it reaches the network: it listens on loopback only.
package civosim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options says how a server behaves. The zero value is usable: no latency, credentials ready at once, a random token
// and Civo's better known regions.
type Options struct {
	// Addr is the address to listen on, on loopback; "" is a free port of 127.0.0.1.
	Addr string
	// Token is the only one accepted; "" makes a random one.
	Token string
	// Regions are the codes of the regions that exist. The first is used by requests that name none. None given: LON1,
	// FRA1, NYC1 and PHX1.
	Regions []string

	// Latency passes between a request's arrival and its being carried out and answered.
	Latency time.Duration
	// ReadyAfter is how long a new credential takes to become ready; 0 makes it so in the answer to its creation.
	ReadyAfter time.Duration
	// PendingStatus is the status of a credential until it is ready; "" is "creating", and "-" stands for the empty
	// status that Civo has been seen to answer.
	PendingStatus string
	// HidePendingKeys leaves both keys out of answers about credentials that are not ready yet.
	HidePendingKeys bool
	// StoreGoneAfter is how long a deleted store stays, in status "deleting" and still owned by its credential.
	StoreGoneAfter time.Duration
	// CredentialGoneAfter is how long a deleted credential can still be read, in status "deleting", its name and access
	// key still taken.
	CredentialGoneAfter time.Duration

	// NamesRepeat accepts a name and an access key that are taken, so that a client that makes something twice is found out
	// rather than refused.
	NamesRepeat bool

	// PageSize is the number of items on a page when the client does not ask for one; 0 is 20.
	PageSize int
	// PageCap is the most items on a page, whatever the client asks for; 0 is 100.
	PageCap int

	// RateLimit is the number of requests a second that are served, in bursts of as many (at least one); the others are
	// answered 429. 0 is no limit.
	RateLimit float64
	// RetryAfter adds the header Retry-After, in whole seconds, to the answers of RateLimit.
	RetryAfter bool

	// OnRequest, if not nil, is called for each request just before it is answered, from several goroutines at a time.
	OnRequest func(Request)
}

// withDefaults fills in what the zero value stands for.
func (o Options) withDefaults() Options {
	o.Addr = cmp.Or(o.Addr, "127.0.0.1:0")
	if o.Token == "" {
		o.Token = random(50, upper+lower+digits)
	}
	if len(o.Regions) == 0 {
		o.Regions = []string{"LON1", "FRA1", "NYC1", "PHX1"}
	}
	o.Regions = slices.Clone(o.Regions)
	for i, code := range o.Regions {
		o.Regions[i] = strings.ToUpper(code)
	}
	o.PageSize = cmp.Or(o.PageSize, 20)
	o.PageCap = cmp.Or(o.PageCap, 100)
	switch o.PendingStatus {
	case "":
		o.PendingStatus = "creating"
	case "-":
		o.PendingStatus = ""
	}
	return o
}

// Server is a running Civo API. Its methods can be called from several goroutines, and after Close.
type Server struct {
	options Options
	url     string
	http    *http.Server
	stop    context.CancelFunc
	stopped chan error // receives what Serve returned

	closeOnce sync.Once
	closeErr  error

	record *record
	faults faults
	limit  *limiter

	mu          sync.Mutex // guards what follows: all that is "at Civo"
	token       string
	failCreates bool
	credentials credentials
	stores      stores
}

// Start listens and serves until Close. The error is about Options.Addr: not on loopback, or not to be had.
func Start(o Options) (*Server, error) {
	o = o.withDefaults()
	if err := checkLoopback(o.Addr); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		stop()
		return nil, fmt.Errorf("starting the Civo simulator: %w", err)
	}

	s := &Server{
		options:     o,
		url:         "http://" + listener.Addr().String(),
		stop:        stop,
		stopped:     make(chan error, 1),
		record:      &record{onRequest: o.OnRequest},
		limit:       newLimiter(o.RateLimit),
		token:       o.Token,
		credentials: newCredentials(),
		stores:      newStores(),
	}
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: time.Minute,
		ConnState:         s.record.connState,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	go func() { s.stopped <- s.http.Serve(listener) }()
	return s, nil
}

func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("starting the Civo simulator: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("starting the Civo simulator: %q is not a loopback address", addr)
	}
	return nil
}

// Close stops the server at once: connections are cut, requests that wait or hang end without an answer. Closing again
// does nothing and returns the same.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.stop()
		s.closeErr = s.http.Close()
		if err := <-s.stopped; !errors.Is(err, http.ErrServerClosed) {
			s.closeErr = errors.Join(s.closeErr, err)
		}
	})
	return s.closeErr
}

// URL is the API's base, http://127.0.0.1:PORT, for CIVO_API_URL and the like.
func (s *Server) URL() string { return s.url }

// Token is the one accepted now.
func (s *Server) Token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// SetToken replaces the token: from now on the old one is refused.
func (s *Server) SetToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
}

// maxBody bounds what is read of a request, in bytes: far more than any body that Civo's API knows.
const maxBody = 1 << 20

// serve takes a request through everything but its meaning: the record, the rate limit, faults and latency. What a
// request does is carryOut's.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	// The whole body first: net/http notices that a client went away only once its body has been read.
	body, readErr := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	c := newCall(r, body)
	effect := s.faults.next(c.kind, r.Method, r.URL.Path)
	entry := s.record.begin(r, c, effect)
	defer s.record.end(entry, 0)
	retryAfter, limited := s.limit.take(time.Now())
	if readErr != nil || !sleep(r.Context(), s.options.Latency) {
		panic(http.ErrAbortHandler)
	}

	what := effects[effect]
	a := what.instead
	if effect == "" || what.carriesOut {
		own := s.answerTo(c, r.Header.Get("Authorization"), limited, retryAfter)
		if a == nil {
			a = own
		}
	}
	s.deliver(w, r, entry, a, what.delivery)
}

// answerTo carries the call out unless the client may not ask, or not now.
func (s *Server) answerTo(c call, authorization string, limited bool, retryAfter time.Duration) *answer {
	if limited {
		return s.tooMany(retryAfter)
	}
	value, err := s.carryOut(c, authorization)
	return newAnswer(value, err)
}

// deliver sends the answer, or as much of it as the delivery lets through. The request's record is complete before the
// first byte leaves.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, entry *Request, a *answer, how delivery) {
	switch how {
	case hanging:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case dropped:
		panic(http.ErrAbortHandler)
	case whole, halved:
	}

	s.record.end(entry, a.status)
	a.writeHeader(w)
	if how == halved {
		_, _ = w.Write(a.body[:len(a.body)/2]) //nolint:gosec // as below
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(a.body) //nolint:gosec // what clients sent comes back as JSON, never as HTML
}

// sleep reports whether the time passed before the context was done.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
