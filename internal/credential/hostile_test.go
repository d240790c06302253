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

// hostileMessages are situations in which a message contains a hostile text: what exists at Civo, and what the provider is asked to do.
var hostileMessages = map[string]struct {
	credential civosim.Credential
	do         func(context.Context, *acctest.Env, *acctest.Driver) acctest.Diagnostics
}{
	"existing names":      {civosim.Credential{Name: hostile}, lookingUp(acctest.Object{"name": "missing"})},
	"ID":                  {civosim.Credential{ID: hostile, Name: "some-name"}, lookingUp(acctest.Object{"name": "some-name"})},
	"suspended, data":     {civosim.Credential{Name: hostile, AccessKeyID: "key", Suspended: true}, lookingUp(acctest.Object{"access_key_id": "key"})},
	"name taken":          {civosim.Credential{Name: "taken", AccessKeyID: hostile}, acctest.Creating(acctest.Object{"name": "taken"})},
	"access key ID taken": {civosim.Credential{Name: hostile, AccessKeyID: "taken"}, acctest.Creating(acctest.Object{"name": "a", "access_key_id": "taken"})},
	"failed":              {civosim.Credential{Name: hostile, AccessKeyID: hostile, ID: "some-id", Status: "failed"}, acctest.Importing("some-id")},
	"suspended":           {civosim.Credential{Name: hostile, AccessKeyID: hostile, ID: "some-id", Suspended: true}, acctest.Importing("some-id")},
	"in another region":   {civosim.Credential{Name: hostile, AccessKeyID: hostile, ID: "some-id", Region: "fra1"}, acctest.Importing("some-id")},
	"ID, imported":        {civosim.Credential{}, acctest.Importing(hostile)},
	"ID, no region":       {civosim.Credential{}, with(noRegion, acctest.Importing(hostile))},
	"several match": {civosim.Credential{Name: "twice", AccessKeyID: hostile}, func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		w.AddCredential(civosim.Credential{Name: "twice", AccessKeyID: hostile})
		return lookingUp(acctest.Object{"name": "twice"})(ctx, w, p)
	}},
	"owns stores": {civosim.Credential{}, func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		i := created(ctx, p, acctest.Object{"name": "some-name"})
		w.AddStore(civosim.Store{Name: hostile, OwnerID: i.Get("id")})
		w.AddStore(civosim.Store{ID: hostile, Name: "nightly", OwnerID: i.Get("id")})
		return second(p.Run(ctx, i, nil))
	}},
	"moved": {civosim.Credential{}, func(ctx context.Context, _ *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		i, _ := p.Move(ctx, officialAddress, officialType, official(civosim.Credential{ID: hostile, Name: hostile}, acctest.Object{"region": "LON1"}))
		return p.Refresh(ctx, i)
	}},
	"code and reason": {civosim.Credential{}, func(ctx context.Context, w *acctest.Env, p *acctest.Driver) acctest.Diagnostics {
		text := strconv.QuoteToASCII("x\u001b[2J\n\u202eApply complete!")
		acctest.Answering("", http.StatusBadRequest, `{"result":"failed","code":`+text+`,"reason":`+text+`}`)(w)
		return lookingUp(acctest.Object{"name": "some-name"})(ctx, w, p)
	}},
}

// lookingUp reads the data source.
func lookingUp(config acctest.Object) acctest.Diagnose {
	return acctest.Reading(acctest.TypeName, config)
}

// Any user of the account can choose names and access key IDs, which must not reach the terminal as they are.
func TestDiagnostics_ForeignTextIsEscaped(t *testing.T) {
	t.Parallel()
	for what, c := range hostileMessages {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := acctest.Simulated(t, civosim.Options{})
			w.AddCredential(c.credential)
			diags := c.do(t.Context(), w, w.Driver(t))
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
			s.Apply(nil)
			if paths.Load() != "" {
				t.Errorf("the destroy deletes %q", paths.Load())
			}
		})
	}
}
