// Sending requests, and writing down the exchanges.

package record

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Session is the state of a run.
type Session struct {
	config    Config
	http      *http.Client
	redact    *redactor
	prefix    string // of the names of all objects of this run
	beginning time.Time
	held      time.Time // no request is sent before this time, because of the rate limit
	failures  int       // consecutive requests without a response

	regions []map[string]any // of the account
	owner   *record          // the credential that owns the store
	spare   *record          // another credential
	store   *record
	records []*record // all that may exist
	lost    time.Time // when the latest response to a create was lost; zero: never

	current *Answer
	poll    int
}

// namePrefix is the beginning of all names, so that a later run finds what an earlier one has left.
const namePrefix = "civo-record-"

// timeout is the time limit for one request.
const timeout = 30 * time.Second

// grace is the time that a write has to complete after an interruption.
const grace = 5 * time.Second

const maxBody = 4 << 20 // bytes

// NewSession prepares a run. It sends no request.
func NewSession(config Config) *Session {
	s := &Session{config: config, prefix: namePrefix + strings.ToLower(rand.Text()[:8])}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: timeout,
		IdleConnTimeout: 20 * time.Second,
	}
	s.http = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	s.redact = newRedactor(config.Region, s.prefix)
	s.redact.label(config.Token, "token")
	return s
}

// call is a request before redaction.
type call struct {
	method  string
	path    string
	query   url.Values
	headers map[string]string
	body    any             // JSON, or text as a raw body
	token   *string         // instead of the token; "" for none
	keys    aws.Credentials // sign the request for S3
	isS3    bool
}

// raw is a body that is not JSON.
type raw string

// reply is a response before redaction.
type reply struct {
	status int
	header http.Header
	body   []byte
	json   any // nil: not JSON
	err    error
}

func (r reply) ok() bool { return r.err == nil && r.status >= 200 && r.status < 300 }

// object returns the JSON object of the response; nil if it is none.
func (r reply) object() map[string]any {
	object, _ := r.json.(map[string]any)
	return object
}

func (r reply) text(key string) string {
	text, _ := r.object()[key].(string)
	return text
}

// items returns the objects in a list.
func (r reply) items() (items []map[string]any) {
	list, isArray := r.json.([]any)
	if !isArray {
		list, _ = r.object()["items"].([]any)
	}
	for _, item := range list {
		if object, ok := item.(map[string]any); ok {
			items = append(items, object)
		}
	}
	return items
}

// number returns a number in a JSON object; 0 if there is none.
func (r reply) number(key string) int {
	number, _ := r.object()[key].(json.Number)
	n, _ := strconv.Atoi(number.String())
	return n
}

// send sends a request and writes the exchange down, unless the step has no name. It waits and tries again if the rate limit is exceeded.
func (s *Session) send(ctx context.Context, step string, c call) reply {
	for attempt := 1; ; attempt++ {
		if err := s.hold(ctx); err != nil {
			return reply{err: err}
		}
		at := s.config.Clock.Now()
		r := s.do(ctx, c)
		took := s.config.Clock.Now().Sub(at)
		isLimited := r.status == http.StatusTooManyRequests && !strings.HasPrefix(r.text("code"), "quota_")
		exchange := Exchange{
			Step: step, Poll: s.poll, At: at.Sub(s.beginning).Milliseconds(), Took: took.Milliseconds(),
			Request: s.redact.request(c), Response: s.redact.response(c, r),
		}
		if r.err != nil {
			exchange.Failure = failureOf(r.err)
		}
		if isLimited {
			exchange.Step = step + stepLimited
		}
		if s.current != nil && step != "" {
			s.current.Exchanges = append(s.current.Exchanges, exchange)
		}
		if !isLimited || attempt == maxLimited {
			return r
		}
	}
}

const (
	stepLimited = " (rate limit exceeded)" // added to the step of a response that is not the answer
	maxLimited  = 10                       // attempts at one request
	longestHold = 65 * time.Second
)

// hold waits until the rate limit permits another request.
func (s *Session) hold(ctx context.Context) error {
	if wait := s.held.Sub(s.config.Clock.Now()); wait > 0 {
		s.print("      Waiting %s for the rate limit", wait.Round(time.Second))
		return s.config.Clock.Sleep(ctx, wait)
	}
	return ctx.Err()
}

// reserve waits until the rate limit permits a number of requests, so that no wait interrupts a measurement.
func (s *Session) reserve(ctx context.Context, requests int) error {
	r := s.send(ctx, "", call{method: http.MethodGet, path: "/v2/regions"})
	left, err := strconv.Atoi(r.header.Get(headerRemaining))
	limit, limitErr := strconv.Atoi(r.header.Get(headerLimit))
	if err == nil && limitErr == nil && left < min(requests, limit-1) {
		s.held = s.config.Clock.Now().Add(s.untilReset(r))
	}
	return s.hold(ctx)
}

const (
	headerLimit     = "X-Ratelimit-Limit"
	headerRemaining = "X-Ratelimit-Remaining"
	headerReset     = "X-Ratelimit-Reset"
)

// untilReset returns how long to wait until the rate limit resets.
func (s *Session) untilReset(r reply) time.Duration {
	wait := 5 * time.Second
	if seconds, err := strconv.Atoi(r.header.Get("Retry-After")); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if reset, err := strconv.ParseInt(r.header.Get(headerReset), 10, 64); err == nil {
		now := s.config.Clock.Now()
		wait = time.Unix(reset, 0).Sub(now)
	}
	return min(max(wait, time.Second), longestHold)
}

// do sends a request without writing it down.
func (s *Session) do(ctx context.Context, c call) (r reply) {
	isWrite := c.method != http.MethodGet && c.method != http.MethodHead
	parent := ctx
	if isWrite { // an interruption must not lose the response
		parent = context.WithoutCancel(ctx)
	}
	limited, cancel := context.WithTimeout(parent, timeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	defer stop()
	request, err := s.newRequest(limited, c)
	if err != nil {
		return reply{err: err}
	}
	response, err := s.http.Do(request)
	if err != nil {
		s.failures++
		return reply{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	r = reply{status: response.StatusCode, header: response.Header}
	if r.body, r.err = io.ReadAll(io.LimitReader(response.Body, maxBody)); r.err != nil {
		s.failures++
		return r
	}
	s.failures = 0
	r.json = decode(r.body)
	isSpent := r.header.Get(headerRemaining) == "0" || r.status == http.StatusTooManyRequests
	if isSpent && !c.isS3 {
		s.held = s.config.Clock.Now().Add(s.untilReset(r))
	}
	return r
}

// decode returns the value of a JSON text; nil if it is none.
func decode(text []byte) (value any) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil || decoder.More() {
		return nil
	}
	return value
}

func (s *Session) newRequest(ctx context.Context, c call) (*http.Request, error) {
	body, err := bodyOf(c.body)
	if err != nil {
		return nil, err
	}
	base := s.config.Endpoint
	if c.isS3 {
		base = s.config.ObjectStoreEndpoint
	}
	request, err := http.NewRequestWithContext(ctx, c.method, base+c.path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.URL.RawQuery = strings.ReplaceAll(c.query.Encode(), "=&", "&")
	if c.isS3 { // subresources such as ?cors
		request.URL.RawQuery = strings.TrimSuffix(request.URL.RawQuery, "=")
	}
	request.Header.Set("User-Agent", "terraform-provider-civo-record")
	for name, value := range c.headers {
		request.Header.Set(name, value)
	}
	if c.isS3 {
		return request, sign(ctx, request, c.keys, body)
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	token := s.config.Token
	if c.token != nil {
		token = *c.token
	}
	if token != "" {
		request.Header.Set("Authorization", "bearer "+token)
	}
	return request, nil
}

func bodyOf(body any) ([]byte, error) {
	switch body := body.(type) {
	case nil:
		return nil, nil
	case raw:
		return []byte(body), nil
	default:
		return json.Marshal(body)
	}
}

// sign signs a request for S3.
func sign(ctx context.Context, request *http.Request, keys aws.Credentials, body []byte) error {
	hash := request.Header.Get("X-Amz-Content-Sha256")
	if hash == "" {
		sum := sha256.Sum256(body)
		hash = hex.EncodeToString(sum[:])
		request.Header.Set("X-Amz-Content-Sha256", hash)
	}
	unescaped := signer.NewSigner(func(o *signer.SignerOptions) { o.DisableURIPathEscaping = true })
	return unescaped.SignHTTP(ctx, keys, request, hash, "s3", "us-east-1", time.Now())
}

// failureOf describes why there is no response, without quoting anything.
func failureOf(err error) string {
	var network net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.As(err, &network) && network.Timeout():
		return "timed out"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.As(err, &certificate):
		return "certificate not trusted"
	}
	return "connection failed"
}

func hostOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Paths of the API.
const (
	credentialsPath = "/v2/objectstore/credentials" //nolint:gosec // a path, not a credential
	storesPath      = "/v2/objectstores"
)

// query returns the query of a request, with the region.
func (s *Session) query(pairs ...string) url.Values {
	values := url.Values{"region": {s.config.Region}}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

// get reads a path of the region.
func (s *Session) get(ctx context.Context, step, path string, pairs ...string) reply {
	return s.send(ctx, step, call{method: http.MethodGet, path: path, query: s.query(pairs...)})
}

// put changes an object of the region.
func (s *Session) put(ctx context.Context, step, path string, body map[string]any) reply {
	body["region"] = s.config.Region
	return s.send(ctx, step, call{method: http.MethodPut, path: path, query: s.query(), body: body})
}

// maxPages is the number of pages that a run reads of a list.
const maxPages = 50

// list reads all pages of a list. It returns the items, and false if the list is not complete.
func (s *Session) list(ctx context.Context, step, path string) (items []map[string]any, complete bool) {
	for page := 1; page <= maxPages; page++ {
		request := call{method: http.MethodGet, path: path, query: s.query("page", strconv.Itoa(page), "per_page", "100")}
		r := s.send(ctx, step, request)
		if !r.ok() || r.json == nil {
			return items, false
		}
		items = append(items, r.items()...)
		if page >= r.number("pages") {
			return items, true
		}
	}
	return items, false
}

// polled calls ask at times after the present, until it reports that it is done.
func (s *Session) polled(ctx context.Context, times []time.Duration, ask func() (done bool)) error {
	defer func(before int) { s.poll = before }(s.poll)
	begin := s.config.Clock.Now()
	for i, at := range times {
		if wait := begin.Add(at).Sub(s.config.Clock.Now()); wait > 0 {
			if err := s.config.Clock.Sleep(ctx, wait); err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if s.failures >= maxFailures {
			return errors.New("no response")
		}
		s.poll = i + 1
		if ask() {
			return nil
		}
	}
	return nil
}

// shortly are the times at which a run looks how soon something that can be instant has happened.
func shortly() []time.Duration {
	return seconds(0, 1, 2, 4, 7, 10)
}

// waitLimit is how long a run waits for something that takes a while.
const waitLimit = 10 * time.Minute

// patiently are the times at which a run looks whether something that takes a while has happened.
func patiently() []time.Duration {
	times := seconds(0, 1, 2, 3, 4)
	for at := 5 * time.Second; at <= waitLimit; at += 5 * time.Second {
		times = append(times, at)
	}
	return times
}

// moderately are the times at which a run looks for up to a minute.
func moderately() []time.Duration { return seconds(0, 1, 2, 4, 7, 10, 20, 30, 45, 60) }

func seconds(numbers ...int) (times []time.Duration) {
	for _, n := range numbers {
		times = append(times, time.Duration(n)*time.Second)
	}
	return times
}
