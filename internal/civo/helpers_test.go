package civo

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

const (
	credentialsPath = "/v2/objectstore/credentials" //nolint:gosec // a path, not a credential

	emptyList = `{"page":1,"per_page":100,"pages":1,"items":[]}`
	readyOne  = `{"id":"i","name":"n","access_key_id":"a","secret_access_key_id":"secret-b","status":"ready"}`
	someID    = "5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f"
)

// sentOne is the credential whose creation readyOne answers.
var sentOne = Credential{Name: "n", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret("secret-b")}

// quick returns a timing with which failures end soon and no response serves later reads. Its timeouts only end a hang.
func quick() Timing {
	return Timing{
		Attempt: 5 * time.Minute, Grace: 5 * time.Minute, Request: 5 * time.Minute, RegionCheck: 5 * time.Minute,
		Retries: 3, BusyMin: time.Millisecond, BusyMax: 5 * time.Millisecond, RetryMin: time.Millisecond, RetryMax: 4 * time.Millisecond,
		PollFirst: time.Millisecond, PollMin: 2 * time.Millisecond, PollMax: 20 * time.Millisecond,
		Fresh: time.Nanosecond, Absence: time.Nanosecond,
	}
}

// caching returns the timing quick, with lists that serve later reads.
func caching() Timing {
	timing := quick()
	timing.Fresh = time.Hour
	return timing
}

// once returns a timing without retries.
func once() Timing {
	return Timing{
		Retries: -1, RetryMin: time.Millisecond, RetryMax: time.Millisecond, Request: 5 * time.Minute, Grace: 5 * time.Minute,
		PollFirst: time.Millisecond, PollMin: time.Millisecond, PollMax: time.Millisecond,
	}
}

// start starts a simulator and a client for it.
func start(tb testing.TB, o civosim.Options, timings ...Timing) (*civosim.Server, *Client) {
	tb.Helper()
	o.StoreEndpoint = cmp.Or(o.StoreEndpoint, "-")
	server := simtest.Start(tb, o)
	return server, connect(tb, server.URL(), server.Token(), timings...)
}

// connect returns a client for a URL, with the timing quick unless another one is given.
func connect(tb testing.TB, url, token string, timings ...Timing) *Client {
	tb.Helper()
	timing := quick()
	for _, other := range timings {
		timing = other
	}
	client, err := NewClient(Config{Token: NewSecret(token), Endpoint: url, UserAgent: "test/1", Timing: timing})
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

// roundTripper answers instead of the network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := f(req)
	dial, ok := errors.AsType[*net.OpError](err)
	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil && (!ok || dial.Op != "dial") {
		trace.WroteHeaders()
	}
	return resp, err
}

// clientOver returns a client whose attempts call a function.
func clientOver(tb testing.TB, timing Timing, base roundTripper) *Client {
	tb.Helper()
	client := connect(tb, "", "token-a", timing)
	client.base = base
	return client
}

// respond returns a response with headers, given as alternating names and values.
func respond(status int, body string, headers ...string) *http.Response {
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	for pair := range slices.Chunk(headers, 2) {
		resp.Header.Set(pair[0], pair[1])
	}
	return resp
}

// listOf returns a list of one page with items in JSON.
func listOf(items ...string) string {
	return fmt.Sprintf(`{"page":1,"pages":1,"items":[%s]}`, strings.Join(items, ","))
}

// responding returns a client that receives the same response to each request.
func responding(tb testing.TB, status int, body string) *Client {
	tb.Helper()
	return clientOver(tb, quick(), func(*http.Request) (*http.Response, error) { return respond(status, body), nil })
}

// inParallel calls a function with 0 to number-1, so many at a time.
func inParallel(number, atATime int, call func(int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range atATime {
		group.Go(func() {
			for n := next.Add(1) - 1; n < int64(number); n = next.Add(1) - 1 {
				call(int(n))
			}
		})
	}
	group.Wait()
}

// noError is the kind of an error that is nil.
const noError Kind = -1

// wantError fails the test unless an error is of the wanted kind and contains all the words.
func wantError(tb testing.TB, err error, kind Kind, words ...string) {
	tb.Helper()
	if !Is(err, kind) || (err == nil) != (kind == noError) {
		tb.Errorf("the error %v is of the kind %d, want %d", err, detailsOf(err).Kind, kind)
		return
	}
	for _, word := range words {
		failIf(tb, err != nil && !strings.Contains(err.Error(), word), "%q is not in the error %q", word, err)
	}
}

// wantNamed fails the test unless an error contains exactly the records with these names, in the field that its kind fills.
func wantNamed(tb testing.TB, err error, names ...string) {
	tb.Helper()
	var got []string
	for _, ref := range namedIn(err) {
		failIf(tb, ref.ID == "" || !SameRegion(ref.Region, "LON1"), "the error contains the record %+v", ref)
		got = append(got, ref.Name)
	}
	failIf(tb, !slices.Equal(got, names), "the error names %q, want %q: %v", got, names, err)
}

func namedIn(err error) []Ref {
	one := detailsOf(err).About
	switch e := detailsOf(err); e.Kind {
	case KindNotFound:
		return e.Existing
	case KindAmbiguous:
		return e.Candidates
	case KindInUse:
		return e.Owned
	case KindNameTaken, KindAccessKeyTaken:
		one = e.Conflict
	default:
	}
	if one == nil {
		return nil
	}
	return []Ref{*one}
}

// The provider disables the log of net/http, which quotes what hostile servers send. The tests that start such servers do the
// same.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	os.Exit(m.Run())
}

// failIf fails the test with a message if something is wrong, and goes on.
func failIf(tb testing.TB, isWrong bool, format string, args ...any) {
	tb.Helper()
	if isWrong {
		tb.Errorf(format, args...)
	}
}

// wantEqual fails the test with the differences unless two values are equal.
func wantEqual(tb testing.TB, what string, want, got any, options ...gocmp.Option) {
	tb.Helper()
	diff := gocmp.Diff(want, got, options...)
	failIf(tb, diff != "", "%s (-want +got):\n%s", what, diff)
}
