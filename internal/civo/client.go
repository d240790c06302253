// Package civo is a client for the part of Civo's API that manages object stores and their credentials. Facts about the API come from
// Civo's public documentation and clients. Where these are ambiguous, the code handles every interpretation.
package civo

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"golang.org/x/sync/singleflight"
)

// Config is the configuration of a Client.
type Config struct {
	Token     Secret // sent with every request
	Endpoint  string // URL of the API without the version; empty: DefaultEndpoint
	UserAgent string // sent with every request
	Sources   Sources
	Timing    Timing // zero values are the defaults
	// Trace, if set, is called after each attempt at a request, from the goroutine that sent it, with fields for a log, without secrets.
	Trace func(ctx context.Context, fields map[string]any)
}

// Timing contains the client's timeouts, intervals and retry limit. Zero values select the defaults.
type Timing struct {
	Attempt     time.Duration // for one attempt at a request, including reading the response; 25 s
	Grace       time.Duration // after the caller cancels a write: half for the response, the rest to determine the outcome; 3 s
	Request     time.Duration // for a read with all its retries, if the caller sets no deadline; 2 min
	RegionCheck time.Duration // for listing the regions of the account before a create; 5 s
	Retries     int           // retries of a failed request, not counting those after a 429; 6
	RetryMin    time.Duration // before the first retry; 250 ms
	RetryMax    time.Duration // maximum before any retry; 8 s
	BusyMin     time.Duration // before the first retry while another operation is in progress; 1 s
	BusyMax     time.Duration // maximum before any such retry; 10 s
	PollFirst   time.Duration // before the first poll; 250 ms
	PollMin     time.Duration // minimum between polls; 400 ms
	PollMax     time.Duration // maximum between polls; 3 s
	Fresh       time.Duration // how long a list serves reads after it was read; 30 s
	Absence     time.Duration // how long a record that Civo has not returned yet must be missing, until it counts as not created; 10 s
	Owner       time.Duration // how long a new store waits for the access key ID of the owner that Civo creates with it; 2 min
}

func (p Timing) withDefaults() Timing {
	return Timing{
		Attempt:     cmp.Or(p.Attempt, 25*time.Second),
		Grace:       cmp.Or(p.Grace, 3*time.Second),
		Request:     cmp.Or(p.Request, 2*time.Minute),
		RegionCheck: cmp.Or(p.RegionCheck, 5*time.Second),
		Retries:     cmp.Or(p.Retries, 6),
		RetryMin:    cmp.Or(p.RetryMin, 250*time.Millisecond),
		RetryMax:    cmp.Or(p.RetryMax, 8*time.Second),
		BusyMin:     cmp.Or(p.BusyMin, time.Second),
		BusyMax:     cmp.Or(p.BusyMax, 10*time.Second),
		PollFirst:   cmp.Or(p.PollFirst, 250*time.Millisecond),
		PollMin:     cmp.Or(p.PollMin, 400*time.Millisecond),
		PollMax:     cmp.Or(p.PollMax, 3*time.Second),
		Fresh:       cmp.Or(p.Fresh, 30*time.Second),
		Absence:     cmp.Or(p.Absence, assumedLag),
		Owner:       cmp.Or(p.Owner, assumedOwnerDelay),
	}
}

// Client is a client for Civo's API. It is safe for concurrent use.
type Client struct {
	config      Config
	timing      Timing // with defaults
	base        http.RoundTripper
	throttle    throttle
	endpoint    *url.URL
	collections sync.Map     // of type *Collection, by path and by region code in the spelling of the caller
	names       sync.Map     // of type chan struct{}, by path, region code in lower case and name; full while createByName uses the name
	writes      atomic.Int64 // number of writes begun or ended
	rejected    atomic.Bool  // CheckRegion has reported that Civo rejects the token
	reached     atomic.Bool  // a response was received
	unreachable atomic.Bool  // a call failed without any response so far, so that others are not retried

	quotaRequests  singleflight.Group
	regionRequests singleflight.Group
	regions        atomic.Pointer[regionsResponse] // the latest response; nil: none
}

// NewClient creates a Client. It sends no request. It returns an error if the endpoint is invalid.
func NewClient(config Config) (*Client, error) {
	endpoint, err := parseURL(cmp.Or(config.Endpoint, DefaultEndpoint))
	if err != nil {
		return nil, err
	}
	return &Client{config: config, timing: config.Timing.withDefaults(), base: newHTTPTransport(endpoint), endpoint: endpoint}, nil
}

func newHTTPTransport(endpoint *url.URL) *http.Transport {
	transport := cleanhttp.DefaultPooledTransport()
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns // all connections are to one host
	transport.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
		switch resp.StatusCode {
		case http.StatusOK:
			return nil
		case http.StatusProxyAuthRequired:
			return errProxyPassword
		}
		return proxyError(resp.StatusCode)
	}
	if endpoint.Scheme == "http" {
		dialer := &net.Dialer{Timeout: 30 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
			if to, err := netip.ParseAddrPort(address); err != nil || !to.Addr().Unmap().IsLoopback() {
				return errNotLoopback
			}
			return nil
		}}
		transport.DialContext = dialer.DialContext
	}
	return transport
}
