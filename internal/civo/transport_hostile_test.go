package civo

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

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

// A host name that looks like a loopback one, but resolves to another address: the token is not sent, and nothing is retried.
func TestTransport_NotLoopbackIsFinal(t *testing.T) {
	t.Parallel()
	sent := 0
	client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
		sent++
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errNotLoopback}
	})
	_, err := client.CreateCredential(t.Context(), Credential{Name: "n", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret("secret-b")})
	if sent != 1 || IsUncertain(err) || !strings.Contains(err.Error(), "http is allowed only with a loopback address") {
		t.Errorf("after %d attempts: uncertain is %t: %v", sent, IsUncertain(err), err)
	}
}

func TestTransport_Certificates(t *testing.T) {
	t.Parallel()
	var requests, connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	client, err := NewClient(Config{Token: NewSecret("token-a"), Endpoint: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_, err = client.CreateCredential(t.Context(), Credential{Name: "n", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret("secret-b")})
	if !strings.Contains(err.Error(), "the TLS certificate of the server was rejected: it is signed by an unknown authority") || IsUncertain(err) {
		t.Errorf("uncertain is %t: %v", IsUncertain(err), err)
	}
	if n := connections.Load(); n != 1 || requests.Load() != 0 {
		t.Errorf("%d connections, %d requests after %v", n, requests.Load(), time.Since(began))
	}
}

// A server that does not speak TLS is not one whose certificate was rejected.
func TestTransport_NoTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	client, err := NewClient(Config{Token: NewSecret("token-a"), Endpoint: strings.Replace(server.URL, "http:", "https:", 1), Timing: once()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = client.Regions(t.Context()); !Is(err, KindUnavailable) || strings.Contains(err.Error(), "certificate") {
		t.Error(err)
	}
}

func TestTransport_TooLongIsFinal(t *testing.T) {
	t.Parallel()
	sent := 0
	client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) {
		sent++
		resp := respond(200, "")
		resp.Body = readCloser{strings.NewReader(strings.Repeat(" ", maxAnswer+1))}
		return resp, nil
	})
	if _, err := client.Regions(t.Context()); sent != 1 || !strings.Contains(err.Error(), errTooLong.Error()) {
		t.Errorf("after %d attempts: %v", sent, err)
	}
}

// A credentials file that is not a regular file never blocks.
func TestSettings_NotAFile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	pipe := filepath.Join(home, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(pipe, filepath.Join(home, "link")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, filepath.Join(home, "link"), home, os.DevNull, "/dev/zero"} {
		done := make(chan error, 1)
		go func() {
			_, _, err := Resolve(Arguments{CredentialsFile: path}, Environment{Getenv: func(string) string { return "" }, Home: home})
			done <- err
		}()
		select {
		case err := <-done:
			if err == nil || !strings.Contains(err.Error(), "it is not a regular file") {
				t.Errorf("%s: %v", path, err)
			}
		case <-time.After(5 * time.Minute):
			t.Errorf("%s: blocks", path)
		}
	}
}

// A token in the wrong place is not quoted.
func TestSettings_TokenInTheWrongPlace(t *testing.T) {
	t.Parallel()
	const token = "TokenAbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhI"
	none := func(string) string { return "" }
	for name, test := range map[string]struct {
		args   Arguments
		getenv func(string) string
	}{
		"credentials_file":     {Arguments{CredentialsFile: token}, none},
		"CIVO_CREDENTIAL_FILE": {Arguments{}, func(name string) string { return map[string]string{EnvCredentialsFile: token}[name] }},
		"CIVO_CONFIG":          {Arguments{}, func(name string) string { return map[string]string{EnvCLIConfig: token}[name] }},
		"api_endpoint":         {Arguments{Token: NewSecret("token-a"), Endpoint: token}, none},
		"host":                 {Arguments{Token: NewSecret("token-a"), Endpoint: "http://" + token}, none},
		"host with a port":     {Arguments{Token: NewSecret("token-a"), Endpoint: "http://" + token + ":80"}, none},
		"scheme":               {Arguments{Token: NewSecret("token-a"), Endpoint: "ftp://" + token}, none},
		"user":                 {Arguments{Token: NewSecret("token-a"), Endpoint: "https://" + token + "@api.civo.com"}, none},
		"CIVO_API_URL":         {Arguments{Token: NewSecret("token-a")}, func(name string) string { return map[string]string{EnvEndpoint: token}[name] }},
		"region with a space":  {Arguments{Token: NewSecret("token-a"), Region: token + " "}, none},
		"CIVO_REGION":          {Arguments{Token: NewSecret(token)}, func(name string) string { return map[string]string{EnvRegion: token}[name] }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := Resolve(test.args, Environment{Getenv: test.getenv, Home: t.TempDir()})
			if err == nil || strings.Contains(err.Error(), token[:8]) {
				t.Error(err)
			}
		})
	}
}
