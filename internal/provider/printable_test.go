package provider_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/acctest"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// hostile is a text that clears the screen, begins a line with a message of Terraform and changes the direction of writing.
const hostile = "x\x1b[2J\r\nApply complete!\u202e\u009b31m"

// printable checks that no text can control a terminal or imitate a message. It counts the messages.
type printable struct {
	t     *testing.T
	count int
}

// check checks the result of an operation.
func (p *printable) check(result any, diags acctest.Diagnostics) {
	p.t.Helper()
	p.count += len(diags)
	var texts []string
	for _, one := range diags {
		texts = append(texts, one.Summary, one.Detail)
	}
	switch shown := result.(type) {
	case []string: // the progress of an action
		texts = append(texts, shown...)
	case []acctest.Listed:
		for _, one := range shown {
			texts = append(texts, one.DisplayName)
		}
	}
	isRaw := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
	for _, text := range texts {
		if strings.ContainsFunc(text, isRaw) || strings.Contains(text, "\nApply complete!") {
			p.t.Errorf("a message shows a text as it is: %q", text)
		}
	}
}

// checkOperations checks every operation on a type. The arguments are those of the resource.
func (p *printable) checkOperations(d *acctest.Driver, typeName string, state tftypes.Value, arguments acctest.Object) {
	p.t.Helper()
	ctx, r := p.t.Context(), d.For(typeName)
	instance := r.NewInstance()
	instance.State = state
	for _, config := range []acctest.Object{arguments, {"name": "other"}, {"name": "other", "region": "FRA1"}, {"name": "some-name", "access_key_id": "other"}, nil} {
		planned := *instance
		plan, diags := r.Plan(ctx, &planned, config)
		p.check(nil, diags)
		if plan != nil {
			p.check(nil, r.Apply(ctx, &planned, plan))
		}
	}
	p.check(nil, r.Refresh(ctx, instance))
	p.check(r.Run(ctx, r.NewInstance(), arguments))
	for name, value := range arguments {
		p.check(r.Import(ctx, fmt.Sprint(value)))
		p.check(r.ImportIdentity(ctx, acctest.Object{"id": value, "region": value}))
		if slices.Contains([]string{"id", "name", "region"}, name) {
			p.check(r.Data(ctx, acctest.Object{"name": "some-name", name: value}))
		}
	}
	p.check(r.List(ctx, acctest.Object{"region": arguments["region"]}, 10, true))
	if typeName == acctest.TypeName {
		lookup := acctest.Object{"name": arguments["name"], "region": arguments["region"]}
		p.check(r.Open(ctx, lookup))
		p.check(d.For(typeName+"_rotate").Invoke(ctx, lookup))
	}
}

// Each attribute can contain any text in the state, in the configuration and at Civo. Messages show it without its effects.
func TestDiagnostics_EveryAttributeIsPrintable(t *testing.T) {
	t.Parallel()
	for _, typeName := range []string{"civo_objectstore_credential", "civo_objectstore"} {
		s := acctest.NewScenario(t, civosim.Options{}).Of(typeName)
		s.ApplyOnce(acctest.Object{"name": "some-name"})
		var attributes map[string]tftypes.Value
		if err := s.State.As(&attributes); err != nil {
			t.Fatal(err)
		}
		for name, value := range attributes {
			if !value.Type().Is(tftypes.String) {
				continue
			}
			t.Run(typeName+"."+name, func(t *testing.T) {
				t.Parallel()
				changed := maps.Clone(attributes)
				changed[name] = tftypes.NewValue(tftypes.String, hostile)
				p := &printable{t: t}
				for _, faults := range [][]civosim.Fault{nil, {{Effect: civosim.Effect400}}, {{Effect: civosim.Effect500}}} {
					w := acctest.Simulated(t, civosim.Options{})
					w.Inject(faults...)
					arguments := acctest.Object{"name": "some-name"}.With(acctest.Object{name: hostile})
					p.checkOperations(w.Driver(t), typeName, tftypes.NewValue(s.State.Type(), changed), arguments)
				}
				if name != "status" { // no message contains Civo's, and another one than ready means to wait
					w := acctest.Simulated(t, civosim.Options{RefusedDeletionStatus: http.StatusOK})
					owner := w.AddCredential(civosim.Credential{Name: "some-name", Region: "lon1", Suspended: true})
					w.AddStore(civosim.Store{Name: "some-name", Region: "lon1", OwnerID: owner.ID, ObjectCount: 1})
					d := w.Driver(t, acctest.Object{"api_endpoint": replacing(t, w.URL(), name)})
					p.checkOperations(d, typeName, s.State, acctest.Object{"name": "some-name"})
				}
				if p.count < 10 {
					t.Errorf("only %d messages", p.count)
				}
			})
		}
	}
}

// replacing returns the URL of a server that forwards requests to another one, and replaces a field of the objects in the responses.
func replacing(t *testing.T, target, attribute string) string {
	t.Helper()
	fields := map[string]string{"secret_access_key": "secret_access_key_id", "region": "code", "endpoint": "objectstore_endpoint"}
	name := cmp.Or(fields[attribute], attribute)
	field := regexp.MustCompile(`"` + name + `":("([^"\\]|\\.)*"|[0-9a-z]+)`)
	replaced, jsonErr := json.Marshal(map[string]string{name: hostile})
	parsed, err := url.Parse(target)
	if err = errors.Join(jsonErr, err); err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(parsed) }} // with the server's name
	proxy.ModifyResponse = func(response *http.Response) error {
		body, err := io.ReadAll(response.Body)
		body = field.ReplaceAllLiteral(body, replaced[1:len(replaced)-1])
		response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		response.Header.Del("Content-Length")
		return err
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}
