package civo

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestTransport_TLS(t *testing.T) {
	t.Parallel()
	config := newHTTPTransport(&url.URL{Scheme: "https"}).TLSClientConfig
	if config.MinVersion != tls.VersionTLS12 {
		t.Errorf("the least version is %s", tls.VersionName(config.MinVersion))
	}
	if config.InsecureSkipVerify {
		t.Error("certificates are not checked")
	}
}

func TestTransport_BoundedBody(t *testing.T) {
	t.Parallel()
	for _, over := range []int{0, 1} {
		sent, timing := 0, once()
		timing.Request = time.Minute
		client := clientOver(t, timing, func(*http.Request) (*http.Response, error) {
			sent++
			return respond(200, readyOne+strings.Repeat(" ", maxResponse-len(readyOne)+over)), nil
		})
		_, err := client.Credentials("LON1").Get(t.Context(), "i")
		if tooLong := err != nil && strings.Contains(err.Error(), errTooLong.Error()); tooLong != (over > 0) || (err != nil) != tooLong {
			t.Errorf("%d bytes over the bound: %v", over, err)
		}
		if sent != 1 {
			t.Errorf("%d bytes over the bound: sent %d times", over, sent)
		}
	}
}

func TestTiming_Defaults(t *testing.T) {
	t.Parallel()
	want := Timing{
		Attempt: 25 * time.Second, Grace: 3 * time.Second, Request: 2 * time.Minute, RegionCheck: 5 * time.Second, Retries: 6,
		RetryMin: 250 * time.Millisecond, RetryMax: 8 * time.Second, BusyMin: time.Second, BusyMax: 10 * time.Second,
		PollFirst: 250 * time.Millisecond, PollMin: 400 * time.Millisecond, PollMax: 3 * time.Second,
		Fresh: 30 * time.Second, Absence: 10 * time.Second, Owner: 2 * time.Minute,
	}
	if got := (Timing{}).withDefaults(); got != want {
		t.Errorf("%+v", got)
	}
	given := Timing{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	if got := given.withDefaults(); got != given {
		t.Errorf("what is given is changed: %+v", got)
	}
}
