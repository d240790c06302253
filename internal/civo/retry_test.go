package civo

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// getCredential sends one GET, which no list answers.
func (c *Client) getCredential(ctx context.Context, region, id string) (Credential, error) { //nolint:unparam // as the other reads
	return c.Credentials(region).get(ctx, id)
}

// postCredential sends one POST, without a look for the credential if the response is lost.
func (c *Client) postCredential(ctx context.Context, wanted Credential) (Credential, error) {
	return c.Credentials(wanted.Region).send(context.WithValue(ctx, secretKey{}, wanted.SecretAccessKey), http.MethodPost, wanted)
}

// hang answers a request when its context ends.
func hang(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// A server that takes connections and never responds, or never completes a response, ends a read within a minute, after two attempts.
func TestRetry_HangingServer(t *testing.T) {
	t.Parallel()
	hangInBody := func(req *http.Request) (*http.Response, error) {
		body, writer := io.Pipe()
		context.AfterFunc(req.Context(), func() { _ = writer.CloseWithError(context.DeadlineExceeded) })
		resp := respond(200, ``)
		resp.Body = body
		return resp, nil
	}
	for name, answer := range map[string]roundTripper{"no response": hang, "no body": hangInBody} {
		synctest.Test(t, func(t *testing.T) {
			sent := 0
			client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
				sent++
				return answer(req)
			})
			began := time.Now()
			_, err := client.getCredential(t.Context(), "LON1", "i")
			took := time.Since(began)
			wantError(t, err, KindUnavailable, "no response from Civo to GET "+credentialsPath+"/i", "timed out waiting for the response")
			failIf(t, sent != 2 || took < 50*time.Second || took > 55*time.Second, "%s: gave up after %d attempts and %v", name, sent, took)
		})
	}
}

// Reads are repeated after a failure that can be temporary, writes only if they were not sent. Redirects are not followed.
func TestRetry_WhatIsRepeated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ reads, writes int }{ // requests, with 2 retries
		"500": {3, 1}, "502": {3, 1}, "400": {1, 1}, "404": {1, 1}, "cut connection": {3, 1}, "never made": {3, 3},
		"301": {1, 1}, "302": {1, 1}, "303": {1, 1}, "307": {1, 1}, "308": {1, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			for method, want := range map[string]int{"GET": test.reads, "DELETE": test.writes, "PUT": test.writes, "POST": test.writes} {
				sent := 0
				client := clientOver(t, Timing{Retries: 2}, func(*http.Request) (*http.Response, error) {
					sent++
					if status, err := strconv.Atoi(name); err == nil {
						return respond(status, `{}`, "Location", "https://other.example.com/"), nil
					}
					if name == "never made" {
						return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
					}
					return nil, errors.New("connection reset")
				})
				_, err := send[struct{}](t.Context(), client, client.newCall(t.Context(), method, "/v2/a", "LON1"))
				failIf(t, err == nil || sent != want, "%s, %s: sent %d times, want %d: %v", name, method, sent, want, err)
			}
		})
	}
}

// The context ends while the client waits to repeat a request that was never sent, or during an attempt that fails by itself. The error
// names both causes.
func TestRetry_EndsBetweenAttempts(t *testing.T) {
	t.Parallel()
	for _, attempt := range []time.Duration{0, 1200 * time.Millisecond} { // within the grace period
		synctest.Test(t, func(t *testing.T) {
			client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
				time.Sleep(attempt)
				return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
			})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			began := time.Now()
			_, err := client.postCredential(ctx, sentOne)
			wantError(t, err, KindUnavailable, "connection refused, and then ")
			failIf(t, time.Since(began) != max(time.Second, attempt) || !IsTimeout(err) || IsUncertain(err),
				"after %v, uncertain is %t: %v", time.Since(began), IsUncertain(err), err)
		})
	}
}

// The waits between attempts double, up to a limit. A response can ask for a longer one.
func TestRetry_Intervals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent []time.Time
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
			if sent = append(sent, time.Now()); len(sent) == 3 {
				return respond(503, ``, "Retry-After", "5"), nil
			}
			return respond(500, ``), nil
		})
		_, err := client.getCredential(t.Context(), "LON1", "i")
		wantError(t, err, KindUnavailable)
		const s, ms = time.Second, time.Millisecond
		want := []struct{ shortest, longest time.Duration }{
			{187 * ms, 250 * ms}, {375 * ms, 500 * ms}, {5 * s, 5 * s}, {1500 * ms, 2 * s}, {3 * s, 4 * s}, {6 * s, 8 * s},
		}
		if len(sent) != len(want)+1 {
			t.Fatalf("sent %d times", len(sent))
		}
		for i, want := range want {
			waited := sent[i+1].Sub(sent[i])
			failIf(t, waited > want.longest || waited < want.shortest, "%v before repetition %d, want about %v", waited, i+1, want.longest)
		}
	})
	for range 1000 { // a wait is limited, however many attempts there were
		if wait := exponential(time.Millisecond, time.Second, 99); wait > time.Second || wait < 750*time.Millisecond {
			t.Fatal(wait)
		}
	}
}

// A request that meets another operation is repeated with growing waits until the deadline, and shows what Civo says.
func TestBusy(t *testing.T) {
	t.Parallel()
	for _, status := range []int{409, 500, 429, 200} {
		synctest.Test(t, func(t *testing.T) {
			var sent []time.Time
			client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
				sent = append(sent, time.Now())
				return respond(status, `{"code":"objectstore_resize_in_progress","result":"failed","reason":"A resize is in progress"}`), nil
			})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			began := time.Now()
			err := client.DeleteCredential(ctx, Credential{ID: "i", Region: "LON1"})
			wantError(t, err, KindBusy, "A resize is in progress")
			failIf(t, !IsTimeout(err) || IsUncertain(err) || time.Since(began) != time.Minute, "%d: after %v: %v", status, time.Since(began), err)
			wantGrowing(t, sent)
		})
	}
}

// An address at which nothing was ever reached fails within seconds: once with a few attempts, and then with one.
func TestConnection_Unreachable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err    error
		sends  int
		within time.Duration
		later  int // requests of a call after a response
	}{
		"refused":        {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, 4, 2 * time.Second, 7},
		"no host":        {&net.DNSError{IsNotFound: true}, 4, 2 * time.Second, 7},
		"proxy password": {errProxyPassword, 1, 0, 1},
		"no handshake":   {&net.OpError{Op: "dial", Err: context.DeadlineExceeded}, 2, time.Second, 7},
	} {
		synctest.Test(t, func(t *testing.T) {
			sends, failure := 0, test.err
			client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
				sends++
				return respond(200, readyOne), failure
			})
			read := func(what string, wantSends int) time.Duration {
				began := time.Now()
				sends = 0
				_, err := client.getCredential(t.Context(), "LON1", "i")
				failIf(t, sends != wantSends || (err != nil) != (failure != nil),
					"%s, %s: %d requests, want %d: %v", name, what, sends, wantSends, err)
				return time.Since(began)
			}
			took := read("the first call", test.sends)
			failIf(t, took > test.within, "%s: the first call takes %v", name, took)
			read("the next call", 1)
			failure = nil
			read("after a repair", 1)
			failure = test.err
			read("after a response", test.later)
		})
	}
}
