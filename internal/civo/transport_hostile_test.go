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
	if !strings.Contains(err.Error(), "the TLS handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority") || IsUncertain(err) {
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
		resp.Body = readCloser{strings.NewReader(strings.Repeat(" ", maxResponse+1))}
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
		done := make(chan []SettingError, 1)
		go func() {
			_, _, problems := Resolve(Arguments{CredentialsFile: path}, Environment{Getenv: func(string) string { return "" }, Home: home})
			done <- problems
		}()
		select {
		case problems := <-done:
			if len(problems) != 1 || !strings.Contains(problems[0].Error(), "it is not a regular file") {
				t.Errorf("%s: %v", path, problems)
			}
		case <-time.After(5 * time.Minute):
			t.Errorf("%s: blocks", path)
		}
	}
}

// A token in the wrong place is not quoted.
func TestSettings_TokenInTheWrongPlace(t *testing.T) {
	t.Parallel()
	const token = leakToken
	file := filepath.Join(t.TempDir(), token)
	if err := os.WriteFile(file, []byte(`{"apikeys":{"a":"`+token+`"},"meta":{"current_apikey":"a","url":"http://`+token+`"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args      Arguments
		variables map[string]string
	}{
		"credentials_file":    {Arguments{CredentialsFile: file}, nil},
		"api_endpoint":        {Arguments{Token: NewSecret(token), Endpoint: token}, nil},
		"host":                {Arguments{Token: NewSecret(token), Endpoint: "http://" + token}, nil},
		"host with a port":    {Arguments{Token: NewSecret(token), Endpoint: "http://" + token + ":80"}, nil},
		"host in lower case":  {Arguments{Token: NewSecret(token), Endpoint: "http://" + strings.ToLower(token)}, nil},
		"scheme":              {Arguments{Token: NewSecret(token), Endpoint: "ftp://" + token}, nil},
		"user":                {Arguments{Token: NewSecret(token), Endpoint: "https://" + token + "@api.civo.com"}, nil},
		"CIVO_API_URL":        {Arguments{Token: NewSecret(token)}, map[string]string{EnvEndpoint: "http://" + token}},
		"region":              {Arguments{Token: NewSecret(token), Region: token}, nil},
		"region with a space": {Arguments{Token: NewSecret(token), Region: token + " "}, nil},
		"part of the region":  {Arguments{Token: NewSecret(token), Region: "LON1-" + token[3:11]}, nil},
		"CIVO_REGION":         {Arguments{Token: NewSecret(token)}, map[string]string{EnvRegion: token}},
		"invalid token":       {Arguments{Token: NewSecret("a\n" + token), Region: "a\n" + token}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			getenv := func(name string) string { return test.variables[name] }
			_, warnings, problems := Resolve(test.args, Environment{Getenv: getenv, Home: t.TempDir()})
			if len(problems) == 0 || len(warnings) != 0 {
				t.Errorf("problems %v, warnings %v", problems, warnings)
			}
			for _, problem := range problems {
				mustNotLeak(t, name, strings.ReplaceAll(problem.Error(), "\n", " "))
			}
		})
	}
}
