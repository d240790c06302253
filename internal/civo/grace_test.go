package civo

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// hangingWrites answers reads of an empty region and lets every write hang. With carriedOut, a POST is carried out before.
func hangingWrites(readLatency time.Duration, carriedOut bool) roundTripper {
	created := false
	return func(req *http.Request) (*http.Response, error) {
		if req.Method != http.MethodGet {
			created = carriedOut
			<-req.Context().Done()
			return nil, req.Context().Err()
		}
		if err := sleep(req.Context(), readLatency); err != nil {
			return nil, err
		}
		one := `{"id":"i","name":"n","access_key_id":"a","secret_access_key_id":"secret-b","status":"ready"}`
		switch {
		case strings.HasSuffix(req.URL.Path, "/i"):
			return respond(200, one), nil
		case created:
			return respond(200, fmt.Sprintf(`{"page":1,"pages":1,"items":[%s]}`, one)), nil
		}
		return respond(200, emptyList), nil
	}
}

// After the caller cancels, a hanging write and the search for its outcome end within one grace period.
func TestGrace(t *testing.T) {
	t.Parallel()
	for operation, write := range map[string]func(context.Context, *Client) error{
		"create": func(ctx context.Context, c *Client) error {
			_, err := c.CreateCredential(ctx, Credential{Name: "n", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret("secret-b")})
			return err
		},
		"update": func(ctx context.Context, c *Client) error {
			_, err := c.UpdateCredential(ctx, Credential{ID: "i", Region: "LON1", AccessKeyID: "new", SecretAccessKey: NewSecret("secret-c")})
			return err
		},
		"delete": func(ctx context.Context, c *Client) error {
			return c.DeleteCredential(ctx, Credential{ID: "i", Region: "LON1"})
		},
	} {
		for name, give := range map[string]func(context.Context) (context.Context, context.CancelFunc){
			"interrupted": func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(time.Second, cancel)
				return ctx, cancel
			},
			"timed out": func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeout(ctx, time.Second)
			},
		} {
			for _, readLatency := range []time.Duration{20 * time.Millisecond, time.Hour} {
				t.Run(fmt.Sprintf("%s, %s, reads take %v", operation, name, readLatency), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						client := clientOver(t, Timing{}, hangingWrites(readLatency, false))
						ctx, cancel := give(t.Context())
						defer cancel()
						began := time.Now()
						err := write(ctx, client)
						if took := time.Since(began); took > 4*time.Second || took < 2*time.Second {
							t.Errorf("ended after %v", took)
						}
						if !IsUncertain(err) || IsInterrupted(err) != (name == "interrupted") || IsTimeout(err) != (name == "timed out") {
							t.Errorf("uncertain %t, interrupted %t, timeout %t: %v", IsUncertain(err), IsInterrupted(err), IsTimeout(err), err)
						}
					})
				})
			}
		}
	}
}

// A POST that was carried out but not answered is found in the second half of the grace period.
func TestGrace_FindsWhatWasCreated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, hangingWrites(100*time.Millisecond, true))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		created, err := client.CreateCredential(ctx, Credential{Name: "n", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret("secret-b")})
		if took := time.Since(began); err != nil || created.ID != "i" || took > 4*time.Second {
			t.Errorf("created %q after %v: %v", created.ID, took, err)
		}
	})
}

// Only 429s until the deadline are a separate error, also for a request that was held back and never sent.
func TestRateLimit_Kind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) { return respond(429, ``, "Retry-After", "47"), nil })
		for name, run := range map[string]func() error{
			"read": func() error { _, err := client.Credentials("LON1").Get(t.Context(), "i"); return err },
			"list": func() error { _, err := client.Credentials("LON1").All(t.Context()); return err },
			"create": func() error {
				_, err := client.CreateCredential(t.Context(), Credential{Region: "LON1"})
				return err
			},
			"delete": func() error { return client.DeleteCredential(t.Context(), Credential{ID: "i", Region: "LON1"}) },
		} {
			if err := run(); !Is(err, KindRateLimited) || Is(err, KindUnavailable) || IsUncertain(err) || !strings.Contains(err.Error(), "429") {
				t.Errorf("%s: uncertain is %t: %v", name, IsUncertain(err), err)
			}
		}
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second) // shorter than the hold
		defer cancel()
		if _, err := client.getCredential(ctx, "LON1", "i"); !Is(err, KindRateLimited) || time.Since(began) != time.Second {
			t.Errorf("held back: %v", err)
		}
	})
}

// A context that ends between a 429 and the wait does not hide the 429.
func TestRateLimit_EndsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	client := clientOver(t, Timing{}, func(*http.Request) (*http.Response, error) { return respond(429, ``, "Retry-After", "47"), nil })
	client.config.Trace = func(context.Context, map[string]any) { cancel() }
	if _, err := client.postCredential(ctx, Credential{Name: "n", Region: "LON1"}); !Is(err, KindRateLimited) || IsUncertain(err) {
		t.Errorf("uncertain is %t: %v", IsUncertain(err), err)
	}
}

// The search for the outcome has what is left of the grace period, however early the write ended.
func TestGrace_EarlyEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		client := clientOver(t, Timing{}, func(req *http.Request) (*http.Response, error) {
			if req.Method == http.MethodPost {
				cancel()
				return respond(500, ""), nil
			}
			if err := sleep(req.Context(), 2*time.Second); err != nil {
				return nil, err
			}
			return respond(200, `{"page":1,"pages":1,"items":[{"id":"i","name":"n","access_key_id":"a","secret_access_key_id":"secret-b","status":"ready"}]}`), nil
		})
		created, err := client.CreateCredential(ctx, Credential{Name: "n", Region: "LON1", AccessKeyID: "a", SecretAccessKey: NewSecret("secret-b")})
		if err != nil || created.ID != "i" {
			t.Errorf("created %q: %v", created.ID, err)
		}
	})
}
