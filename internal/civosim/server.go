// Package civosim simulates the Civo API: an HTTP server that keeps object store credentials and object stores in memory
// and answers as Civo does, including the API's quirks. A second server is the S3 data plane: each store is a bucket, and
// each credential is a key pair that opens the stores that the credential owns. It is in memory or a Ceph gateway.
//
// Tests use it to inspect and change objects without the API, to inject faults (see [Fault]) and to inspect requests
// ([Server.Requests]). Users without a Civo account run it as a command and configure their tools to use it. The servers
// listen on loopback only and send no requests.
package civosim

import (
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

// Server is a running simulator. Its methods are safe for concurrent use, and can be called after Close.
type Server struct {
	options Options
	api     *listener
	stop    context.CancelFunc

	closeOnce sync.Once
	closeErr  error

	record *record
	faults faults
	limit  *limiter

	mu          sync.Mutex // guards the fields below: the account and its objects
	token       string
	regionsDown map[string]bool // by code, in Civo's spelling
	failCreates bool
	credentials credentials
	stores      stores
	plane       dataPlane
}

// Start starts a server, which serves until Close. It returns an error if the options are invalid, if an address is not on
// loopback, or if it is in use.
func Start(o Options) (*Server, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("starting the Civo simulator: %w", err)
	}
	s := &Server{
		options:     o,
		record:      &record{limit: o.RecordLimit, onRequest: o.OnRequest, counts: map[string]int{}},
		limit:       newLimiter(o.RateLimit, o.RequestsPerMinute),
		token:       o.Token,
		regionsDown: map[string]bool{},
		credentials: newCredentials(),
		stores:      newStores(),
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	var err error
	if s.api, err = listen(ctx, o.Addr, s.serve, s.record.connState); err != nil {
		stop()
		return nil, fmt.Errorf("starting the Civo simulator: %w", err)
	}
	if s.plane, err = newDataPlane(ctx, s); err != nil {
		stop()
		return nil, errors.Join(fmt.Errorf("starting the S3 data plane: %w", err), s.api.close())
	}
	return s, nil
}

// listener is an HTTP server that listens on one address.
type listener struct {
	url     string
	http    *http.Server
	stopped chan error // receives what Serve returned
}

func listen(
	ctx context.Context, addr string, serve http.HandlerFunc, connState func(net.Conn, http.ConnState),
) (*listener, error) {
	socket, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	l := &listener{
		url:     "http://" + socket.Addr().String(),
		stopped: make(chan error, 1),
		http: &http.Server{
			Handler:           ownOnly(socket.Addr(), serve),
			ReadHeaderTimeout: time.Minute,
			ConnState:         connState,
			BaseContext:       func(net.Listener) context.Context { return ctx },
			ErrorLog:          log.New(io.Discard, "", 0),
		},
	}
	go func() { l.stopped <- l.http.Serve(socket) }()
	return l, nil
}

// ownOnly refuses the requests that a web page can send to a loopback address: to another host, as after DNS rebinding, and from
// another origin.
func ownOnly(addr net.Addr, serve http.HandlerFunc) http.HandlerFunc {
	_, port, _ := net.SplitHostPort(addr.String())
	isOwn := func(host string) bool {
		if _, _, err := net.SplitHostPort(host); err != nil {
			host += ":80" // the default of HTTP
		}
		_, its, err := net.SplitHostPort(host)
		return err == nil && its == port && checkLoopback(host) == nil
	}
	isForeign := func(origin string) bool {
		host, ok := strings.CutPrefix(origin, "http://")
		return !ok || !isOwn(host)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !isOwn(r.Host):
			http.Error(w, "The simulator accepts only requests to its own address.", http.StatusMisdirectedRequest)
		case slices.ContainsFunc(r.Header["Origin"], isForeign):
			http.Error(w, "The simulator accepts no requests from web pages of other servers.", http.StatusForbidden)
		default:
			serve(w, r)
		}
	}
}

// close closes all connections and waits until the server has stopped.
func (l *listener) close() error {
	err := l.http.Close()
	if stopped := <-l.stopped; !errors.Is(stopped, http.ErrServerClosed) {
		err = errors.Join(err, stopped)
	}
	return err
}

func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%q is not a loopback address", addr)
	}
	return nil
}

// Close stops the server at once. It closes all connections, so that pending requests end without an answer. Further calls
// do nothing and return the same error.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.stop()
		s.closeErr = errors.Join(s.api.close(), s.plane.close())
	})
	return s.closeErr
}

// URL returns the base URL of the API, http://127.0.0.1:PORT, for example for CIVO_API_URL.
func (s *Server) URL() string { return s.api.url }

// Token returns the token that the server accepts.
func (s *Server) Token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// SetToken replaces the token that the server accepts.
func (s *Server) SetToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
}

// maxBody limits the size of a request's body, in bytes. No body of Civo's API comes near it.
const maxBody = 1 << 20

// serve applies the record, the rate limit, faults and latency to a request. carryOut executes it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	// The whole body first: net/http notices that a client went away only once its body has been read.
	body, readErr := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	c := newCall(r, body)
	effect, what := s.faults.next(c.kind, r.Method, r.URL.Path)
	entry := s.record.begin(r, c, effect)
	defer s.record.end(entry, 0)
	limit := s.limit.take(s.options.Now())
	if readErr != nil || !sleep(r.Context(), s.options.Latency) {
		panic(http.ErrAbortHandler)
	}

	a := what.instead
	if effect == "" || what.carriesOut {
		own := s.answerTo(c, r.Header.Get("Authorization"), limit)
		if a == nil {
			a = own
		}
	}
	limit.writeHeader(w.Header())
	s.deliver(w, r, entry, a, what.delivery)
}

// answerTo executes the call unless it exceeds the rate limit.
func (s *Server) answerTo(c call, authorization string, limit limitState) *answer {
	if limit.exceeded {
		return s.tooMany(limit.wait)
	}
	value, err := s.carryOut(c, authorization)
	return newAnswer(value, err)
}

// deliver sends the answer, or the part of it that the delivery allows. It completes the request's record before it sends
// the first byte.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, entry *Request, a *answer, how delivery) {
	switch how {
	case hanging:
		s.record.hang(r.Context())
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

// sleep waits and reports whether the time passed before the context was done.
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
