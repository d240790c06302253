package civo

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestTransport_TLS(t *testing.T) {
	t.Parallel()
	if config := newHTTPTransport(&url.URL{Scheme: "https"}).TLSClientConfig; config.MinVersion != tls.VersionTLS12 || config.InsecureSkipVerify {
		t.Errorf("the least version is %s, certificates are ignored: %t", tls.VersionName(config.MinVersion), config.InsecureSkipVerify)
	}
}

// A response that is too long ends the call: another attempt would receive the same.
func TestTransport_BoundedBody(t *testing.T) {
	t.Parallel()
	for over, want := range map[int]Kind{0: noError, 1: KindUnavailable} {
		sent := 0
		client := clientOver(t, quick(), func(*http.Request) (*http.Response, error) {
			sent++
			resp := respond(200, "")
			resp.Body = readCloser{strings.NewReader(readyOne + strings.Repeat(" ", maxResponse-len(readyOne)+over))}
			return resp, nil
		})
		_, err := client.Credentials("LON1").Get(t.Context(), "i")
		if wantError(t, err, want, "the response is longer than"); sent != 1 {
			t.Errorf("%d bytes over the bound: sent %d times", over, sent)
		}
	}
}

// Plain http is sent only to loopback addresses, whatever the host name is.
func TestTransport_LoopbackOnly(t *testing.T) {
	t.Parallel()
	for address, refused := range map[string]bool{
		"127.0.0.1:1": false, "127.8.9.10:1": false, "[::1]:1": false, "[::ffff:127.0.0.1]:1": false, "localhost:1": false,
		"192.0.2.1:1": true, "10.0.0.1:1": true, "0.0.0.0:1": true, "[::]:1": true, "[2001:db8::1]:1": true,
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			for scheme, refused := range map[string]bool{"http": refused, "https": false} {
				ctx, cancel := context.WithCancel(t.Context())
				if scheme == "https" { // which connects to any address, and receives no answer from most of them
					time.AfterFunc(100*time.Millisecond, cancel)
				}
				t.Cleanup(cancel)
				conn, err := newHTTPTransport(&url.URL{Scheme: scheme, Host: "localhost"}).DialContext(ctx, "tcp", address)
				if conn != nil {
					_ = conn.Close()
				}
				if errors.Is(err, errNotLoopback) != refused {
					t.Errorf("%s: %v", scheme, err)
				}
			}
		})
	}
}
