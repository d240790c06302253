// Package civo is a client for the part of Civo's API that credentials of object stores need. It knows nothing of
// Terraform.
//
// Facts about the API come from Civo's public documentation and clients; where they leave something open, the code
// holds either way.
package civo

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// DefaultEndpoint is the URL of Civo's public API.
const DefaultEndpoint = "https://api.civo.com"

// Config is what a Client is made of.
type Config struct {
	Token    Secret // sent with every request
	Endpoint string // URL of the API without the version; empty: DefaultEndpoint
	Region   string // where a resource goes that names no region; may be empty
	// RegionPending says that Region is not known yet, but will be.
	RegionPending bool
	UserAgent     string // sent with every request
	Timing        Timing // zero values are the defaults
	// Trace, if set, is called after each attempt at a request, from the goroutine that made it.
	Trace func(context.Context, Attempt)
}

// Attempt is one attempt at a request, for logs: it holds nothing secret.
type Attempt struct {
	Method   string
	Path     string
	Query    string
	Status   int // 0: no answer
	Duration time.Duration
	Err      error // nil where there is an answer
}

// Timing is how long the client waits and how often it tries. Zero values are the defaults.
type Timing struct {
	Attempt     time.Duration // for one attempt at a request, its whole answer read; 30 s
	Grace       time.Duration // after the caller gives up during a write, half of it for the response, the rest to find out what became of it; 3 s
	Request     time.Duration // for a read with all its repetitions, where the caller sets no deadline; 2 min
	List        time.Duration // for a list with all its pages; 5 min
	Search      time.Duration // for each region of a search that covers several; 20 s
	RegionCheck time.Duration // for finding out the regions of the account before something is created; 5 s
	Retries     int           // repetitions of a request that fails, those after a 429 not counted; 6
	RetryMin    time.Duration // before the first repetition; 250 ms
	RetryMax    time.Duration // before any repetition; 8 s
	PollFirst   time.Duration // before the first look at something that takes its time; 250 ms
	PollMin     time.Duration // between such looks; 400 ms
	PollMax     time.Duration // between such looks; 3 s
	Fresh       time.Duration // for which a list serves reads after it was read; 30 s
}

func (p Timing) withDefaults() Timing {
	for _, d := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{
		{&p.Attempt, 30 * time.Second},
		{&p.Grace, 3 * time.Second},
		{&p.Request, 2 * time.Minute},
		{&p.List, 5 * time.Minute},
		{&p.Search, 20 * time.Second},
		{&p.RegionCheck, 5 * time.Second},
		{&p.RetryMin, 250 * time.Millisecond},
		{&p.RetryMax, 8 * time.Second},
		{&p.PollFirst, 250 * time.Millisecond},
		{&p.PollMin, 400 * time.Millisecond},
		{&p.PollMax, 3 * time.Second},
		{&p.Fresh, 30 * time.Second},
	} {
		if *d.value == 0 {
			*d.value = d.fallback
		}
	}
	if p.Retries == 0 {
		p.Retries = 6
	}
	return p
}

// Client talks to Civo's API. It is safe for use by many goroutines at once. Making one sends no request.
type Client struct {
	http          *retryablehttp.Client
	endpoint      *url.URL
	region        string
	regionPending bool
	timing        Timing
	token         Secret
	unconfigured  error    // why no request can be made; nil: they can
	credentials   sync.Map // *collection[Credential] by the region's code as it is spelled
	regions       regionList
	readyTimes    readyTimes
}

// NewClient makes a Client. The error is about the endpoint (see ParseEndpoint).
func NewClient(config Config) (*Client, error) {
	if config.Endpoint == "" {
		config.Endpoint = DefaultEndpoint
	}
	endpoint, err := ParseEndpoint(config.Endpoint)
	if err != nil {
		return nil, err
	}
	timing := config.Timing.withDefaults()
	transport := &transport{
		base: newHTTPTransport(endpoint), token: config.Token, userAgent: config.UserAgent, timing: timing, trace: config.Trace,
	}
	return &Client{
		http: newRetryingClient(transport, timing), endpoint: endpoint, timing: timing, token: config.Token,
		region: config.Region, regionPending: config.RegionPending,
	}, nil
}

// NewUnconfiguredClient makes a Client that answers every call with an error for which IsNotConfigured holds, and that says
// why. It stands in while a configuration is not known yet. Of the configuration it takes the region.
func NewUnconfiguredClient(config Config, why string) *Client {
	return &Client{
		region: config.Region, regionPending: config.RegionPending, timing: Timing{}.withDefaults(),
		unconfigured: &Error{Kind: KindNotConfigured, Err: errors.New(why)},
	}
}

// Region is where a resource goes that names no region; empty if none is configured.
func (c *Client) Region() string { return c.region }

// RegionPending reports whether Region is empty only because it is not known yet.
func (c *Client) RegionPending() bool { return c.regionPending }

// String says which API the client talks to.
func (c *Client) String() string {
	if c.endpoint == nil {
		return "civo client, not configured"
	}
	return "civo client for " + c.endpoint.Redacted()
}

// idleConnections is how many connections are kept open between requests. Terraform has 10 requests under way unless
// told otherwise; with fewer kept than are used, connections would be closed and made again all the time.
const idleConnections = 100

// errNotLoopback is the error for plain http to an address other than this machine's, whatever the host name says.
var errNotLoopback = errors.New("http is allowed only with a loopback address, and the host name resolves to another address")

// errProxyRefused is the error for a proxy that answers CONNECT with anything but 200. Without it, net/http would quote the
// proxy's words.
var errProxyRefused = errors.New("the proxy refused to connect")

func newHTTPTransport(endpoint *url.URL) *http.Transport {
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	if endpoint.Scheme == "http" {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			host, _, err := net.SplitHostPort(address)
			if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
				return errNotLoopback
			}
			return nil
		}
	}
	return &http.Transport{
		DialContext:       dialer.DialContext,
		Proxy:             http.ProxyFromEnvironment,
		TLSClientConfig:   &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode != http.StatusOK {
				return errProxyRefused
			}
			return nil
		},
		MaxIdleConns:          idleConnections,
		MaxIdleConnsPerHost:   idleConnections,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}
