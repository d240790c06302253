package credential_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// hostile is a text that clears the screen, imitates a message of Terraform and changes the direction of writing.
const hostile = "x\x1b[2J\x1b]0;title\x07\r\n\nApply complete! Resources: 0 destroyed.\u202e\u2066\u200f\x9b31m"

// named adds a credential with a hostile name and access key ID.
func named(w *acctest.Env, c civosim.Credential) civosim.Credential {
	c.Name, c.AccessKeyID = hostile, hostile
	return w.AddCredential(c)
}

// hostileMessages returns situations in which a message contains a hostile text.
func hostileMessages(t *testing.T) map[string]acctest.Diagnose {
	t.Helper()
	return map[string]acctest.Diagnose{
		"existing names": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			named(w, civosim.Credential{})
			_, diags := p.Data(ctx, acctest.Object{"name": "missing"})
			return diags
		},
		"several match": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			for range 2 {
				w.AddCredential(civosim.Credential{Name: "twice", AccessKeyID: hostile})
			}
			_, diags := p.Data(ctx, acctest.Object{"name": "twice"})
			return diags
		},
		"name taken": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.AddCredential(civosim.Credential{Name: "taken", AccessKeyID: hostile})
			_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "taken"})
			return diags
		},
		"access key ID taken": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.AddCredential(civosim.Credential{Name: hostile, AccessKeyID: "taken"})
			_, diags := p.Run(ctx, p.NewInstance(), acctest.Object{"name": "some-name", "access_key_id": "taken"})
			return diags
		},
		"failed": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			c := named(w, civosim.Credential{Status: "failed"})
			_, diags := p.Open(ctx, acctest.Object{"id": c.ID})
			return diags
		},
		"failed, read": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			_, diags := p.Import(ctx, named(w, civosim.Credential{Status: "failed"}).ID)
			return diags
		},
		"suspended": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			_, diags := p.Import(ctx, named(w, civosim.Credential{Suspended: true}).ID)
			return diags
		},
		"suspended, data source": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			_, diags := p.Data(ctx, acctest.Object{"id": named(w, civosim.Credential{Suspended: true}).ID})
			return diags
		},
		"in another region": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			_, diags := p.Import(ctx, named(w, civosim.Credential{Region: "fra1"}).ID)
			return diags
		},
		"owns a store": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i := created(ctx, p, acctest.Object{"name": "some-name"})
			w.AddStore(civosim.Store{Name: hostile, OwnerID: i.Get("id")})
			_, diags := p.Run(ctx, i, nil)
			return diags
		},
		"owns a store with a hostile ID": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i := created(ctx, p, acctest.Object{"name": "some-name"})
			w.AddStore(civosim.Store{ID: hostile, Name: "nightly", OwnerID: i.Get("id")})
			_, diags := p.Run(ctx, i, nil)
			return diags
		},
		"ID": func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			w.AddCredential(civosim.Credential{ID: hostile, Name: "some-name"})
			_, diags := p.Data(ctx, acctest.Object{"name": "some-name"})
			return diags
		},
		"ID, imported": func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			_, diags := p.Import(ctx, hostile)
			return diags
		},
		"ID, imported without a region": func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			p, _ := w.Configure(ctx, acctest.Object{"region": nil})
			_, diags := p.Import(ctx, hostile)
			return diags
		},
		"ID of a moved credential": func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
			i, _ := p.Move(ctx, officialAddress, officialType, official(civosim.Credential{ID: hostile, Name: hostile}, acctest.Object{"region": "LON1"}))
			return p.Refresh(ctx, i)
		},
		"code and reason": func(ctx context.Context, w *acctest.Env, _ *acctest.Driver) acctest.Diagnostics {
			server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				rw.WriteHeader(http.StatusBadRequest)
				_, _ = fmt.Fprintf(rw, `{"result":"failed","code":%s,"reason":%[1]s}`, strconv.QuoteToASCII("x\u001b[2J\n\u202eApply complete!"))
			}))
			defer server.Close()
			p, _ := w.Configure(ctx, acctest.Object{"api_endpoint": server.URL})
			_, diags := p.Data(ctx, acctest.Object{"name": "some-name"})
			return diags
		},
	}
}

// Any user of the account can choose names and access key IDs, which must not reach the terminal as they are.
func TestDiagnostics_ForeignTextIsEscaped(t *testing.T) {
	t.Parallel()
	for what, diagnose := range hostileMessages(t) {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			diags := diagnose(t.Context(), w, w.Driver(t))
			if len(diags) == 0 {
				t.Fatal("there is no diagnostic")
			}
			for _, one := range diags {
				text := one.Summary + one.Detail
				for _, r := range text {
					if r != '\n' && !unicode.IsPrint(r) {
						t.Errorf("%q contains %q", text, r)
					}
				}
				if strings.Contains(text, "\nApply complete!") {
					t.Errorf("a foreign text begins a line: %q", text)
				}
			}
		})
	}
}

// An ID that leads to another path is never stored: such a credential could not be destroyed.
func TestCreate_InvalidIDIsNotStored(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"..", ".", "a/b", "", "../../objectstores/1", "\u001b[2J"} {
		t.Run(strconv.Quote(id), func(t *testing.T) {
			t.Parallel()
			var paths atomic.Value
			paths.Store("")
			server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodDelete {
					paths.Store(r.URL.Path)
				}
				if r.Method != http.MethodPost {
					_, _ = fmt.Fprint(rw, `{"page":1,"per_page":100,"pages":1,"items":[]}`)
					return
				}
				_, _ = fmt.Fprintf(rw, `{"id":%s,"name":"some-name","status":"ready"}`, strconv.QuoteToASCII(strings.ReplaceAll(id, "\x1b", "e")))
			}))
			t.Cleanup(server.Close)
			s := acctest.Simulated(t, civosim.Options{}).Scenario(t, acctest.Object{"api_endpoint": server.URL})
			s.Refuse(acctest.Object{"name": "some-name"}, "")
			s.Has("id", "")
			if s.Apply(nil); paths.Load() != "" {
				t.Errorf("the destroy deletes %q", paths.Load())
			}
		})
	}
}

// An operation that waits for an endless list ends on an interrupt.
func TestImport_EndlessListEndsOnInterrupt(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		page = max(page, 1)
		if page == 10 {
			interrupt()
		}
		_, _ = fmt.Fprintf(rw, `{"page":%d,"per_page":100,"pages":%d,"items":[{"id":"id-%[1]d","name":"name-%[1]d","status":"ready"}]}`, page, page+1)
	}))
	t.Cleanup(server.Close)
	w := acctest.Simulated(t, civosim.Options{})
	p := w.Driver(t, acctest.Object{"api_endpoint": server.URL})
	_, diags := p.Import(ctx, "missing")
	checkSays(t, diags, []string{"Interrupted"})
}
