package civo_test

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim/simtest"
)

// quick returns a timing with which failures end soon and no response serves later reads. Its timeouts only end a hang.
func quick() civo.Timing {
	return civo.Timing{
		Attempt: 5 * time.Minute, Grace: 5 * time.Minute, Request: 5 * time.Minute, RegionCheck: 5 * time.Minute,
		Retries: 3, BusyMin: time.Millisecond, BusyMax: 5 * time.Millisecond, RetryMin: time.Millisecond, RetryMax: 4 * time.Millisecond,
		PollFirst: time.Millisecond, PollMin: 2 * time.Millisecond, PollMax: 20 * time.Millisecond,
		Fresh: time.Nanosecond, Absence: time.Nanosecond,
	}
}

// startHanging is like start, but an attempt at a request times out as soon as the simulator lets the request hang.
func startHanging(t *testing.T, o civosim.Options) (*civosim.Server, *civo.Client) {
	t.Helper()
	server, client := start(t, o)
	client.WrapTransport(func(base http.RoundTripper) http.RoundTripper { return hangingTransport{server, base} })
	return server, client
}

type hangingTransport struct {
	server *civosim.Server
	base   http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (h hangingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(req.Context())
	go func() {
		for h.server.Hanging() == 0 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	resp, err := h.base.RoundTrip(req.WithContext(ctx))
	if err != nil && ctx.Err() != nil && req.Context().Err() == nil {
		for h.server.Hanging() > 0 { // until the simulator notices, so that the next attempt does not time out too
			time.Sleep(time.Millisecond)
		}
		return nil, os.ErrDeadlineExceeded
	}
	return resp, err
}

// start starts a simulator and a client for it.
func start(tb testing.TB, o civosim.Options, timings ...civo.Timing) (*civosim.Server, *civo.Client) {
	tb.Helper()
	o.StoreEndpoint = cmp.Or(o.StoreEndpoint, "-")
	server := simtest.Start(tb, o)
	return server, connect(tb, server.URL(), server.Token(), timings...)
}

// connect returns a client for a URL, with the timing quick unless another one is given.
func connect(tb testing.TB, url, token string, timings ...civo.Timing) *civo.Client {
	tb.Helper()
	timing := quick()
	for _, other := range timings {
		timing = other
	}
	client, err := civo.NewClient(civo.Config{
		Token: civo.NewSecret(token), Endpoint: url, UserAgent: "test/1", Timing: timing,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

// wanted returns the credential that the tests create.
func wanted(name string) civo.Credential {
	return civo.Credential{
		Name: name, Region: "LON1", AccessKeyID: "access-" + name, SecretAccessKey: civo.NewSecret("secret-" + name),
	}
}

// keyed returns a credential with an ID and a region, and with the name and the keys of another credential.
func keyed(id, region string, c civo.Credential) civo.Credential {
	c.ID, c.Region = id, region
	return c
}

// named returns a credential to create, with a name and with the keys of another credential.
func named(name string, c civo.Credential) civo.Credential {
	return civo.Credential{Name: name, Region: "LON1", AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey}
}

func haveSameKeys(a, b civo.Credential) bool {
	return a.AccessKeyID == b.AccessKeyID && a.SecretAccessKey == b.SecretAccessKey
}

// seen returns a credential of the simulator as the client should return it. The tests call the simulator's lon1 LON1.
func seen(c civosim.Credential) civo.Credential {
	return civo.Credential{
		ID: c.ID, Name: c.Name, Region: strings.ToUpper(c.Region), AccessKeyID: c.AccessKeyID,
		SecretAccessKey: civo.NewSecret(c.SecretAccessKey), Suspended: c.Suspended, Status: civo.Status(c.Status),
	}
}

// paths returns the requested paths, each once.
func paths(server *civosim.Server) map[string]bool {
	asked := map[string]bool{}
	for _, r := range server.Requests() {
		asked[r.Path] = true
	}
	return asked
}

// wantError fails the test unless an error is of the wanted kind and contains all the words.
func wantError(tb testing.TB, err error, kind string, words ...string) {
	tb.Helper()
	if err == nil {
		tb.Fatalf("no error, want one of the kind %q", kind)
	}
	if !civo.Is(err, kinds[kind]) {
		tb.Errorf("the error %q is not of the kind %q", err, kind)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			tb.Errorf("%q is not in the error %q", word, err)
		}
	}
}

// kinds are the kinds of errors that the tests expect, by name.
var kinds = map[string]civo.Kind{
	refused: civo.KindRefused, unauthorized: civo.KindUnauthorized, notFound: civo.KindNotFound, otherRegion: civo.KindOtherRegion,
	unknownRegion: civo.KindUnknownRegion, noObjectStorage: civo.KindNoObjectStorage, ambiguous: civo.KindAmbiguous,
	nameTaken: civo.KindNameTaken, accessKeyTaken: civo.KindAccessKeyTaken, noOwner: civo.KindNoOwner, inUse: civo.KindInUse,
	failed: civo.KindFailed, rateLimited: civo.KindRateLimited, unavailable: civo.KindUnavailable, unexpected: civo.KindUnexpected,
	noRegion: civo.KindNoRegion, forbidden: civo.KindForbidden, quota: civo.KindQuota, busy: civo.KindBusy, serverError: civo.KindServerError,
	otherName: civo.KindOtherName,
}

const (
	refused         = "refused"
	unauthorized    = "unauthorized"
	notFound        = "not found"
	otherRegion     = "other region"
	unknownRegion   = "unknown region"
	noObjectStorage = "no object storage"
	ambiguous       = "ambiguous"
	nameTaken       = "name taken"
	accessKeyTaken  = "access key taken"
	noOwner         = "no owner"
	inUse           = "in use"
	failed          = "failed"
	rateLimited     = "rate limited"
	unavailable     = "unavailable"
	unexpected      = "unexpected"
	noRegion        = "no region"
	forbidden       = "forbidden"
	quota           = "quota"
	busy            = "busy"
	serverError     = "server error"
	otherName       = "other name"
)

// listed returns the records in the field of an error that its kind fills.
func listed(tb testing.TB, err error) []civo.Ref {
	tb.Helper()
	e := errorOf(tb, err)
	var one *civo.Ref
	switch e.Kind {
	case civo.KindNotFound:
		return e.Existing
	case civo.KindAmbiguous:
		return e.Candidates
	case civo.KindInUse:
		return e.Owned
	case civo.KindNameTaken, civo.KindAccessKeyTaken:
		one = e.Conflict
	default:
		one = e.About
	}
	if one == nil {
		return nil
	}
	return []civo.Ref{*one}
}

func errorOf(tb testing.TB, err error) *civo.Error {
	tb.Helper()
	e, ok := errors.AsType[*civo.Error](err)
	if !ok {
		tb.Fatalf("%T: %v", err, err)
	}
	return e
}
